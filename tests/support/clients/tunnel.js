// A CONNECT tunnel and TLS in it, as an app that brings its own proxy support makes them.
"use strict";
const http = require("http");
const tls = require("tls");

/// The TLS socket to HOST:PORT through the proxy, once the handshake is done.
function throughProxy(proxy, host, port, { ca, alpn }) {
    return new Promise((resolve, reject) => {
        const { hostname, port: proxyPort } = new URL(proxy);
        const target = `${host}:${port}`;
        const request = http.request({ host: hostname, port: proxyPort, method: "CONNECT", path: target, headers: { host: target } });
        request.on("error", reject);
        request.on("connect", (response, socket) => {
            if (response.statusCode !== 200) return reject(new Error(`CONNECT: ${response.statusCode}`));
            const secure = tls.connect({ socket, servername: host, ca, ALPNProtocols: alpn }, () => resolve(secure));
            secure.on("error", reject);
        });
        request.end();
    });
}

module.exports = { throughProxy };
