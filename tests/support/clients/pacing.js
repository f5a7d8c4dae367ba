// Who waits for whom in the Echo service (echo.proto): counters by name that grow, and promises of a height. Each client
// takes names of its own, so that a server can serve many.
"use strict";

class Counter {
    constructor() {
        this.count = 0;
        this.waiting = [];
    }

    grow() {
        this.count += 1;
        this.waiting = this.waiting.filter(({ height, resolve }) => height > this.count || resolve());
    }

    reaches(height) {
        return new Promise((resolve) => {
            if (this.count >= height) resolve();
            else this.waiting.push({ height, resolve });
        });
    }
}

class Counters {
    constructor() {
        this.named = new Map();
    }

    of(name) {
        if (!this.named.has(name)) this.named.set(name, new Counter());
        return this.named.get(name);
    }
}

module.exports = { seen: new Counters(), arrived: new Counters(), cancelled: new Counters() };
