// A grpc-js client of the Echo service: --target HOST:PORT [--ca FILE] [--steps a,b]. Without an authority it speaks h2c.
// The proxy comes from the environment (https_proxy, grpc_proxy), as for any app. Prints {step, result | error} for each.
"use strict";
const fs = require("fs");
const grpc = require("@grpc/grpc-js");
const { grpcService } = require("./echo_service");
const { options, ownName, runSteps } = require("./options");

const { target, ca, authority, steps: only } = options("target", "ca", "authority", "steps");

const credentials = ca ? grpc.credentials.createSsl(fs.readFileSync(ca)) : grpc.credentials.createInsecure();
const Echo = grpc.makeGenericClientConstructor(grpcService, "Echo");
const client = new Echo(target, credentials, { "grpc.enable_retries": 0, ...(authority && { "grpc.default_authority": authority }) });

const PATIENCE = 45000; // milliseconds
const patient = () => ({ deadline: Date.now() + PATIENCE });

/// Metadata as JSON can say it.
function plain(metadata) {
    const text = (value) => (Buffer.isBuffer(value) ? value.toString("hex") : value);
    return Object.fromEntries(Object.entries(metadata?.getMap() ?? {}).map(([name, value]) => [name, text(value)]));
}

/// The answer of a call without a stream in its response; `start` gets the callback.
function answered(start) {
    return new Promise((resolve, reject) => {
        const facts = {};
        const call = start((error, response) => {
            if (error) reject(error);
            else setImmediate(() => resolve({ ...response, data: response.data?.length, ...facts }));
        });
        call.on("metadata", (metadata) => (facts.initial = plain(metadata)));
        call.on("status", (status) => Object.assign(facts, { status: status.code, trailing: plain(status.metadata) }));
    });
}

const unary = (method, message, when = patient()) => answered((done) => client[method](message, new grpc.Metadata(), when, done));

/// The status of a call whose response is a stream; onPiece(piece) for each message.
function streamed(call, onPiece) {
    return new Promise((resolve, reject) => {
        call.on("data", (piece) => Promise.resolve(onPiece(piece)).catch(reject));
        call.on("error", reject);
        call.on("status", (status) => status.code || resolve({ status: status.code, trailing: plain(status.metadata) }));
    });
}

const steps = {
    unary: () => unary("Unary", { text: "hello" }),
    large: () => unary("Unary", { text: "large", data: Buffer.alloc(2000000, "pattern") }),
    error: () => unary("Unary", { text: "fail" }).catch(({ code, details, metadata }) => ({ code, details, trailing: plain(metadata) })),

    unknown() {
        const bytes = (value) => value;
        const call = (done) => client.makeUnaryRequest("/test.Echo/Nothing", bytes, bytes, Buffer.alloc(0), new grpc.Metadata(), patient(), done);
        return answered(call);
    },

    async up() {
        const name = ownName("up");
        const metadata = new grpc.Metadata();
        metadata.set("x-stream", name);
        let call;
        const answer = answered((done) => (call = client.Up(metadata, patient(), done)));
        for (const [at, text] of ["a", "b", "", "c"].entries()) {
            call.write({ text });
            await Promise.race([unary("Arrived", { text: name, number: at + 1 }), answer]);
        }
        call.end();
        return answer;
    },

    async down() {
        const text = ownName("down");
        const numbers = [];
        const status = await streamed(client.Down({ text, number: 4 }, patient()), ({ number }) => {
            numbers.push(number);
            return unary("Seen", { text });
        });
        return { numbers, ...status };
    },

    async both() {
        const texts = [];
        const call = client.Both(patient());
        const say = () => (texts.length < 5 ? call.write({ text: String(texts.length) }) : call.end());
        const ended = streamed(call, ({ text }) => {
            texts.push(text);
            say();
        });
        say();
        return { ...(await ended), texts };
    },

    async deadline() {
        const text = ownName("wait");
        const failed = await unary("Unary", { text }, { deadline: Date.now() + 1000 }).catch((error) => error);
        await unary("Cancelled", { text });
        return { code: failed.code };
    },

    async cancel() {
        const text = ownName("hold");
        const call = client.Down({ text, number: 1 }, patient());
        const failed = await streamed(call, () => call.cancel()).catch((error) => error);
        await unary("Cancelled", { text });
        return { code: failed.code };
    },
};

runSteps(steps, only).then(() => client.close());
