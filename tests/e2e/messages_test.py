"""What a message carries arrives unchanged, for all four pairs of protocols."""
import hashlib
import json

import pytest

from clients import CLIENTS, Http1Client, connect
from origin.site import pattern

pytestmark = pytest.mark.tsan

LARGE = pattern(3_000_000)
ALPN = {"h1": ["http/1.1"], "h2": ["h2"]}


@pytest.fixture(params=["h1-h1", "h1-h2", "h2-h1", "h2-h2"])
def pair(request, origin, proxy):
    """(client, origin): downstream and upstream protocol of the pair."""
    downstream, upstream = request.param.split("-")
    behind = origin(alpn=ALPN[upstream])
    running = proxy(behind.port)
    client = CLIENTS[downstream](running.mapped)
    client.upstream = {"h1": "http/1.1", "h2": "h2"}[upstream]
    yield client, behind
    client.close()


def echoed(response):
    assert response.status == 200, response
    return json.loads(response.body)


def test_get(pair):
    client, _ = pair
    seen = echoed(client.request("GET", "/a/b?c=d&e=%20", [("x-own", "one"), ("x-own", "two"), ("accept", "*/*")]))
    assert (seen["method"], seen["path"], seen["authority"]) == ("GET", "/a/b?c=d&e=%20", "origin.test")
    assert seen["protocol"] == client.upstream
    values = [value for name, value in seen["fields"] if name == "x-own"]
    assert ", ".join(values) == "one, two"


def test_head(pair):
    client, _ = pair
    response = client.request("HEAD", "/bytes/1234")
    assert (response.status, response.field("content-length"), response.body) == (200, "1234", b"")
    assert echoed(client.request("GET", "/after"))["path"] == "/after"


def test_large_response(pair):
    client, _ = pair
    assert client.request("GET", f"/bytes/{len(LARGE)}").body == LARGE


def test_response_without_length(pair):
    client, _ = pair
    assert client.request("GET", "/unsized/100000").body == pattern(100000)


def test_large_request(pair):
    client, _ = pair
    seen = echoed(client.request("POST", "/post", body=LARGE))
    assert (seen["length"], seen["sha256"]) == (len(LARGE), hashlib.sha256(LARGE).hexdigest())


def test_empty_request_body(pair):
    client, _ = pair
    assert echoed(client.request("POST", "/post", body=b""))["length"] == 0


def test_chunked_request(pair):
    client, _ = pair
    exchange = client.open("PUT", "/put")
    for size in (1, 70000, 3):
        exchange.send(pattern(size))
    exchange.end()
    assert echoed(exchange.response())["length"] == 70004


def test_trailers_of_a_request(pair):
    client, _ = pair
    seen = echoed(client.request("POST", "/post", [("te", "trailers")] * (client.name == "h2"), body=b"body",
                                 trailers=[("x-checksum", "abc")]))
    assert seen["trailers"] == [["x-checksum", "abc"]]


def test_trailers_of_a_response(pair):
    client, _ = pair
    fields = [("TE", "trailers"), ("Connection", "TE")] if client.name == "h1" else [("te", "trailers")]
    response = client.request("GET", "/trailers", fields)
    assert response.body == b"with trailers"
    assert dict(response.trailers) == {"x-checksum": hashlib.sha256(b"with trailers").hexdigest(), "x-after": "all"}


@pytest.mark.parametrize("status", [204, 304])
def test_status_without_body(pair, status):
    client, _ = pair
    response = client.request("GET", f"/status/{status}")
    assert (response.status, response.field("etag"), response.body) == (status, '"one"', b"")
    assert echoed(client.request("GET", "/after"))["path"] == "/after"


@pytest.mark.parametrize("status", [404, 418, 500, 503])
def test_an_error_of_the_origin_is_passed_on(pair, status):
    client, _ = pair
    response = client.request("GET", f"/status/{status}")
    assert (response.status, response.body) == (status, b"status")
    assert response.field("proxy-status") is None


def test_early_hints(pair):
    client, _ = pair
    response = client.request("GET", "/early")
    assert [status for status, _ in response.interim] == [103, 103]
    assert [dict(fields)["link"] for _, fields in response.interim] == [
        "</style.css>; rel=preload", "</script.js>; rel=preload"]
    assert (response.status, response.body) == (200, b"final")


def test_100_continue_comes_before_the_body_is_sent(pair):
    client, _ = pair
    exchange = client.open("POST", "/post", [("expect", "100-continue")], length=5)
    assert exchange.wait_interim()[0] == 100
    exchange.send(b"hello")
    exchange.end()
    assert echoed(exchange.response())["length"] == 5


