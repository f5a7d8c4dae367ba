"""Peers that mean no good, or simply vanish: the proxy stays up, bounded, and useful to the others."""
import contextlib
import itertools
import random
import socket
import struct
import threading

import pytest

from clients import Ended, Http1Client, Http2Client, connect
from origin.http2 import PREFACE, frame, settings_frame
from origin.listening import Listening
from origin.rules import rule
from raw_origin import RawOrigin
from running_proxy import wait_until

pytestmark = pytest.mark.tsan

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS = 1, 4
# GET http://origin.test/ by HPACK: the static table, and a literal authority (RFC 7541 appendix A and section 6.2.2)
REQUEST = b"\x82\x86\x84\x01\x0borigin.test"


@pytest.fixture
def served(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    yield running, behind
    assert still_works(running)


def still_works(running):
    client = Http1Client(running.mapped)
    status = client.request("GET", "/").status
    client.close()
    return status == 200


def leave(sock):
    """By RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def flood(port, frames, most):
    """Sends so many writes of frames, or until nobody takes them: what the proxy said until it closed."""
    with connect(port) as sock:
        sock.sendall(PREFACE + settings_frame())
        chunks = []

        def read():
            with contextlib.suppress(OSError):
                while data := sock.recv(65536):
                    chunks.append(data)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        with contextlib.suppress(OSError):
            for one in itertools.islice(frames, most):
                sock.sendall(one)
            sock.shutdown(socket.SHUT_WR)
        reader.join(60)
        return b"".join(chunks)


def goaway_code(said):
    """Of the GOAWAY frame in what an HTTP/2 server said; None without one."""
    at, code = 0, None
    while at + 9 <= len(said):
        size, kind = int.from_bytes(said[at:at + 3], "big"), said[at + 3]
        if kind == GOAWAY:
            code = int.from_bytes(said[at + 13:at + 17], "big")
        at += 9 + size
    return code


def batches(make, size=100):
    """Frames, many to a write."""
    number = 0
    while True:
        yield b"".join(make(number + step) for step in range(size))
        number += size


ENHANCE_YOUR_CALM = 11

FLOODS = {
    "rapid reset": lambda number: (frame(HEADERS, END_STREAM | END_HEADERS, 2 * number + 1, REQUEST)
                                   + frame(RST_STREAM, 0, 2 * number + 1, b"\0\0\0\x08")),
    "settings": lambda number: settings_frame(),
    "ping": lambda number: frame(PING, 0, 0, b"alert40!"),
    "empty data": lambda number: (frame(HEADERS, END_HEADERS, 1, REQUEST) if number == 0 else frame(DATA, 0, 1)),
    "priority": lambda number: frame(PRIORITY, 0, 2 * number + 1, b"\0\0\0\0\x10"),
}


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_of_frames_is_ended(served, what):
    running, behind = served
    before = running.memory()
    said = flood(running.mapped, batches(FLOODS[what]), most=1000)
    assert goaway_code(said) == ENHANCE_YOUR_CALM
    assert len(behind.requests) < 1000
    assert running.memory() - before < 64 << 20


def test_a_head_that_never_ends(served):
    """CONTINUATION without END_HEADERS (CVE-2024-27316)."""
    running, behind = served
    before = running.memory()

    def frames():
        yield frame(HEADERS, END_STREAM, 1, REQUEST)
        while True:
            yield frame(CONTINUATION, 0, 1, b"\x00\x03x-a\x7f\x80\x01" + b"b" * 255) * 50

    said = flood(running.mapped, frames(), most=2000)
    assert goaway_code(said) is not None
    assert behind.requests == []
    assert running.memory() - before < 64 << 20


def test_a_head_that_grows_by_hpack(served):
    """One entry of 4000 bytes in the table, named a thousand times by one byte each."""
    running, behind = served
    big = b"\x40\x01x\x7f\xa1\x1e" + b"b" * (127 + 0x21 + (0x1E << 7))
    flood(running.mapped, [frame(HEADERS, END_STREAM | END_HEADERS, 1, REQUEST + big + b"\xbe" * 10000)], most=1)
    assert behind.requests == []


def test_windows_that_overflow(served):
    running, _ = served
    said = flood(running.mapped, [frame(WINDOW_UPDATE, 0, 0, b"\x7f\xff\xff\xff")] * 2, most=2)
    assert goaway_code(said) == 3, "FLOW_CONTROL_ERROR"


def test_not_http2_after_all(served):
    running, _ = served
    with connect(running.mapped) as sock:
        sock.sendall(PREFACE + b"GET / HTTP/1.1\r\n\r\n" * 20)
        said = b""
        with contextlib.suppress(ConnectionResetError):
            while data := sock.recv(65536):
                said += data
    assert goaway_code(said) in (1, 6), "PROTOCOL_ERROR or FRAME_SIZE_ERROR"


def test_anything_else_on_the_port(served):
    running, behind = served
    for start in (b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + bytes(190), b"\x05\x01\x00", b"\x04\x01\0\x50\x7f\0\0\1\0",
                  b"SSH-2.0-x\r\n\r\n", b"\0" * 100, b"\r\n" * 3000,
                  bytes(range(256)) * 10):
        with connect(running.port) as sock:
            sock.sendall(start)
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_WR)  # what has begun well, SOCKS5, would go on
            with contextlib.suppress(ConnectionResetError):
                while sock.recv(65536):
                    pass
    assert behind.connections == []


EXCHANGE = (b"POST /mirror HTTP/1.1\r\nHost: origin.test\r\nTransfer-Encoding: chunked\r\nTrailer: x-a\r\n\r\n"
            b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nx-a: b\r\n\r\n")


@pytest.mark.parametrize("how", ["by FIN", "by RST"])
def test_a_client_that_vanishes_at_any_byte(served, how):
    running, _ = served
    for size in range(0, len(EXCHANGE), 3):
        sock = connect(running.mapped)
        sock.sendall(EXCHANGE[:size])
        sock.close() if how == "by FIN" else leave(sock)


def test_an_h2_client_that_vanishes_at_any_byte(served):
    running, _ = served
    talk = (PREFACE + settings_frame() + frame(HEADERS, END_HEADERS, 1, b"\x83\x86\x84\x01\x0borigin.test") + frame(DATA, 0, 1, b"hello")
            + frame(DATA, END_STREAM, 1, b" world") + frame(SETTINGS, 1, 0) + frame(HEADERS, END_HEADERS | END_STREAM, 3, REQUEST))
    for size in range(0, len(talk), 2):
        sock = connect(running.mapped)
        sock.sendall(talk[:size])
        leave(sock) if size % 4 else sock.close()


ANSWER = (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          b"5\r\nhello\r\n6\r\n world\r\n0\r\nx-a: b\r\n\r\n")


@pytest.mark.parametrize("client_type", [Http1Client, Http2Client], ids=["h1", "h2"])
def test_an_origin_that_vanishes_at_any_byte(proxy, identity, client_type):
    """Whole, an error, or cut: never a response that looks whole and is not."""
    behind = RawOrigin(identity, b"")
    running = proxy(behind.port, 'extends = "http1"')
    try:
        for size in range(0, len(ANSWER) + 1, 3):
            behind.answer = ANSWER[:size]
            client = client_type(running.mapped)
            try:
                response = client.request("GET", "/")
            except Ended:
                response = None
            client.close()
            assert response is None or response.status == 502 or size == len(ANSWER), (size, response)
        behind.answer = ANSWER
        client = client_type(running.mapped)
        response = client.request("GET", "/")
        assert (response.status, response.body, response.trailers) == (200, b"hello world", [("x-a", "b")])
        client.close()
    finally:
        behind.stop()


def test_an_origin_that_vanishes_at_any_byte_of_its_handshake(origin, proxy):
    for stage in ("client_hello", "server_hello", "flight", "finished", "preface", "request"):
        for action in ("reset", "close", "garbage"):
            behind = origin(rule(action, at=stage))
            running = proxy(behind.port, 'extends = "modern"')
            assert Http1Client(running.mapped).request("GET", "/").status == 502
            running.stop()
            behind.stop()


def test_garbage_of_every_kind_from_the_origin(proxy):
    """In place of a ServerHello: random bytes, and records with random contents."""
    seed = random.Random(40)
    answers = [seed.randbytes(seed.randrange(1, 400)) for _ in range(20)]
    for kind in (20, 21, 22, 23, 24):
        for _ in range(6):
            body = seed.randbytes(seed.randrange(0, 300))
            answers.append(bytes([kind, 3, 3]) + len(body).to_bytes(2, "big") + body)
    answers.append(b"\x16\x03\x03\xff\xff" + bytes(70000))
    behind = Blurting(answers)
    running = proxy(behind.port, 'extends = "modern"')
    try:
        for _ in answers:
            client = Http1Client(running.mapped)
            assert client.request("GET", "/").status == 502
            client.close()
        assert [record["outcome"] for record in running.records()] == ["failed"] * len(running.records())
        assert len(running.records()) >= len(answers)
    finally:
        behind.stop()


class Blurting(Listening):
    """Answers each connection's first bytes by the next of `answers`."""

    def __init__(self, answers):
        self._answers = iter(answers)
        super().__init__(self._blurt)

    def _blurt(self, sock):
        sock.recv(65536)
        sock.sendall(next(self._answers, b""))
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65536):
            pass


