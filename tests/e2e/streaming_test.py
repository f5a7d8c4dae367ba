"""Every byte is passed on at once: the next piece is sent only after the one before has arrived. And a slow reader slows the
writer; nothing piles up here."""
import asyncio
import socket
import time

import pytest
import websockets

from clients import CLIENTS, Ended
from origin.site import pattern
from running_proxy import wait_until

pytestmark = pytest.mark.tsan

ALPN = {"h1": ["http/1.1"], "h2": ["h2"]}


@pytest.fixture(params=["h1-h1", "h1-h2", "h2-h1", "h2-h2"])
def pair(request, origin, proxy):
    """(client, origin, proxy)"""
    downstream, upstream = request.param.split("-")
    behind = origin(alpn=ALPN[upstream])
    running = proxy(behind.port)
    client = CLIENTS[downstream](running.mapped)
    yield client, behind, running
    client.close()


@pytest.mark.parametrize("resource, framing", [("stream", "{}"), ("sse", "data: {}\n\n")])
def test_each_piece_of_a_response_arrives_before_the_next_is_sent(pair, resource, framing):
    client, behind, _ = pair
    exchange = client.open("GET", f"/{resource}/one", body=False)
    assert exchange.head()[0] == 200
    for number in range(5):
        behind.streams.push("one", b"piece %d" % number)
        expected, got = framing.format(f"piece {number}").encode(), b""
        while len(got) < len(expected):
            got += exchange.read()
        assert got == expected
    behind.streams.push("one", None)
    assert exchange.read() == b""


def test_each_piece_goes_there_and_back_before_the_next(pair):
    client, _, _ = pair
    exchange = client.open("POST", "/mirror")
    exchange.send(b"first")
    assert exchange.head()[0] == 200
    got = exchange.read()
    for number in range(5):
        piece = b"piece %d" % number
        exchange.send(piece)
        got = b""
        while len(got) < len(piece):
            got += exchange.read()
        assert got == piece
    exchange.end()
    assert exchange.read() == b""


def masked(payload, opcode=2):
    mask = b"\x01\x02\x03\x04"
    body = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + body


