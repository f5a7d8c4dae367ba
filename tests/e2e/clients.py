"""HTTP/1.1 and HTTP/2 clients that show what curl hides: pieces as they come, trailers, interim responses, raw bytes.

Both are used alike: client.open("POST", "/path", fields) -> exchange; exchange.send(), end(), head(), read(), body().
"""
import contextlib
import dataclasses
import socket

import h2.config
import h2.connection
import h2.events
import h2.settings

PATIENCE = 20  # seconds; long for a sanitizer on a busy machine, short for one who waits for a test that fails


def connect(port):
    sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def raw(port, data):
    """Sends `data`, and returns all that comes back until the connection ends, or until an answer is complete."""
    with connect(port) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := sock.recv(65536):
                answer += piece
        return answer


@dataclasses.dataclass
class Response:
    status: int
    fields: list
    body: bytes
    trailers: list
    interim: list  # (status, fields)

    def field(self, name):
        values = [value for key, value in self.fields if key == name]
        assert len(values) <= 1, values
        return values[0] if values else None


class Ended(Exception):
    """The connection or the stream was cut."""


class Http1Client:
    name = "h1"

    def __init__(self, port, host="origin.test", absolute=""):
        self.sock, self._waiting = connect(port), b""
        self._host, self._absolute = host, absolute

    def close(self):
        self.sock.close()

    def open(self, method, path, fields=(), length=None, body=True):
        """`length`: Content-Length; without it, a body is chunked. body=False: there is none."""
        lines = [f"{method} {self._absolute}{path} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in fields]
        chunked = body and length is None
        lines += ["Transfer-Encoding: chunked"] * chunked + [f"Content-Length: {length}"] * (length is not None)
        self.sock.sendall("\r\n".join([*lines, "", ""]).encode())
        return Http1Exchange(self, method, chunked)

    def request(self, method, path, fields=(), body=None, trailers=()):
        exchange = self.open(method, path, fields, length=None if trailers or body is None else len(body), body=body is not None)
        if body is not None:
            exchange.send(body)
            exchange.end(trailers)
        return exchange.response()

    def more(self):
        data = self.sock.recv(65536)
        if not data:
            raise Ended
        self._waiting += data

    def line(self):
        while b"\r\n" not in self._waiting:
            self.more()
        line, _, self._waiting = self._waiting.partition(b"\r\n")
        return line.decode("latin-1")

    def fields(self):
        found = []
        while line := self.line():
            name, _, value = line.partition(": ")
            found.append((name.lower(), value))
        return found

    def some(self, most):
        if not self._waiting:
            self.more()
        piece, self._waiting = self._waiting[:most], self._waiting[most:]
        return piece


class Http1Exchange:
    def __init__(self, client, method, chunked):
        self._client, self._method, self._chunked = client, method, chunked
        self.interim, self.trailers = [], []
        self._pieces = None

    def send(self, data):
        self._client.sock.sendall(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)

    def end(self, trailers=()):
        if self._chunked:
            lines = "".join(f"{name}: {value}\r\n" for name, value in trailers)
            self._client.sock.sendall(f"0\r\n{lines}\r\n".encode())

    def head(self):
        """(status, fields) of the final response."""
        while True:
            version, status, *_ = self._client.line().split(" ")
            assert version == "HTTP/1.1"
            status, fields = int(status), self._client.fields()
            if status >= 200 or status == 101:
                self._pieces = self._body(status, dict(fields))
                return status, fields
            self.interim.append((status, fields))

    def wait_interim(self):
        """The next interim response."""
        status = int(self._client.line().split(" ")[1])
        self.interim.append((status, self._client.fields()))
        return self.interim[-1]

    def _body(self, status, fields):
        if status == 101:
            while True:
                try:
                    yield self._client.some(65536)
                except Ended:
                    return
        if self._method == "HEAD" or status in (204, 304):
            return
        if "transfer-encoding" in fields:
            while size := int(self._client.line().split(";")[0], 16):
                while size:
                    piece = self._client.some(size)
                    size -= len(piece)
                    yield piece
                self._client.line()
            self.trailers = self._client.fields()
        elif "content-length" in fields:
            left = int(fields["content-length"])
            while left:
                piece = self._client.some(left)
                left -= len(piece)
                yield piece
        else:
            with contextlib.suppress(Ended):
                while True:
                    yield self._client.some(65536)

    def read(self):
        return next(self._pieces, b"")

    def body(self):
        return b"".join(self._pieces)

    def response(self):
        status, fields = self.head()
        return Response(status, fields, self.body(), self.trailers, self.interim)

    def switch(self):
        """What was said is no HTTP any more."""
        self._chunked = False


class Http2Client:
    """By prior knowledge. `window`: what a stream may send before it is read."""
    name = "h2"

    def __init__(self, port, authority="origin.test", scheme="http", window=1 << 20):
        self.sock = connect(port)
        self.authority, self.scheme = authority, scheme
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="latin-1"))
        self.h2.local_settings = h2.settings.Settings(client=True, initial_values={
            h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window, h2.settings.SettingCodes.ENABLE_PUSH: 0})
        self.h2.initiate_connection()
        self.h2.increment_flow_control_window(1 << 24)
        self.exchanges, self.goaway, self.settings = {}, None, None
        self.flush()

    def close(self):
        self.sock.close()

    def flush(self):
        self.sock.sendall(self.h2.data_to_send())

    def open(self, method, path, fields=(), length=None, body=True, authority=None, protocol=None):
        headers = [(":method", method), (":authority", authority or self.authority)]
        if method != "CONNECT" or protocol:
            headers += [(":scheme", self.scheme), (":path", path)]
        if protocol:
            headers.append((":protocol", protocol))
        headers += fields
        headers += [("content-length", str(length))] * (length is not None)
        stream = self.h2.get_next_available_stream_id()
        exchange = self.exchanges[stream] = Http2Exchange(self, stream)
        self.h2.send_headers(stream, headers, end_stream=not body)
        self.flush()
        return exchange

    def request(self, method, path, fields=(), body=None, trailers=()):
        exchange = self.open(method, path, fields, length=None if trailers or body is None else len(body), body=body is not None)
        if body is not None:
            exchange.send(body)
            exchange.end(trailers)
        return exchange.response()

    def pump(self):
        """Takes what comes next."""
        data = self.sock.recv(65536)
        if not data:
            raise Ended
        for event in self.h2.receive_data(data):
            if isinstance(event, h2.events.ConnectionTerminated):
                self.goaway = event
            elif isinstance(event, h2.events.RemoteSettingsChanged):
                self.settings = event
            elif getattr(event, "stream_id", None) in self.exchanges:
                self.exchanges[event.stream_id].received(event)
        self.flush()

    def pump_until(self, condition):
        while not condition():
            self.pump()


