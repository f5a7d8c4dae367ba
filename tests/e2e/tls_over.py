"""TLS from memory, over whatever carries bytes: a stream of HTTP/2, or a socket; and a relay that lends it to clients without TLS."""
import select
import ssl

from clients import Ended, Http1Client, connect
from origin.listening import Listening

PATIENCE = 20  # seconds


def client_context(ca, alpn):
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(list(alpn))
    return context


class TlsOver:
    """`carrier` has send(bytes) and read() -> bytes, b"" at the end. Used as a socket is: recv, sendall, close."""

    def __init__(self, carrier, ca, alpn=("http/1.1",), name="origin.test"):
        self._carrier = carrier
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = client_context(ca, alpn).wrap_bio(self._in, self._out, server_hostname=name)
        self._pump(self.tls.do_handshake)

    def _pump(self, action):
        while True:
            try:
                result = action()
                self._flush()
                return result
            except ssl.SSLWantReadError:
                self._flush()
                data = self._carrier.read()
                if not data:
                    raise Ended from None
                self._in.write(data)

    def _flush(self):
        if data := self._out.read():
            self._carrier.send(data)

    def recv(self, size):
        return self._pump(lambda: self.tls.read(size))

    def sendall(self, data):
        self._pump(lambda: self.tls.write(data))

    def close(self):
        self._carrier.end()


class Http1OverTls(Http1Client):
    """Http1Client, whose connection is given."""

    def __init__(self, stream, host="origin.test"):
        self.sock, self._waiting = stream, b""
        self._host, self._absolute = host, ""


def tunnelled(port, ca, alpn, target="origin.test:443"):
    """A TLS socket to `target`, by CONNECT to the proxy on `port`."""
    sock = connect(port)
    sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += sock.recv(1)
    assert head.startswith(b"HTTP/1.1 200 "), head
    return client_context(ca, alpn).wrap_socket(sock, server_hostname=target.rpartition(":")[0])


def to_the_proxy(port, ca, alpn):
    """A TLS socket to the proxy itself."""
    return client_context(ca, alpn).wrap_socket(connect(port), server_hostname="localhost")


class Relay(Listening):
    """A port that lends TLS to a client without it: Relay(lend).port; lend() makes the TLS socket of each connection."""

    def __init__(self, lend):
        self._lend = lend
        super().__init__(self._run)

    def _run(self, plain):
        with self._lend() as secure:
            while True:
                ready = [secure] if secure.pending() else select.select([plain, secure], [], [])[0]
                for source, target in ((plain, secure), (secure, plain)):
                    if source in ready:
                        data = source.recv(65536)
                        if not data:
                            return
                        target.sendall(data)