def test_websocket(pair):
    """h1 by Upgrade, h2 by extended CONNECT (RFC 8441), each translated to what the origin speaks."""
    client, _, _ = pair
    if client.name == "h1":
        exchange = client.open("GET", "/websocket", [("Connection", "Upgrade"), ("Upgrade", "websocket"),
                                                     ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                                                     ("Sec-WebSocket-Protocol", "chat, other")], body=False)
        status, fields = exchange.head()
        assert status == 101
        assert dict(fields)["upgrade"].lower() == "websocket"
        assert dict(fields)["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    else:
        client.pump_until(lambda: client.settings)
        exchange = client.open("CONNECT", "/websocket", [("sec-websocket-version", "13"), ("sec-websocket-protocol", "chat, other")],
                               protocol="websocket")
        status, fields = exchange.head()
        assert status == 200
    assert dict(fields)["sec-websocket-protocol"] == "chat"
    for payload in (b"hello", b"", b"x" * 100):
        exchange.send(masked(payload))
        expected, got = bytes([0x82, len(payload)]) + payload, b""
        while len(got) < len(expected):
            got += exchange.read()
        assert got == expected
    exchange.send(masked(b"\x03\xe8", opcode=8))
    assert exchange.read() == b"\x88\x02\x03\xe8"


@pytest.mark.parametrize("upstream", ALPN)
@pytest.mark.parametrize("way", ["mapped", "proxied"])
def test_a_websocket_library(origin, proxy, upstream, way):
    running = proxy(origin(alpn=ALPN[upstream]).port)
    port, name = (running.mapped, "127.0.0.1") if way == "mapped" else (running.port, "origin.test.localhost")

    async def talk():
        async with websockets.connect(f"ws://{name}:{port}/websocket", host="127.0.0.1", port=port, ping_interval=None) as socket_:
            for message in ("text", b"bytes", "long " * 20000):
                await socket_.send(message)
                assert await socket_.recv() == message
            await (await socket_.ping(b"there?"))

    asyncio.run(asyncio.wait_for(talk(), 60))


def test_an_upgrade_that_the_origins_h2_cannot_carry_goes_to_its_h1(origin, proxy):
    behind = origin(extended_connect=False)
    running = proxy(behind.port)

    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{running.mapped}/websocket", ping_interval=None) as socket_:
            await socket_.send("text")
            assert await socket_.recv() == "text"

    asyncio.run(asyncio.wait_for(talk(), 60))
    assert behind.connections[-1].negotiated["alpn"] in (None, "http/1.1")


FLAT = 48 << 20  # what buffers, windows and a sanitizer's quarantine may take; the data would be ten times as much


def test_a_slow_reader_slows_the_origin(pair):
    client, behind, running = pair
    client.request("GET", "/bytes/1000000")
    before = running.memory()
    exchange = client.open("GET", "/endless", body=False)
    exchange.head()
    got, most = 0, 0
    while got < 100 << 20:  # the origin would send without end
        got += len(exchange.read())
        if got >> 20 > most:
            most = got >> 20
            assert running.memory() - before < 3 * FLAT
    settled(running)
    assert running.memory() - before < 3 * FLAT


def settled(running):
    """Waits until the proxy does nothing any more: its CPU time stands still."""
    def cpu():
        with open(f"/proc/{running.process.pid}/schedstat") as file:
            return file.read().split()[0]

    last = None
    until = time.monotonic() + 20
    while time.monotonic() < until:
        now = cpu()
        if now == last:
            return
        last = now
        time.sleep(0.3)


def test_memory_is_flat_while_nobody_reads(pair):
    client, _, running = pair
    client.request("GET", "/bytes/1000000")
    before = running.memory()
    client.open("GET", "/endless", body=False).head()
    settled(running)
    assert running.memory() - before < FLAT


def test_memory_is_flat_while_the_origin_does_not_read(pair):
    client, behind, running = pair
    client.request("GET", "/bytes/1000000")
    before = running.memory()
    exchange = client.open("POST", "/held/one")
    piece, sent = pattern(65536), 0
    client.sock.settimeout(3)
    try:
        while sent < 400 << 20:
            exchange.send(piece)
            sent += len(piece)
    except (socket.timeout, TimeoutError):
        pass
    assert sent < 100 << 20, "somebody took it all"
    assert running.memory() - before < FLAT
    client.close()  # or the proxy would wait for the rest


def test_a_stream_that_is_not_read_does_not_hold_the_others(origin, proxy):
    for alpn in ALPN.values():
        running = proxy(origin(alpn=alpn).port)
        client = CLIENTS["h2"](running.mapped, window=65535)
        client.open("GET", "/endless", body=False).head()
        for number in range(5):
            assert client.request("GET", f"/bytes/{200000 + number}").body == pattern(200000 + number)
        client.close()


def test_a_client_that_leaves_ends_the_request_at_the_origin(pair):
    client, behind, _ = pair
    exchange = client.open("GET", "/endless", body=False)
    exchange.head()
    exchange.read()
    client.close()
    wait_until(lambda: not running_calls(behind), "the end of the origin's call")


def running_calls(behind):
    """How many threads of the origin still write."""
    import sys
    return sum(1 for frame in sys._current_frames().values() if calls_endless(frame))


def calls_endless(frame):
    while frame:
        if frame.f_code.co_name == "endless":
            return True
        frame = frame.f_back
    return False


def test_a_response_that_is_cut_is_not_ended_well(origin, proxy):
    """A length that was promised and not kept must not look like a whole response."""
    for downstream in CLIENTS:
        behind = origin(alpn=["http/1.1"])
        running = proxy(behind.port)
        client = CLIENTS[downstream](running.mapped)
        exchange = client.open("GET", "/stream/cut", body=False)
        behind.streams.push("cut", b"some")
        exchange.head()
        assert exchange.read() == b"some"
        behind.stop()
        with pytest.raises(Ended):
            while exchange.read():
                pass
        client.close()
