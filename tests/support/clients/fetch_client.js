// Node's fetch by undici's ProxyAgent: --url URL --proxy URL --ca FILE [--h2 yes] [--upload BYTES] [--stream yes].
// Prints {status, body}, or with --stream each {piece} as it comes.
"use strict";
const fs = require("fs");
const { fetch, ProxyAgent } = require("undici");
const { options, say, words } = require("./options");

const { url, proxy, ca, h2, upload, stream } = options("url", "proxy", "ca", "h2", "upload", "stream");
const allowH2 = Boolean(h2);
const dispatcher = new ProxyAgent({ uri: proxy, requestTls: { ca: fs.readFileSync(ca), allowH2 }, allowH2 });

async function main() {
    const body = upload ? Buffer.alloc(Number(upload), "pattern") : undefined;
    const response = await fetch(url, { dispatcher, method: body ? "POST" : "GET", body });
    if (!stream) return say({ status: response.status, body: await response.text() });
    say({ status: response.status });
    for await (const piece of response.body) say({ piece: Buffer.from(piece).toString() });
    say({ ended: true });
}

main().catch((error) => say({ error: words(error) })).finally(() => process.exit());
