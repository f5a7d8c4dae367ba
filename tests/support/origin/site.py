"""What the origin serves, over either protocol. A resource is a function of a call (see http1.Call and http2.Call)."""
import base64
import hashlib
import json
import pathlib
import queue

from .tls_socket import Cut

PAGE = pathlib.Path(__file__).with_name("page.html").read_bytes()


class Hung(Cut):
    """Nobody pushed for long."""


class Streams:
    """Pieces that a test pushes into a response while it is under way: push("a", b"piece"), push("a", None) ends it."""

    PATIENCE = 60  # seconds

    def __init__(self):
        self._queues = {}

    def of(self, name):
        return self._queues.setdefault(name, queue.Queue())

    def push(self, name, piece):
        self.of(name).put(piece)

    def reported(self, about):
        """What a page told of itself next, by POST /report/ABOUT. Raises queue.Empty if it never does."""
        return json.loads(self.of("report/" + about).get(timeout=self.PATIENCE))

    def pieces(self, name):
        while True:
            try:
                piece = self.of(name).get(timeout=self.PATIENCE)
            except queue.Empty:
                raise Hung from None
            if piece is None:
                return
            yield piece


def pattern(size):
    """`size` bytes in which a piece that is lost, doubled or moved shows."""
    block = hashlib.sha256(b"alert40").digest() + bytes(range(256)) + b"\r\n\0--"
    return (block * (size // len(block) + 1))[:size]


def body_of(call):
    return b"".join(iter(call.read, b""))


def echo(call, streams, argument):
    body = body_of(call)
    answer = json.dumps({
        "method": call.method, "path": call.path, "authority": call.authority, "scheme": call.scheme,
        "protocol": call.protocol, "fields": call.fields, "connection": call.connection,
        "length": len(body), "sha256": hashlib.sha256(body).hexdigest(), "trailers": call.trailers,
    }).encode()
    call.start(200, [("content-type", "application/json")], len(answer))
    call.end(answer)


def sized(call, streams, argument):
    call.start(200, [("content-type", "application/octet-stream")], int(argument))
    call.end(pattern(int(argument)))


def unsized(call, streams, argument):
    call.start(200, [("content-type", "application/octet-stream")])
    call.end(pattern(int(argument)))


def endless(call, streams, argument):
    call.start(200, [])
    piece = pattern(65536)
    while True:
        call.write(piece)


def mirror(call, streams, argument):
    """Each piece of the request goes back at once."""
    call.start(200, [("content-type", "application/octet-stream")])
    while piece := call.read():
        call.write(piece)
    call.end(trailers=call.trailers)


def stream(call, streams, argument):
    call.start(200, [("content-type", "text/plain")])
    for piece in streams.pieces(argument):
        call.write(piece)
    call.end()


def events(call, streams, argument):
    call.start(200, [("content-type", "text/event-stream"), ("cache-control", "no-cache")])
    for piece in streams.pieces(argument):
        call.write(b"data: " + piece + b"\n\n")
    call.end()


def held(call, streams, argument):
    """No answer at all until it is pushed."""
    for _ in streams.pieces(argument):
        pass
    call.start(200, [], 4)
    call.end(b"done")


def trailers(call, streams, argument):
    call.start(200, [("trailer", "x-checksum, x-after")])
    call.write(b"with ")
    call.end(b"trailers", [("x-checksum", hashlib.sha256(b"with trailers").hexdigest()), ("x-after", "all")])


def page(call, streams, argument):
    """For a browser, which reports what it got."""
    call.start(200, [("content-type", "text/html; charset=utf-8")], len(PAGE))
    call.end(PAGE)


def report(call, streams, argument):
    streams.push("report/" + argument, body_of(call))
    call.start(204, [], no_body=True)
    call.end()


def status(call, streams, argument):
    body_of(call)
    if argument in ("204", "304"):
        call.start(int(argument), [("etag", '"one"')], no_body=True)
        return call.end()
    call.start(int(argument), [], 6)
    call.end(b"status")


def early(call, streams, argument):
    call.inform(103, [("link", "</style.css>; rel=preload")])
    call.inform(103, [("link", "</script.js>; rel=preload")])
    call.start(200, [], 5)
    call.end(b"final")


def refuse(call, streams, argument):
    """An answer to the head alone; the body is never asked for."""
    call.start(413, [], 7)
    call.end(b"too big")


def cookies(call, streams, argument):
    call.start(200, [("set-cookie", "a=1; Path=/; Domain=origin.test"), ("set-cookie", "b=2; HttpOnly")], 0)
    call.end()


def redirect(call, streams, argument):
    call.start(302, [("location", f"https://origin.test/{argument}")], 0)
    call.end()


def websocket(call, streams, argument):
    """Answers each frame by the same one, unmasked (RFC 6455 section 5.2)."""
    key = dict(call.fields).get("sec-websocket-key", "")
    digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    fields = [("sec-websocket-accept", base64.b64encode(digest).decode())] if key else []
    if protocol := dict(call.fields).get("sec-websocket-protocol"):
        fields.append(("sec-websocket-protocol", protocol.split(",")[0]))
    call.switch("websocket", fields)
    waiting = b""
    while data := call.read():
        waiting += data
        while frame := take_frame(waiting):
            size, head, payload = frame
            waiting = waiting[size:]
            call.write(head + payload)
            if head[0] & 0x0F == 8:
                return call.end()
    call.end()


def take_frame(data):
    """(its size, the head of an unmasked copy, the payload), or None while it is not complete."""
    if len(data) < 2:
        return None
    length, at = data[1] & 0x7F, 2
    extra = {126: 2, 127: 8}.get(length, 0)
    if extra:
        length, at = int.from_bytes(data[2:2 + extra], "big"), 2 + extra
    end = at + 4 + length
    if len(data) < end:
        return None
    mask = data[at:at + 4]
    mask = (mask * (length // 4 + 1))[:length]
    payload = (int.from_bytes(data[at + 4:end], "big") ^ int.from_bytes(mask, "big")).to_bytes(length, "big")
    return end, bytes([data[0], data[1] & 0x7F]) + data[2:at], payload


RESOURCES = {
    "bytes": sized, "unsized": unsized, "endless": endless, "mirror": mirror, "stream": stream, "sse": events, "held": held,
    "trailers": trailers, "status": status, "early": early, "refuse": refuse, "cookies": cookies, "redirect": redirect,
    "websocket": websocket, "page": page, "report": report,
}


def serve(call, streams, more=()):
    """/NAME/ARGUMENT is a row of RESOURCES, or of `more`; everything else is echoed as JSON."""
    words = call.path.split("?")[0].strip("/").split("/")
    resource = (RESOURCES | dict(more)).get(words[0], echo)
    resource(call, streams, words[1] if len(words) > 1 else "")
