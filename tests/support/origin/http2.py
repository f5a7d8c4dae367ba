"""The origin's HTTP/2, over python3-h2. One thread reads, one a stream answers; windows are given back as bodies are read."""
import threading

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

from .tls_socket import Cut

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
PATIENCE = 60  # seconds


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def settings_frame():
    return frame(4, 0, 0)


def goaway_frame(last_stream, code):
    return frame(7, 0, 0, last_stream.to_bytes(4, "big") + code.to_bytes(4, "big"))


class Call:
    protocol = "h2"

    def __init__(self, connection, stream, headers):
        self._connection, self.stream = connection, stream
        self.connection = connection.number
        pseudo = {name: value for name, value in headers if name.startswith(":")}
        self.fields = [(name, value) for name, value in headers if not name.startswith(":")]
        self.method, self.path, self.scheme = pseudo[":method"], pseudo.get(":path", ""), pseudo.get(":scheme")
        self.authority, self.connect_protocol = pseudo.get(":authority"), pseudo.get(":protocol")
        self.trailers = []
        self._expects = dict(self.fields).get("expect", "").lower() == "100-continue"
        self.ended = self.reset = False
        self._pieces = []

    def received(self, event):
        """On the reader's thread, under the lock."""
        if isinstance(event, h2.events.DataReceived):
            self._pieces.append((event.data, event.flow_controlled_length))
        elif isinstance(event, h2.events.TrailersReceived):
            self.trailers = list(event.headers)
        elif isinstance(event, h2.events.StreamEnded):
            self.ended = True
        elif isinstance(event, h2.events.StreamReset):
            self.reset = True

    def read(self):
        if self._expects:
            self._expects = False
            self.inform(100, [])
        while True:
            with self._connection.news:
                self._connection.wait(lambda: self._pieces or self.ended or self.reset)
                if self.reset and not self._pieces:
                    raise Cut
                if not self._pieces:
                    return b""
                data, size = self._pieces.pop(0)
                if size and not self.reset:
                    self._connection.h2.acknowledge_received_data(size, self.stream)
                    self._connection.flush()
            if data:
                return data

    def inform(self, status, fields):
        self._headers([(":status", str(status)), *fields])

    def switch(self, protocol, fields):
        self._headers([(":status", "200"), *fields])

    def start(self, status, fields, length=None, no_body=False):
        framing = [] if length is None else [("content-length", str(length))]
        self._headers([(":status", str(status)), *fields, *framing])

    def _headers(self, headers, end=False):
        with self._connection.news:
            self._connection.h2.send_headers(self.stream, headers, end_stream=end)
            self._connection.flush()

    def write(self, data):
        if self.method == "HEAD":
            return
        state, at = self._connection.h2, 0
        while at < len(data):
            with self._connection.news:
                self._connection.wait(lambda: self.reset or state.local_flow_control_window(self.stream) > 0)
                if self.reset:
                    raise Cut
                size = min(state.local_flow_control_window(self.stream), state.max_outbound_frame_size, len(data) - at)
                state.send_data(self.stream, data[at:at + size])
                self._connection.flush()
            at += size

    def end(self, data=b"", trailers=()):
        self.write(data)
        if trailers:
            return self._headers(list(trailers), end=True)
        with self._connection.news:
            self._connection.h2.end_stream(self.stream)
            self._connection.flush()


class Connection:
    def __init__(self, stream, number, window=1 << 20, extended_connect=True):
        self._stream, self.number = stream, number
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="latin-1"))
        self.news = threading.Condition(threading.RLock())
        self.calls = {}
        self._over = False
        self.h2.local_settings = h2.settings.Settings(client=False, initial_values={
            h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window, h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 200,
            h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL: int(extended_connect)})

    def run(self, serve, on_request, received=b""):
        with self.news:
            self.h2.initiate_connection()
            self.flush()
        try:
            while True:
                data = received or self._stream.recv()
                received = b""
                if not data or not self._take(data, serve, on_request):
                    return
        finally:
            with self.news:
                self._over = True
                for call in self.calls.values():
                    call.reset = call.reset or not call.ended
                self.news.notify_all()

    def _take(self, data, serve, on_request):
        with self.news:
            try:
                events = self.h2.receive_data(data)
            except h2.exceptions.ProtocolError:
                self.flush()
                return False
            finally:
                self.news.notify_all()
            for event in events:
                if isinstance(event, h2.events.ConnectionTerminated):
                    return False
                if isinstance(event, h2.events.RequestReceived):
                    call = self.calls[event.stream_id] = Call(self, event.stream_id, event.headers)
                    if not on_request(call):
                        return False
                    if not call.reset:
                        threading.Thread(target=self._answer, args=(serve, call), daemon=True).start()
                elif getattr(event, "stream_id", None) in self.calls:
                    self.calls[event.stream_id].received(event)
            self.flush()
            return True

    def _answer(self, serve, call):
        try:
            serve(call)
        except (Cut, OSError, h2.exceptions.H2Error):
            pass

    def wait(self, condition):
        if not self.news.wait_for(lambda: self._over or condition(), PATIENCE) or (self._over and not condition()):
            raise Cut

    def send_raw(self, data):
        with self.news:
            self._stream.sendall(data)

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self._stream.sendall(data)
