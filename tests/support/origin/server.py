"""The origin: a thread a connection, which acts by the first rule that matches its ClientHello, or serves the site."""
import dataclasses
import itertools
import socket
import ssl
import threading

from . import http1, http2, site
from .client_hello import ClientHello, NotTls
from .listening import Listening
from .rules import ERROR_CODES
from .tls_socket import Cut, TlsSocket, read_hello, reset

GARBAGE = bytes(range(255, 0, -1)) * 3
PLAIN_HTTP = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclasses.dataclass
class Seen:
    """What one connection showed. `requests`: (method, path, authority)."""
    number: int
    hello: ClientHello = None
    wire: bytes = b""
    did: str = None
    negotiated: dict = None
    requests: list = dataclasses.field(default_factory=list)
    ambiguous: bool = False

    def as_json(self):
        return {"connection": self.number, "client_hello": self.hello and self.hello.as_json(), "did": self.did,
                "negotiated": self.negotiated}


def server_context(identity, alpn=("h2", "http/1.1"), configure=None):
    """configure(context) for whatever the test wants otherwise."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if configure:
        configure(context)
    context.load_cert_chain(identity.cert, identity.key)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    return context


class Origin(Listening):
    """Listens from the start until stop(). Without `identity` it speaks plain HTTP. `resources`: more of what site.py has."""

    def __init__(self, identity=None, rules=(), port=0, alpn=("h2", "http/1.1"), configure=None, log=lambda line: None,
                 window=1 << 20, extended_connect=True, resources=()):
        self._context = server_context(identity, alpn, configure) if identity else None
        self.rules, self._log = list(rules), log
        self._h2 = {"window": window, "extended_connect": extended_connect}
        self.streams, self.resources = site.Streams(), dict(resources)
        self.connections = []
        self.news = threading.Condition()
        self._numbers = itertools.count(1)
        super().__init__(self._run, port, failures=(Cut, NotTls, OSError))

    @property
    def hellos(self):
        return [seen.hello for seen in self.connections if seen.hello]

    @property
    def requests(self):
        return [request for seen in self.connections for request in seen.requests]

    def wait_for(self, condition, patience=60):
        """Until condition(self), which is looked at whenever something happened."""
        with self.news:
            assert self.news.wait_for(lambda: condition(self), patience), f"the origin saw {self.connections}"

    def _run(self, sock):
        seen = Seen(next(self._numbers))
        self._add(seen)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Conversation(self, sock, seen).run()
        except http1.Ambiguous:
            seen.ambiguous = True
        finally:
            self.changed()

    def _add(self, seen):
        with self.news:
            self.connections.append(seen)
            self.news.notify_all()

    def changed(self):
        with self.news:
            self.news.notify_all()

    def log(self, line):
        self._log(line)

    def connection_settings(self):
        return self._h2

    def context(self):
        return self._context


class Conversation:
    """One connection, from its first byte."""

    def __init__(self, origin, sock, seen):
        self._origin, self._sock, self._seen = origin, sock, seen
        self._rule = None

    def run(self):
        if not self._origin.context():
            return self._serve_plain()
        hello, wire = read_hello(self._sock)
        self._seen.hello, self._seen.wire = hello, wire
        self._origin.changed()
        if hello is None:
            return
        self._rule = next((rule for rule in self._origin.rules if rule.matches(hello, self._seen.number)), None)
        if self._at("client_hello"):
            return self._act(self._sock)
        tls = TlsSocket(self._sock, self._origin.context(), wire)
        if not self._handshake(tls):
            return
        self._seen.negotiated = tls.about()
        self._told()
        if self._at("finished"):
            return self._act(tls)
        if tls.alpn() == "h2":
            self._serve_h2(tls)
        else:
            http1.Connection(tls, self._seen.number).run(self._serve, self._on_request_http1(tls))
            tls.close()

    def _serve_plain(self):
        start = self._sock.recv(len(http2.PREFACE), socket.MSG_PEEK)
        stream = PlainSocket(self._sock)
        if start.startswith(b"PRI "):
            http2.Connection(stream, self._seen.number, **self._origin.connection_settings()).run(self._serve, self._note)
        else:
            http1.Connection(stream, self._seen.number).run(self._serve, self._note)

    def _handshake(self, tls):
        flight = tls.first_flight()
        for stage, size in (("server_hello", first_record(flight)), ("flight", len(flight))):
            if self._at(stage):
                self._sock.sendall(flight[:size])
                self._act(self._sock)
                return False
        self._sock.sendall(flight)
        tls.handshake()
        return True

    def _serve_h2(self, tls):
        received = b""
        if self._at("preface"):
            while len(received) < len(http2.PREFACE):
                data = tls.recv()
                if not data:
                    raise Cut
                received += data
            return self._act(tls)
        connection = http2.Connection(tls, self._seen.number, **self._origin.connection_settings())

        def on_request(call):
            self._note(call)
            if not self._at("request"):
                return True
            if self._rule.action == "rst-stream":
                call.reset = True
                connection.h2.reset_stream(call.stream, ERROR_CODES[self._rule.parameters[0]])
                self._done()
                return True
            connection.flush()
            self._act(tls)
            return False

        connection.run(self._serve, on_request, received)
        tls.close()

    def _on_request_http1(self, tls):
        def on_request(call):
            self._note(call)
            if self._at("request"):
                self._act(tls)
                return False
            return True

        return on_request

    def _serve(self, call):
        site.serve(call, self._origin.streams, self._origin.resources)

    def _note(self, call):
        self._seen.requests.append((call.method, call.path, call.authority))
        self._origin.changed()
        self._origin.log({"connection": self._seen.number, "request": [call.method, call.path, call.authority]})
        return True

    def _at(self, stage):
        return self._rule is not None and self._rule.stage == stage

    def _done(self):
        self._seen.did = str(self._rule)
        self._told()

    def _told(self):
        self._origin.log(self._seen.as_json())
        self._origin.changed()

    def _act(self, stream):
        """`stream`: the bare socket before the handshake is over, TLS after it."""
        action, parameters = self._rule.action, self._rule.parameters
        self._done()
        if action == "alert":
            level = 1 if parameters[1:] == ["warning"] else 2
            stream.sendall(bytes([21, 3, 3, 0, 2, level, int(parameters[0])]))
        elif action == "garbage":
            stream.sendall(GARBAGE)
        elif action == "plain-http":
            stream.sendall(PLAIN_HTTP)
        elif action == "goaway":
            stream.sendall(http2.settings_frame() * self._at("preface") + http2.goaway_frame(0, ERROR_CODES[parameters[0]]))
        elif action == "reset":
            return reset(self._sock)
        elif action == "silence":
            while self._sock.recv(65536):
                pass
            return
        self._linger()

    def _linger(self):
        """Closes so that what was sent is read before, not lost to an RST."""
        self._sock.shutdown(socket.SHUT_WR)
        self._sock.settimeout(10)
        while self._sock.recv(65536):
            pass


class PlainSocket:
    def __init__(self, sock):
        self._sock = sock

    def recv(self, size=65536):
        try:
            return self._sock.recv(size)
        except OSError:
            return b""

    def sendall(self, data):
        self._sock.sendall(data)


def first_record(data):
    return 5 + int.from_bytes(data[3:5], "big")
