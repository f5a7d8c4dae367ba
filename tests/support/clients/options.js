// The words of these commands, --name value, and what they print: a JSON object a line, for the test that runs them.
"use strict";
const { parseArgs } = require("util");

function options(...names) {
    const strings = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
    return parseArgs({ options: strings, strict: true }).values;
}

function say(fact) {
    process.stdout.write(JSON.stringify(fact) + "\n");
}

/// What an error says, with its causes: the client's own words.
function words(error) {
    const parts = [];
    for (let one = error; one; one = one.cause) parts.push(`${one.code ?? one.name}: ${one.rawMessage ?? one.details ?? one.message}`);
    return parts.join(" <- ");
}

/// Runs `steps`, a table of name -> async function, in order: {step, result} or {step, error} for each.
async function runSteps(steps, only) {
    const wanted = only ? only.split(",") : Object.keys(steps);
    for (const name of wanted) {
        try {
            say({ step: name, result: (await steps[name]()) ?? null });
        } catch (error) {
            say({ step: name, error: words(error), code: error.code ?? null });
        }
    }
}

/// A name that no other client of the same server takes.
function ownName(word) {
    return `${word}:${process.pid}-${process.hrtime.bigint()}`;
}

module.exports = { options, say, words, ownName, runSteps };
