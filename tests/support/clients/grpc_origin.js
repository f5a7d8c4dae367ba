// The Echo service by grpc-js over TLS: --cert FILE --key FILE. Prints {port} when it listens.
"use strict";
const fs = require("fs");
const grpc = require("@grpc/grpc-js");
const { grpcService } = require("./echo_service");
const { options, say } = require("./options");
const pacing = require("./pacing");

const { cert, key } = options("cert", "key");

function metadata(pairs) {
    const made = new grpc.Metadata();
    for (const [name, value] of Object.entries(pairs)) made.set(name, value);
    return made;
}

const trailing = () => metadata({ "x-trailing": "2", "x-trailing-bin": Buffer.from([0, 255]) });

function failure() {
    return { code: grpc.status.FAILED_PRECONDITION, details: "it is wrong: ä%", metadata: trailing() };
}

const methods = {
    Unary(call, answer) {
        const { text } = call.request;
        call.sendMetadata(metadata({ "x-initial": "1" }));
        if (text === "fail") return answer(failure());
        if (text.startsWith("wait:")) return call.on("cancelled", () => pacing.cancelled.of(text).grow());
        answer(null, call.request, trailing());
    },

    Up(call, answer) {
        const [name] = call.metadata.get("x-stream");
        const texts = [];
        call.on("data", ({ text }) => {
            texts.push(text);
            pacing.arrived.of(name).grow();
        });
        call.on("end", () => answer(null, { text: texts.join("") }, trailing()));
    },

    async Down(call) {
        const { text, number } = call.request;
        call.on("cancelled", () => pacing.cancelled.of(text).grow());
        for (let at = 0; at < number; at += 1) {
            await pacing.seen.of(text).reaches(at);
            call.write({ text, number: at });
        }
        if (!text.startsWith("hold:")) call.end(trailing());
    },

    Both(call) {
        call.on("data", (piece) => call.write(piece));
        call.on("end", () => call.end(trailing()));
    },

    Seen(call, answer) {
        pacing.seen.of(call.request.text).grow();
        answer(null, {});
    },

    async Arrived(call, answer) {
        await pacing.arrived.of(call.request.text).reaches(call.request.number);
        answer(null, {});
    },

    async Cancelled(call, answer) {
        await pacing.cancelled.of(call.request.text).reaches(1);
        answer(null, {});
    },
};

const server = new grpc.Server();
server.addService(grpcService, methods);
const identity = [{ cert_chain: fs.readFileSync(cert), private_key: fs.readFileSync(key) }];
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createSsl(null, identity), (error, port) => {
    if (error) throw error;
    say({ port });
});
