"""HTTP/2 around tunnels and inside them: CONNECT over h2c, WebSocket over h2 (RFC 8441), and both translations."""
import json
import subprocess

import pytest

from clients import Http1Client, Http2Client
from origin.rules import rule
from origin.site import pattern
from tls_over import Http1OverTls, Relay, TlsOver, to_the_proxy, tunnelled
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

pytestmark = pytest.mark.tsan

CLIENTS = {"h1": (Http1Client, ["http/1.1"]), "h2": (Http2Client, ["h2"])}
UPSTREAMS = {"h1": ["http/1.1"], "h2": ["h2"]}


def http2_client(port):
    client = Http2Client(port)
    client.h2.config.validate_outbound_headers = False  # python3-h2 knows no CONNECT without :path
    return client


@pytest.fixture
def h2c():
    """h2c(tunnel) -> an Http2Client of the proxy listener."""
    running = []

    def connect(tunnel):
        running.append(http2_client(tunnel.running.port))
        return running[-1]

    yield connect
    for client in running:
        client.close()


def stream_to(client, target="origin.test:443"):
    """An established tunnel in a stream."""
    exchange = client.open("CONNECT", "", authority=target)
    assert exchange.head()[0] == 200
    return exchange


def test_connect_over_h2c(origin, tunnel, h2c):
    through = tunnel(origin().port)
    secure = TlsOver(stream_to(h2c(through)), through.ca)
    answer = Http1OverTls(secure).request("GET", "/path")
    assert json.loads(answer.body)["authority"] == "origin.test"
    assert Http1OverTls(secure).request("GET", "/bytes/700000").body == pattern(700_000)
    through.passed()


def test_two_tunnels_on_one_connection(origin, tunnel, h2c):
    through = tunnel(origin().port)
    client = h2c(through)
    first, second = (Http1OverTls(TlsOver(stream_to(client), through.ca)) for _ in range(2))
    asked = [one.open("GET", "/path", body=False) for one in (first, second)]
    assert [one.response().status for one in asked] == [200, 200]
    first.close()
    assert second.request("GET", "/path").status == 200


def test_an_origin_that_answers_alert_40_inside_a_stream(origin, tunnel, h2c):
    through = tunnel(origin(rule("alert:40", when="max-version=1.3")).port)
    exchange = stream_to(h2c(through))
    if through.intercepted:
        assert Http1OverTls(TlsOver(exchange, through.ca)).request("GET", "/path").status == 200
        through.mended()
    else:
        with pytest.raises(OSError, match="HANDSHAKE_FAILURE"):
            TlsOver(exchange, through.ca)
        through.refused()


def test_connect_over_h2_to_an_https_proxy(origin, tunnel, relay, our_authority):
    """TLS in a stream of HTTP/2 in TLS."""
    through = tunnel(origin().port)
    outer = relay(through, ["h2"], lambda port, ca, alpn: to_the_proxy(port, our_authority.file, alpn))
    client = http2_client(outer)
    assert Http1OverTls(TlsOver(stream_to(client), through.ca)).request("GET", "/bytes/700000").body == pattern(700_000)
    client.close()
    through.passed()


@pytest.fixture
def relay():
    running = []

    def start(tunnel, alpn, open=tunnelled):
        running.append(Relay(lambda: open(tunnel.running.port, tunnel.ca, alpn)))
        return running[-1].port

    yield start
    for one in running:
        one.stop()


@pytest.fixture(params=["h1-h1", "h1-h2", "h2-h1", "h2-h2"])
def pair(request, origin, open_tunnel, relay):
    """(client inside an intercepted tunnel, origin)"""
    downstream, upstream = request.param.split("-")
    behind = origin(alpn=UPSTREAMS[upstream])
    client, alpn = CLIENTS[downstream]
    inside = client(relay(open_tunnel("intercept", behind.port), alpn), **({"scheme": "https"} if downstream == "h2" else {}))
    yield inside, behind
    inside.close()


def test_a_stream_is_translated_piece_by_piece(pair):
    client, behind = pair
    exchange = client.open("GET", "/stream/a", body=False)
    behind.streams.push("a", b"first")
    assert exchange.head()[0] == 200
    assert exchange.read() == b"first"
    behind.streams.push("a", b"second")
    assert exchange.read() == b"second"
    behind.streams.push("a", None)
    assert exchange.body() == b""


def test_an_upload_is_translated_piece_by_piece(pair):
    client, _ = pair
    exchange = client.open("POST", "/mirror")
    exchange.send(b"one")
    assert exchange.head()[0] == 200
    for piece in (b"one", b"two"):
        assert exchange.read() == piece
        if piece == b"one":
            exchange.send(b"two")
    exchange.end()
    assert exchange.body() == b""


def test_trailers_pass(pair):
    answer = pair[0].request("GET", "/trailers")
    assert answer.body == b"with trailers"
    assert "x-checksum" in dict(answer.trailers)


def test_100_continue_and_early_hints_pass(pair):
    client, _ = pair
    exchange = client.open("POST", "/echo", [("expect", "100-continue")], length=4)
    assert exchange.wait_interim()[0] == 100
    exchange.send(b"body")
    exchange.end()
    assert json.loads(exchange.response().body)["length"] == 4
    assert [status for status, _ in client.request("GET", "/early").interim] == [103, 103]


def test_a_websocket(pair):
    client, _ = pair
    if client.name == "h2":
        exchange = client.open("CONNECT", "/websocket", [("sec-websocket-version", "13")], protocol="websocket")
        assert exchange.head()[0] == 200
    else:
        exchange = client.open("GET", "/websocket", [("connection", "Upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13"),
                                                     ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")], body=False)
        status, fields = exchange.head()
        assert (status, dict(fields)["sec-websocket-accept"]) == (101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        exchange.switch()
    for text in (b"one", b"two"):
        exchange.send(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
        answer = exchange.read()
        assert answer == bytes([0x81, len(text)]) + text
    exchange.send(b"\x88\x80\0\0\0\0")
    assert exchange.read()[0] == 0x88


def test_nghttp_inside_a_tunnel(origin, tunnel, relay):
    through = tunnel(origin().port)
    port = relay(through, ["h2"])
    done = subprocess.run(["nghttp", "-nv", f"http://127.0.0.1:{port}/a", f"http://127.0.0.1:{port}/b"], capture_output=True, text=True, timeout=60)
    assert done.stdout.count(":status: 200") == 2
    through.spoke("h2")
