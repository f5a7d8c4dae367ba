"""Node through tunnels: fetch by undici's ProxyAgent, and ws by https-proxy-agent."""
import json

import pytest

from node_clients import node  # noqa: F401
from origin.rules import rule
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

PROTOCOLS = {"h1": {}, "h2": {"h2": "yes"}}


def fetch(node, through, path="/path", **options):
    return node("fetch_client", url=f"https://origin.test{path}", proxy=through.url, ca=through.ca, **options)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_fetch(origin, tunnel, node, protocol):
    through = tunnel(origin().port)
    answer = fetch(node, through, **PROTOCOLS[protocol]).next()
    assert answer["status"] == 200, answer
    assert json.loads(answer["body"])["authority"] == "origin.test"
    through.spoke({"h1": "http/1.1", "h2": "h2"}[protocol])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_fetch_gets_each_piece_before_the_next_is_sent(origin, tunnel, node, protocol):
    behind = origin()
    client = fetch(node, tunnel(behind.port), "/sse/a", stream="yes", **PROTOCOLS[protocol])
    behind.streams.push("a", b"first")
    assert client.next() == {"status": 200}
    assert client.next() == {"piece": "data: first\n\n"}
    for piece in ("second", "third"):
        behind.streams.push("a", piece.encode())
        assert client.next() == {"piece": f"data: {piece}\n\n"}
    behind.streams.push("a", None)
    assert client.rest() == [{"ended": True}]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_fetch_uploads(origin, tunnel, node, protocol):
    answer = fetch(node, tunnel(origin().port), upload=3_000_000, **PROTOCOLS[protocol]).next()
    assert json.loads(answer["body"])["length"] == 3_000_000


@pytest.mark.parametrize("protocol, refused", [("h1", "max-version=1.3"), ("h2", "alpn=h2")])
def test_fetch_from_an_origin_that_answers_alert_40(origin, tunnel, node, protocol, refused):
    through = tunnel(origin(rule("alert:40", when=refused)).port)
    answer = fetch(node, through, **PROTOCOLS[protocol]).next()
    if through.intercepted:
        assert answer["status"] == 200, answer
        through.mended()
    else:
        assert "alert handshake failure" in answer["error"] or "alert number 40" in answer["error"], answer
        through.refused()


@pytest.mark.parametrize("upstream", [["h2"], ["http/1.1"]], ids=lambda alpn: alpn[0])
def test_ws(origin, open_tunnel, node, upstream):
    """Intercepted: the app speaks http/1.1, and the origin may speak h2 (RFC 8441)."""
    through = open_tunnel("intercept", origin(alpn=upstream).port)
    converse(node("ws_client", url="wss://origin.test/websocket", proxy=through.url, ca=through.ca))
    through.passed()


def test_ws_watched(origin, open_tunnel, node):
    through = open_tunnel("watch", origin().port)
    converse(node("ws_client", url="wss://origin.test/websocket", proxy=through.url, ca=through.ca))
    through.passed()


def converse(client):
    assert client.next() == {"open": True}
    for message in ("one", "two", "x" * 70000):
        client.say(message)
        assert client.next() == {"message": message}
    client.hang_up()
    assert client.next() == {"closed": 1000}


@pytest.mark.parametrize("refused", ["alpn=h2", "max-version=1.3"])
def test_ws_to_an_origin_that_answers_alert_40(origin, tunnel, node, refused):
    through = tunnel(origin(rule("alert:40", when=refused)).port)
    client = node("ws_client", url="wss://origin.test/websocket", proxy=through.url, ca=through.ca)
    if through.intercepted:
        converse(client)
        through.mended()
    elif refused == "alpn=h2":
        converse(client)  # ws never offers h2, and never runs into it
    else:
        error = client.next()["error"]
        assert "alert handshake failure" in error or "alert number 40" in error, error
        through.refused()
