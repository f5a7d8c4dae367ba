"""The origin's HTTP/1.1. Strict: what is ambiguous is noted, so that a test can tell that it got here."""
from .tls_socket import Cut


class Ambiguous(Exception):
    pass


class Call:
    protocol, scheme = "http/1.1", None

    def __init__(self, connection, number, method, path, fields):
        self._connection, self.connection = connection, number
        self.method, self.path, self.fields = method, path, fields
        self.authority = dict(fields).get("host")
        self.trailers = []
        self._body = self._pieces()
        self._expects = dict(fields).get("expect", "").lower() == "100-continue"
        self._chunked_out = False
        self.switched = False
        self.body_read = False

    def read(self):
        """The next piece of the body; b"" at its end."""
        if self.switched:
            return self._connection.some()
        if self._expects:
            self._expects = False
            self.inform(100, [])
        return next(self._body, b"")

    def _pieces(self):
        fields = dict(self.fields)
        if fields.get("transfer-encoding", "").lower() == "chunked":
            while size := int(self._connection.line().split(b";")[0], 16):
                while size:
                    piece = self._connection.some(size)
                    if not piece:
                        raise Cut
                    size -= len(piece)
                    yield piece
                self._connection.line()
            self.trailers = self._connection.fields()
        else:
            left = int(fields.get("content-length", 0))
            while left:
                piece = self._connection.some(left)
                if not piece:
                    raise Cut
                left -= len(piece)
                yield piece
        self.body_read = True

    def inform(self, status, fields):
        self._head(status, fields)

    def switch(self, protocol, fields):
        self.switched = True
        self._head(101, [("connection", "Upgrade"), ("upgrade", protocol), *fields])

    def start(self, status, fields, length=None, no_body=False):
        self._chunked_out = length is None and not no_body
        framing = [] if no_body else [("transfer-encoding", "chunked")] if length is None else [("content-length", str(length))]
        self._head(status, [*fields, *framing])

    def _head(self, status, fields):
        lines = [f"HTTP/1.1 {status} Scripted"] + [f"{name}: {value}" for name, value in fields]
        self._connection.stream.sendall("\r\n".join(lines + ["", ""]).encode())

    def write(self, data):
        if self.method != "HEAD" and data:
            self._connection.stream.sendall(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked_out else data)

    def end(self, data=b"", trailers=()):
        self.write(data)
        if self._chunked_out and self.method != "HEAD":
            lines = "".join(f"{name}: {value}\r\n" for name, value in trailers)
            self._connection.stream.sendall(f"0\r\n{lines}\r\n".encode())


class Connection:
    """Serves one request after the other until the peer leaves."""

    def __init__(self, stream, number):
        self.stream, self.number = stream, number
        self._waiting = b""

    def run(self, serve, on_request):
        while True:
            try:
                call = self._next_call()
            except Cut:
                return
            if not on_request(call):
                return
            serve(call)
            if call.switched or dict(call.fields).get("connection") == "close":
                return
            if not call.body_read and not self._skip(call):
                return

    def _skip(self, call):
        """False: the peer was never told to send its body, and the connection is of no more use."""
        if call._expects:
            return False
        while call.read():
            pass
        return True

    def _next_call(self):
        method, path, version = self.line().decode("latin-1").split(" ")
        fields = self.fields()
        names = [name for name, _ in fields]
        if version != "HTTP/1.1" or names.count("content-length") + names.count("transfer-encoding") > 1:
            raise Ambiguous(fields)
        return Call(self, self.number, method, path, fields)

    def line(self):
        while b"\r\n" not in self._waiting:
            self._more()
        line, _, self._waiting = self._waiting.partition(b"\r\n")
        return line

    def fields(self):
        found = []
        while line := self.line():
            name, _, value = line.decode("latin-1").partition(":")
            found.append((name.lower(), value.strip()))
        return found

    def some(self, most=65536):
        if not self._waiting:
            self._waiting = self.stream.recv()
        piece, self._waiting = self._waiting[:most], self._waiting[most:]
        return piece

    def _more(self):
        data = self.stream.recv()
        if not data:
            raise Cut
        self._waiting += data