def test_many_slow_clients_do_not_slow_the_others(served):
    running, _ = served
    slow = [connect(running.mapped) for _ in range(300)]
    for number, sock in enumerate(slow):
        sock.sendall([b"", b"G", b"GET / HTTP/1.1\r\nHost: origi", PREFACE[:10]][number % 4])
    assert all(still_works(running) for _ in range(10))
    for sock in slow:
        leave(sock)


def test_no_more_file_descriptors(origin, proxy):
    """Connections beyond the limit wait or fail; when the others have gone, all is well again."""
    behind = origin()
    running = proxy(behind.port, prefix=["prlimit", "--nofile=64:64"])
    assert still_works(running)
    many = []
    for _ in range(120):
        with contextlib.suppress(OSError):
            many.append(connect(running.mapped))
            many[-1].sendall(b"GET / HTTP/1.1\r\nHost: origin.test\r\n")
    for sock in many:
        leave(sock)
    wait_until(lambda: still_works_soon(running), "a response after the storm")
    assert running.process.poll() is None


def still_works_soon(running):
    try:
        return still_works(running)
    except (OSError, Ended):
        return False


def test_many_requests_to_an_origin_that_never_answers(origin, proxy):
    """Clients come and go; nothing of them stays."""
    behind = origin()
    running = proxy(behind.port)
    assert still_works(running)
    for _ in range(10):
        client = Http2Client(running.mapped)
        for number in range(100):
            client.open("GET", "/held/never", body=False)
        client.close()
    before = running.memory()
    for _ in range(10):
        client = Http2Client(running.mapped)
        for number in range(100):
            client.open("GET", "/held/never", body=False)
        client.close()
    assert still_works(running)
    assert running.memory() - before < 32 << 20
