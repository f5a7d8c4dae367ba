// The Echo service by connect-node over TLS, h2 and http/1.1: --cert FILE --key FILE. Prints {port} when it listens.
// It answers Connect, gRPC and gRPC-Web alike.
"use strict";
const fs = require("fs");
const http2 = require("http2");
const { Code, ConnectError } = require("@connectrpc/connect");
const { connectNodeAdapter } = require("@connectrpc/connect-node");
const { connectService } = require("./echo_service");
const { options, say } = require("./options");
const pacing = require("./pacing");

const { cert, key } = options("cert", "key");

function whenCancelled(context, text) {
    return new Promise((resolve) => context.signal.addEventListener("abort", () => {
        pacing.cancelled.of(text).grow();
        resolve();
    }));
}

function adorn(context) {
    context.responseHeader.set("x-initial", "1");
    context.responseTrailer.set("x-trailing", "2");
}

const methods = {
    async unary(piece, context) {
        if (piece.text === "fail") throw new ConnectError("it is wrong: ä%", Code.FailedPrecondition, { "x-trailing": "2" });
        adorn(context);
        if (piece.text.startsWith("wait:")) {
            await whenCancelled(context, piece.text);
            throw new ConnectError("it took too long", Code.DeadlineExceeded);
        }
        return piece;
    },

    async up(pieces, context) {
        adorn(context);
        let text = "";
        for await (const piece of pieces) {
            text += piece.text;
            pacing.arrived.of(context.requestHeader.get("x-stream")).grow();
        }
        return { text };
    },

    async *down({ text, number }, context) {
        adorn(context);
        const cancelled = whenCancelled(context, text);
        for (let at = 0; at < number; at += 1) {
            await pacing.seen.of(text).reaches(at);
            yield { text, number: at };
        }
        if (text.startsWith("hold:")) await cancelled;
    },

    async *both(pieces, context) {
        adorn(context);
        yield* pieces;
    },

    seen({ text }) {
        pacing.seen.of(text).grow();
        return {};
    },

    async arrived({ text, number }) {
        await pacing.arrived.of(text).reaches(number);
        return {};
    },

    async cancelled({ text }) {
        await pacing.cancelled.of(text).reaches(1);
        return {};
    },
};

const handler = connectNodeAdapter({ routes: (router) => router.service(connectService(), methods) });
const server = http2.createSecureServer({ cert: fs.readFileSync(cert), key: fs.readFileSync(key), allowHTTP1: true }, handler);
server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));