class Http2Exchange:
    def __init__(self, client, stream):
        self.client, self.stream = client, stream
        self.interim, self.trailers, self._pieces = [], [], []
        self._head = None
        self.ended, self.reset = False, None

    def received(self, event):
        if isinstance(event, h2.events.InformationalResponseReceived):
            self.interim.append((int(dict(event.headers)[":status"]), event.headers[1:]))
        elif isinstance(event, h2.events.ResponseReceived):
            self._head = int(dict(event.headers)[":status"]), event.headers[1:]
        elif isinstance(event, h2.events.DataReceived):
            self._pieces.append((event.data, event.flow_controlled_length))
        elif isinstance(event, h2.events.TrailersReceived):
            self.trailers = list(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            self.ended = True
        elif isinstance(event, h2.events.StreamReset):
            self.reset = event.error_code

    def _wait(self, condition):
        self.client.pump_until(lambda: condition() or self.reset is not None)
        if not condition():
            raise Ended(f"RST_STREAM {self.reset}")

    def send(self, data):
        state, at = self.client.h2, 0
        while at < len(data):
            self._wait(lambda: state.local_flow_control_window(self.stream) > 0)
            size = min(state.local_flow_control_window(self.stream), state.max_outbound_frame_size, len(data) - at)
            state.send_data(self.stream, data[at:at + size])
            self.client.flush()
            at += size

    def end(self, trailers=()):
        if trailers:
            self.client.h2.send_headers(self.stream, list(trailers), end_stream=True)
        else:
            self.client.h2.end_stream(self.stream)
        self.client.flush()

    def cancel(self, code=8):
        self.client.h2.reset_stream(self.stream, code)
        self.client.flush()

    def head(self):
        self._wait(lambda: self._head)
        return self._head

    def wait_interim(self):
        self._wait(lambda: self.interim)
        return self.interim[-1]

    def read(self):
        while True:
            self._wait(lambda: self._pieces or self.ended)
            if not self._pieces:
                return b""
            data, size = self._pieces.pop(0)
            if size and not self.ended:
                self.client.h2.acknowledge_received_data(size, self.stream)
                self.client.flush()
            elif size:
                self.client.h2.increment_flow_control_window(size)
                self.client.flush()
            if data:
                return data

    def body(self):
        return b"".join(iter(self.read, b""))

    def response(self):
        status, fields = self.head()
        return Response(status, fields, self.body(), self.trailers, self.interim)

    def switch(self):
        pass


CLIENTS = {"h1": Http1Client, "h2": Http2Client}
