// A connect-node client of the Echo service: --base URL [--http 1.1|2] [--protocol connect|grpc] [--proxy URL --ca FILE]
// [--steps a,b]. Through a proxy it makes its own tunnel, as connect-node takes no proxy settings.
"use strict";
const fs = require("fs");
const { createClient } = require("@connectrpc/connect");
const { createConnectTransport, createGrpcTransport } = require("@connectrpc/connect-node");
const { HttpsProxyAgent } = require("https-proxy-agent");
const { connectService } = require("./echo_service");
const { options, ownName, runSteps, say, words } = require("./options");
const { throughProxy } = require("./tunnel");

const { base, http = "2", protocol = "connect", proxy, ca, steps: only } = options("base", "http", "protocol", "proxy", "ca", "steps");

const PATIENCE = 45000; // milliseconds
const patient = (more) => ({ timeoutMs: PATIENCE, ...more });

async function nodeOptions() {
    if (!proxy) return {};
    const trusted = fs.readFileSync(ca);
    if (http === "1.1") return { agent: new HttpsProxyAgent(proxy, { keepAlive: true, ca: trusted }), ca: trusted };
    const { hostname, port } = new URL(base);
    const socket = await throughProxy(proxy, hostname, port || 443, { ca: trusted, alpn: ["h2"] });
    return { createConnection: () => socket };
}

function stepsOf(client) {
    /// A unary call with what came around it.
    async function unary(method, message, more) {
        const facts = {};
        const response = await client[method](message, patient({
            onHeader: (fields) => (facts.initial = fields.get("x-initial")),
            onTrailer: (fields) => (facts.trailing = fields.get("x-trailing")),
            ...more,
        }));
        return { text: response.text, data: response.data.length, ...facts };
    }

    return {
        unary: () => unary("unary", { text: "hello" }),
        large: () => unary("unary", { text: "large", data: new Uint8Array(2000000).fill(7) }),
        error: () => unary("unary", { text: "fail" }).catch(({ code, rawMessage, metadata }) => (
            { code, details: rawMessage, trailing: metadata.get("x-trailing") })),

        async up() {
            const name = ownName("up");
            async function* pieces() {
                for (const [at, text] of ["a", "b", "", "c"].entries()) {
                    yield { text };
                    await client.arrived({ text: name, number: at + 1 }, patient());
                }
            }
            const { text } = await client.up(pieces(), patient({ headers: { "x-stream": name } }));
            return { text };
        },

        async down() {
            const name = ownName("down");
            const numbers = [];
            let trailing;
            const onTrailer = (fields) => (trailing = fields.get("x-trailing"));
            for await (const { number } of client.down({ text: name, number: 4 }, patient({ onTrailer }))) {
                numbers.push(number);
                await client.seen({ text: name }, patient());
            }
            return { numbers, trailing };
        },

        async both() {
            const texts = [];
            let next;
            let ready = Promise.resolve();
            async function* pieces() {
                for (let at = 0; at < 5; at += 1) {
                    await ready;
                    ready = new Promise((resolve) => (next = resolve));
                    yield { text: String(at) };
                }
            }
            for await (const { text } of client.both(pieces(), patient())) {
                texts.push(text);
                next();
            }
            return { texts };
        },

        async deadline() {
            const text = ownName("wait");
            const failed = await unary("unary", { text }, { timeoutMs: 1000 }).catch((error) => error);
            await client.cancelled({ text }, patient());
            return { code: failed.code };
        },

        async cancel() {
            const text = ownName("hold");
            const stop = new AbortController();
            const failed = await (async () => {
                for await (const _ of client.down({ text, number: 1 }, patient({ signal: stop.signal }))) stop.abort();
            })().catch((error) => error);
            await client.cancelled({ text }, patient());
            return { code: failed.code };
        },
    };
}

async function main() {
    const create = protocol === "grpc" ? createGrpcTransport : createConnectTransport;
    const transport = create({ baseUrl: base, httpVersion: http, useBinaryFormat: true, nodeOptions: await nodeOptions() });
    await runSteps(stepsOf(createClient(connectService(), transport)), only);
}

main().catch((error) => say({ step: "connection", error: words(error), code: error.code ?? null })).finally(() => process.exit());