def test_a_body_that_is_refused_is_not_asked_for(pair):
    client, _ = pair
    exchange = client.open("POST", "/refuse", [("expect", "100-continue")], length=5)
    response = exchange.response()
    assert (response.status, response.body) == (413, b"too big")
    assert 100 not in [status for status, _ in response.interim]


def test_options_for_the_server_itself(pair):
    client, behind = pair
    response = client.request("OPTIONS", "*")
    assert echoed(response)["path"] == "*"
    assert behind.requests == [("OPTIONS", "*", "origin.test")]


def test_any_method(pair):
    client, _ = pair
    for method in ("DELETE", "PATCH", "PROPFIND", "M-SEARCH"):
        assert echoed(client.request(method, "/"))["method"] == method


def test_requests_share_a_connection(pair):
    client, behind = pair
    numbers = {echoed(client.request("GET", f"/{number}"))["connection"] for number in range(10)}
    assert len(numbers) == 1 and len(behind.hellos) == 1


def test_cookies_are_one_field_for_h1_and_stay_apart_from_each_other(pair):
    client, _ = pair
    fields = [("cookie", "a=1; b=2")] if client.name == "h1" else [("cookie", "a=1"), ("cookie", "b=2")]
    seen = echoed(client.request("GET", "/", fields))
    values = [value for name, value in seen["fields"] if name == "cookie"]
    assert "; ".join(values) == "a=1; b=2"
    assert len(values) == 1 or client.upstream == "h2"
    response = client.request("GET", "/cookies")
    cookies = [value for name, value in response.fields if name == "set-cookie"]
    assert [cookie.split(";")[0] for cookie in cookies] == ["a=1", "b=2"]


def test_names_of_the_origin_are_turned_round(pair):
    client, _ = pair
    assert client.request("GET", "/redirect/there").field("location") == "http://origin.test/there"
    cookies = [value for name, value in client.request("GET", "/cookies").fields if name == "set-cookie"]
    assert all("origin.test" not in cookie for cookie in cookies) and "Path=/" in cookies[0]


@pytest.mark.parametrize("upstream", ALPN)
def test_hop_by_hop_fields_stay_here(origin, proxy, upstream):
    client = Http1Client(proxy(origin(alpn=ALPN[upstream]).port).mapped)
    seen = echoed(client.request("GET", "/", [("Connection", "keep-alive, x-mine"), ("x-mine", "1"), ("Keep-Alive", "5"),
                                              ("Proxy-Connection", "keep-alive"), ("Proxy-Authorization", "Basic eDp5"),
                                              ("TE", "gzip"), ("x-theirs", "2")]))
    names = {name for name, _ in seen["fields"]}
    assert "x-theirs" in names
    assert not names & {"x-mine", "keep-alive", "proxy-connection", "proxy-authorization", "te", "upgrade"}
    client.close()


def test_pipelined_requests_are_answered_in_order(origin, proxy):
    for alpn in ALPN.values():
        running = proxy(origin(alpn=alpn).port)
        sock = connect(running.mapped)
        sock.sendall(b"".join(b"GET /bytes/%d HTTP/1.1\r\nHost: origin.test\r\n\r\n" % size for size in range(1, 21)))
        client = Http1Client.__new__(Http1Client)
        client.sock, client._waiting = sock, b""
        for size in range(1, 21):
            version, status, *_ = client.line().split()
            assert (version, status) == ("HTTP/1.1", "200")
            assert dict(client.fields())["content-length"] == str(size)
            body = b""
            while len(body) < size:
                body += client.some(size - len(body))
            assert body == pattern(size)
        sock.close()


def test_http_1_0_gets_an_answer_that_ends_with_the_connection(origin, proxy):
    running = proxy(origin().port)
    with connect(running.mapped) as sock:
        sock.sendall(b"GET /unsized/5000 HTTP/1.0\r\nHost: origin.test\r\n\r\n")
        answer = b"".join(iter(lambda: sock.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ") and b"transfer-encoding" not in head.lower()
    assert body == pattern(5000)


def test_many_streams_at_once(origin, proxy):
    for alpn in ALPN.values():
        running = proxy(origin(alpn=alpn).port)
        client = CLIENTS["h2"](running.mapped)
        exchanges = [client.open("GET", f"/bytes/{size * 1000}", body=False) for size in range(1, 51)]
        for size, exchange in reversed(list(enumerate(exchanges, 1))):
            assert exchange.response().body == pattern(size * 1000)
        client.close()
