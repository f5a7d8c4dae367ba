"""Messages that two parsers could read differently: refused here, nothing reaches the origin."""
import h2.config
import h2.connection
import h2.events
import pytest

from clients import Http1Client, connect, raw
from raw_origin import RawOrigin

pytestmark = pytest.mark.tsan

HOST = "Host: origin.test\r\n"


def lines(*parts):
    return "".join(parts).encode("latin-1")


# Each is the start of a connection. "GET /smuggled" must never get to the origin, and neither must the message itself.
AMBIGUOUS = {
    "content-length and transfer-encoding": lines(
        "POST / HTTP/1.1\r\n", HOST, "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n", HOST, "\r\n"),
    "transfer-encoding and content-length": lines(
        "POST / HTTP/1.1\r\n", HOST, "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
    "two lengths": lines("POST / HTTP/1.1\r\n", HOST, "Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello"),
    "two lengths in one field": lines("POST / HTTP/1.1\r\n", HOST, "Content-Length: 0, 5\r\n\r\nhello"),
    "length with a sign": lines("POST / HTTP/1.1\r\n", HOST, "Content-Length: +5\r\n\r\nhello"),
    "negative length": lines("POST / HTTP/1.1\r\n", HOST, "Content-Length: -5\r\n\r\nhello"),
    "hexadecimal length": lines("POST / HTTP/1.1\r\n", HOST, "Content-Length: 0x5\r\n\r\nhello"),
    "empty length": lines("POST / HTTP/1.1\r\n", HOST, "Content-Length: \r\n\r\nhello"),
    "huge length": lines("POST / HTTP/1.1\r\n", HOST, "Content-Length: 99999999999999999999999\r\n\r\nhello"),
    "space before the colon": lines("POST / HTTP/1.1\r\n", HOST, "Content-Length : 5\r\n\r\nhello"),
    "space before the colon of transfer-encoding": lines("POST / HTTP/1.1\r\n", HOST, "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
    "obs-fold": lines("GET / HTTP/1.1\r\n", HOST, "X-A: one\r\n two\r\n\r\n"),
    "folded transfer-encoding": lines("POST / HTTP/1.1\r\n", HOST, "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    "fold before any field": lines("GET / HTTP/1.1\r\n X-A: one\r\n", HOST, "\r\n"),
    "bare line feeds": lines("GET / HTTP/1.1\n", "Host: origin.test\n\n"),
    "one bare line feed": lines("GET / HTTP/1.1\r\n", HOST, "X-A: one\nX-B: two\r\n\r\n"),
    "bare carriage return": lines("GET / HTTP/1.1\r\n", HOST, "X-A: one\rX-B: two\r\n\r\n"),
    "carriage return before the line's end": lines("GET / HTTP/1.1\r\n", HOST, "X-A: one\r\r\n\r\n"),
    "nul in a value": lines("GET / HTTP/1.1\r\n", HOST, "X-A: o\0ne\r\n\r\n"),
    "control byte in a value": lines("GET / HTTP/1.1\r\n", HOST, "X-A: o\x0bne\r\n\r\n"),
    "no colon": lines("GET / HTTP/1.1\r\n", HOST, "X-A\r\n\r\n"),
    "empty name": lines("GET / HTTP/1.1\r\n", HOST, ": x\r\n\r\n"),
    "name that is no token": lines("GET / HTTP/1.1\r\n", HOST, "X(A): one\r\n\r\n"),
    "unknown transfer-encoding": lines("POST / HTTP/1.1\r\n", HOST, "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    "chunked twice": lines("POST / HTTP/1.1\r\n", HOST, "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    "chunked in two fields": lines("POST / HTTP/1.1\r\n", HOST, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
    "chunked not last": lines("POST / HTTP/1.1\r\n", HOST, "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    "quoted chunked": lines("POST / HTTP/1.1\r\n", HOST, 'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n'),
    "chunked with a vertical tab": lines("POST / HTTP/1.1\r\n", HOST, "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n"),
    "chunked in HTTP/1.0": lines("POST / HTTP/1.0\r\n", HOST, "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "no host": lines("GET / HTTP/1.1\r\n\r\n"),
    "two hosts": lines("GET / HTTP/1.1\r\n", HOST, "Host: other.test\r\n\r\n"),
    "host twice alike": lines("GET / HTTP/1.1\r\n", HOST, HOST, "\r\n"),
    "host that is a list": lines("GET / HTTP/1.1\r\nHost: origin.test, other.test\r\n\r\n"),
    "host with a path": lines("GET / HTTP/1.1\r\nHost: origin.test/path\r\n\r\n"),
    "host with credentials": lines("GET / HTTP/1.1\r\nHost: me@origin.test\r\n\r\n"),
    "space in the target": lines("GET /a b HTTP/1.1\r\n", HOST, "\r\n"),
    "tab after the method": lines("GET\t/ HTTP/1.1\r\n", HOST, "\r\n"),
    "two spaces": lines("GET  / HTTP/1.1\r\n", HOST, "\r\n"),
    "control byte in the target": lines("GET /\x01 HTTP/1.1\r\n", HOST, "\r\n"),
    "fragment in the target": lines("GET /a#b HTTP/1.1\r\n", HOST, "\r\n"),
    "HTTP/1.2 with a space": lines("GET / HTTP/1.1 \r\n", HOST, "\r\n"),
    "HTTP/2.0": lines("GET / HTTP/2.0\r\n", HOST, "\r\n"),
    "lower-case version": lines("GET / http/1.1\r\n", HOST, "\r\n"),
    "HTTP/0.9": lines("GET /\r\n\r\n"),
}

# The head is fine, so the request may begin at the origin; but its end must not be seen there as an end.
BAD_CHUNKS = {
    "size with 0x": b"0x5\r\nhello\r\n0\r\n\r\n",
    "size with a sign": b"+5\r\nhello\r\n0\r\n\r\n",
    "negative size": b"-5\r\nhello\r\n0\r\n\r\n",
    "size with a space before": b" 5\r\nhello\r\n0\r\n\r\n",
    "no size": b"\r\nhello\r\n0\r\n\r\n",
    "size that overflows": b"FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
    "size that wraps round": b"10000000000000005\r\nhello\r\n0\r\n\r\n",
    "line feed after the size": b"5\nhello\r\n0\r\n\r\n",
    "line feed after the data": b"5\r\nhello\n0\r\n\r\n",
    "data longer than its size": b"3\r\nhello\r\n0\r\n\r\n",
    "line feed in an extension": b"5;a\nb\r\nhello\r\n0\r\n\r\n",
    "carriage return in an extension": b"5;a\rb\r\nhello\r\n0\r\n\r\n",
    "trailer that is framing": b"5\r\nhello\r\n0\r\nContent-Length\n: 5\r\n\r\n",
    "folded trailer": b"5\r\nhello\r\n0\r\nX-A: b\r\n c\r\n\r\n",
    "line feed in a trailer": b"5\r\nhello\r\n0\r\nX-A: b\nX-C: d\r\n\r\n",
}


def refused(answer):
    return answer.startswith(b"HTTP/1.1 ") and answer.split(b" ")[1] in (b"400", b"501", b"505", b"431", b"413", b"417")


def test_ambiguous_messages(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    wrong = []
    for what, message in AMBIGUOUS.items():
        answer = raw(running.mapped, message)
        if not refused(answer) or b"connection: close" not in answer.lower() or answer.count(b"HTTP/1.1 ") != 1:
            wrong.append((what, answer[:200]))
    assert wrong == []
    assert behind.requests == [] and behind.connections == []


@pytest.mark.parametrize("alpn", [["http/1.1"], ["h2"]], ids=["to-h1", "to-h2"])
def test_bad_chunks(origin, proxy, alpn):
    """The origin never gets the whole of such a request, and never a second one."""
    wrong = []
    for what, chunks in BAD_CHUNKS.items():
        behind = origin(alpn=alpn)
        running = proxy(behind.port, threads=1)
        answer = raw(running.mapped, lines("POST /held/never HTTP/1.1\r\n", HOST, "Transfer-Encoding: chunked\r\n\r\n") + chunks
                     + lines("GET /smuggled HTTP/1.1\r\n", HOST, "\r\n"))
        if not refused(answer) and answer != b"":
            wrong.append((what, answer[:200]))
        if any(path == "/smuggled" for _, path, _ in behind.requests):
            wrong.append((what, behind.requests))
        running.stop()
        behind.stop()
    assert wrong == []


def test_a_line_that_is_too_long_and_a_head_that_is_too_large(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    for message in (lines("GET /", "a" * 200_000, " HTTP/1.1\r\n", HOST, "\r\n"),
                    lines("GET / HTTP/1.1\r\n", HOST, "X-A: ", "a" * 200_000, "\r\n\r\n"),
                    lines("GET / HTTP/1.1\r\n", HOST, "X-A: b\r\n" * 5000, "\r\n")):
        answer = raw(running.mapped, message)
        assert answer == b"" or answer.split(b" ")[1] in (b"414", b"431", b"400"), answer[:100]
    assert behind.connections == []


def test_absolute_form_replaces_the_host(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    client = Http1Client(running.port, host="evil.test", absolute="https://origin.test")
    assert client.request("GET", "/a").status == 200
    client.close()
    assert behind.requests == [("GET", "/a", "origin.test")]


def test_a_second_request_behind_a_refused_one_is_not_read(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    client = Http1Client(running.mapped)
    client.sock.sendall(AMBIGUOUS["two lengths"] + b"GET /smuggled HTTP/1.1\r\nHost: origin.test\r\n\r\n")
    assert client.line().startswith("HTTP/1.1 400")
    assert behind.requests == []
    client.close()


# Fields of an HTTP/2 request that would split, or make ambiguous, an HTTP/1.1 message.
PSEUDO = [(":method", "GET"), (":scheme", "http"), (":authority", "origin.test"), (":path", "/")]
H2_FIELDS = {
    "line break in a value": [*PSEUDO, ("x-a", "b\r\nx-c: d")],
    "line feed in a value": [*PSEUDO, ("x-a", "b\nc")],
    "nul in a value": [*PSEUDO, ("x-a", "b\0c")],
    "line break in a name": [*PSEUDO, ("x-a: b\r\nx-c", "d")],
    "colon in a name": [*PSEUDO, ("x:a", "b")],
    "space in a name": [*PSEUDO, ("x a", "b")],
    "upper case in a name": [*PSEUDO, ("X-A", "b")],
    "line break in the path": [*PSEUDO[:3], (":path", "/ HTTP/1.1\r\nHost: evil\r\n\r\nGET /smuggled")],
    "space in the path": [*PSEUDO[:3], (":path", "/a b")],
    "line break in the method": [(":method", "GET / HTTP/1.1\r\nx: y"), *PSEUDO[1:]],
    "space in the method": [(":method", "GET /smuggled"), *PSEUDO[1:]],
    "transfer-encoding": [*PSEUDO, ("transfer-encoding", "chunked")],
    "connection": [*PSEUDO, ("connection", "keep-alive")],
    "two lengths": [*PSEUDO, ("content-length", "0"), ("content-length", "5")],
    "length that is none": [*PSEUDO, ("content-length", "five")],
    "authority and host that disagree": [*PSEUDO, ("host", "evil.test")],
    "two hosts": [PSEUDO[0], PSEUDO[1], PSEUDO[3], ("host", "origin.test"), ("host", "evil.test")],
    "credentials in the authority": [*PSEUDO[:2], (":authority", "me@origin.test"), PSEUDO[3]],
    "path in the authority": [*PSEUDO[:2], (":authority", "origin.test/x"), PSEUDO[3]],
    "two paths": [*PSEUDO, (":path", "/smuggled")],
    "unknown pseudo-header": [*PSEUDO, (":what", "x")],
    "pseudo-header after a field": [*PSEUDO[:3], ("x-a", "b"), PSEUDO[3]],
    "no path": PSEUDO[:3],
    "no method": PSEUDO[1:],
    "te": [*PSEUDO, ("te", "gzip")],
}


def ask_h2(port, headers):
    """The status, or "reset", or "closed"; headers go out as they are."""
    config = h2.config.H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False, header_encoding="latin-1")
    connection = h2.connection.H2Connection(config)
    connection.initiate_connection()
    connection.send_headers(1, headers, end_stream=True)
    with connect(port) as sock:
        sock.sendall(connection.data_to_send())
        while data := sock.recv(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    return int(dict(event.headers)[":status"])
                if isinstance(event, h2.events.StreamReset):
                    return "reset"
                if isinstance(event, h2.events.ConnectionTerminated):
                    return "closed"
            sock.sendall(connection.data_to_send())
    return "closed"


@pytest.mark.parametrize("alpn", [["http/1.1"], ["h2"]], ids=["to-h1", "to-h2"])
def test_h2_fields(origin, proxy, alpn):
    behind = origin(alpn=alpn)
    running = proxy(behind.port)
    assert ask_h2(running.mapped, PSEUDO) == 200
    before = list(behind.requests)
    outcomes = {what: ask_h2(running.mapped, headers) for what, headers in H2_FIELDS.items()}
    assert {what: outcome for what, outcome in outcomes.items() if outcome not in (400, "reset", "closed")} == {}
    assert behind.requests == before


def test_a_body_that_differs_from_its_length_over_h2(origin, proxy):
    """The origin gets no request that looks complete."""
    for sent, length in ((b"hello world", 5), (b"hello", 11)):
        behind = origin(alpn=["http/1.1"])
        running = proxy(behind.port)
        connection = h2.connection.H2Connection(h2.config.H2Configuration(validate_outbound_headers=False, header_encoding="latin-1"))
        connection.initiate_connection()
        connection.send_headers(1, [(":method", "POST"), *PSEUDO[1:], ("content-length", str(length))])
        connection.send_data(1, sent, end_stream=True)
        with connect(running.mapped) as sock:
            sock.sendall(connection.data_to_send())
            events = []
            while not any(isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated, h2.events.ResponseReceived))
                          for event in events):
                data = sock.recv(65536)
                if not data:
                    break
                events += connection.receive_data(data)
                sock.sendall(connection.data_to_send())
        statuses = [dict(event.headers)[":status"] for event in events if isinstance(event, h2.events.ResponseReceived)]
        assert statuses in ([], ["400"])


BAD_RESPONSES = {
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 5\r\n\r\nhello",
    "length and chunked": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "space before the colon": b"HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\nh",
    "obs-fold": b"HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
    "nul": b"HTTP/1.1 200 OK\r\nX-A: b\0\r\nContent-Length: 0\r\n\r\n",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "status of four digits": b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "not HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "101 that nobody asked for": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
}


@pytest.mark.parametrize("what", BAD_RESPONSES)
def test_a_malformed_response_is_502(proxy, identity, what):
    behind = RawOrigin(identity, BAD_RESPONSES[what])
    try:
        running = proxy(behind.port, 'extends = "http1"')
        client = Http1Client(running.mapped)
        assert client.request("GET", "/").status == 502
        client.close()
    finally:
        behind.stop()
