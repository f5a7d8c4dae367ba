// The ws client through https-proxy-agent: --url URL --proxy URL --ca FILE. Each line of stdin is a message; each answer is
// printed as {message}. It closes at the end of stdin.
"use strict";
const fs = require("fs");
const readline = require("readline");
const WebSocket = require("ws");
const { HttpsProxyAgent } = require("https-proxy-agent");
const { options, say, words } = require("./options");

const { url, proxy, ca } = options("url", "proxy", "ca");
const trusted = fs.readFileSync(ca);
const socket = new WebSocket(url, { agent: new HttpsProxyAgent(proxy, { ca: trusted }), ca: trusted, perMessageDeflate: false });

socket.on("open", () => {
    say({ open: true });
    const lines = readline.createInterface({ input: process.stdin });
    lines.on("line", (line) => socket.send(line));
    lines.on("close", () => socket.close(1000));
});
socket.on("message", (data) => say({ message: data.toString() }));
socket.on("close", (code) => {
    say({ closed: code });
    process.exit();
});
socket.on("error", (error) => say({ error: words(error) }));
