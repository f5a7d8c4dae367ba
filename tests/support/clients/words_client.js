// What the clients of Node say when a host cannot be reached: --client https|fetch|grpc-js --proxy URL --ca FILE, and on each
// line of stdin a host and a patience in milliseconds. All at once; prints {host, words} for each.
"use strict";
const fs = require("fs");
const https = require("https");
const readline = require("readline");
const { options, say, words } = require("./options");

const { client, proxy, ca: file } = options("client", "proxy", "ca");
const ca = fs.readFileSync(file);

/// Each resolves to the status of the answer; or to "waits", where it has no words for a time limit.
const clients = {
    https(host, patience) {
        const { HttpsProxyAgent } = require("https-proxy-agent");
        return new Promise((resolve, reject) => {
            const agent = new HttpsProxyAgent(proxy, { ca });
            const request = https.get(`https://${host}/`, { agent, ca, timeout: patience }, (response) => {
                response.on("error", reject).on("end", () => resolve(response.statusCode)).resume();
            });
            request.on("error", reject).on("timeout", () => resolve("waits"));
        });
    },

    async fetch(host, patience) {
        const { fetch, ProxyAgent } = require("undici");
        const dispatcher = new ProxyAgent({ uri: proxy, requestTls: { ca } });
        const response = await fetch(`https://${host}/`, { dispatcher, signal: AbortSignal.timeout(patience) });
        await response.text();
        return response.status;
    },

    /// It finds the proxy in its environment.
    "grpc-js"(host, patience) {
        const grpc = require("@grpc/grpc-js");
        const { grpcService } = require("./echo_service");
        const Echo = grpc.makeGenericClientConstructor(grpcService, "Echo");
        const echo = new Echo(`${host}:443`, grpc.credentials.createSsl(ca), { "grpc.enable_retries": 0 });
        return new Promise((resolve, reject) => {
            const call = echo.Unary({ text: "hello" }, { deadline: Date.now() + patience }, (error) => {
                if (error) reject(error);
                else resolve(200);
            });
        });
    },
};

const answered = (status) => ({ 200: "works", waits: "waits" })[status] ?? `HTTP ${status}`;
const failed = (error) => (error.details === undefined ? words(error) : error.message); // of gRPC, or any other

async function ask(line) {
    const [host, patience] = line.split(" ");
    say({ host, words: await clients[client](host, Number(patience)).then(answered, failed) });
}

setInterval(() => {}, 1000); // not every time limit keeps Node alive
const asked = [];
readline.createInterface({ input: process.stdin })
    .on("line", (line) => asked.push(ask(line)))
    .on("close", () => Promise.all(asked).then(() => process.exit()));
