"""@connectrpc/connect-node through tunnels, over h2 and http/1.1, with the Connect protocol and with gRPC."""
import pytest

from node_clients import node, node_service, steps  # noqa: F401
from tunnels import broken_as_in_the_lab, mode, open_tunnel, our_authority, tunnel  # noqa: F401

# HTTP/1.1 has no way for both sides to stream at once; connect-node's own client refuses to try.
OVER_HTTP1 = "unary,large,error,up,down,deadline,cancel"
WAYS = {"connect-h2": ("2", "connect", None), "connect-h1": ("1.1", "connect", OVER_HTTP1), "grpc-h2": ("2", "grpc", None)}


@pytest.fixture(scope="module")
def service(node_service):
    """The port of the Echo service by connect-node, over TLS, h2 and http/1.1."""
    return node_service("connect_origin")


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


def call(steps, through, way, wanted=None):
    http, protocol, possible = way
    return steps("connect_client", base="https://origin.test", http=http, protocol=protocol, proxy=through.url, ca=through.ca,
                 steps=wanted or possible)


def all_shapes_work(results, way):
    """The streams prove by themselves that each message arrives before the next is sent: see echo.proto."""
    assert results["unary"] == {"text": "hello", "data": 0, "initial": "1", "trailing": "2"}
    assert results["large"]["data"] == 2_000_000
    assert (results["error"]["code"], results["error"]["trailing"]) == (9, "2")
    assert results["error"]["details"].startswith("it is wrong")
    assert results["up"] == {"text": "abc"}
    assert results["down"] == {"numbers": [0, 1, 2, 3], "trailing": "2"}
    assert (results["deadline"], results["cancel"]) == ({"code": 4}, {"code": 1})
    assert ("both" in results) == (way[0] == "2")
    assert results.get("both", {}).get("texts", list("01234")) == list("01234")


def test_all_shapes(service, tunnel, steps, way):
    through = tunnel(service)
    all_shapes_work(call(steps, through, way), way)
    assert ("h2" in through.passed()["offered"]["alpn"]) == (way[0] == "2")


def test_an_origin_that_answers_alert_40_to_tls_13(service, broken_as_in_the_lab, tunnel, steps, way):
    through = tunnel(broken_as_in_the_lab(service, "tls13-alert-40"))
    if through.intercepted:
        all_shapes_work(call(steps, through, way), way)
        through.mended()
    else:
        refused_in_its_own_words(steps, through, way)


def test_an_origin_that_answers_alert_40_to_h2(service, broken_as_in_the_lab, tunnel, steps, way):
    """Then the ladder lands on http/1.1: what fits into it works, and the rest fails at once with an error that the library reads."""
    http, protocol, _ = way
    through = tunnel(broken_as_in_the_lab(service, "h2-alert-40"))
    if through.mode == "watch" and http == "2":
        return refused_in_its_own_words(steps, through, way)
    if protocol == "grpc":
        results = call(steps, through, way, "unary,both")
        assert results["both"].startswith("14: "), results
    else:
        results = call(steps, through, way)
        both = results.pop("both", None)
        all_shapes_work(results, ("1.1",))
        assert http == "1.1" or (both.startswith("14: ") and ("HTTP/2" in both or "h2" in both)), both
    through.mended() if through.intercepted else through.passed()


def refused_in_its_own_words(steps, through, way):
    error = " ".join(call(steps, through, way, "unary").values())
    assert "alert handshake failure" in error or "alert number 40" in error, error
    through.refused()


@pytest.mark.parametrize("http", ["2", "1.1"])
def test_no_tunnel_but_a_mapped_port(service, open_tunnel, steps, http):
    """Node's http2 knows no proxies: this is how its transport gets here without code of the app's own."""
    through = open_tunnel("watch", service)
    results = steps("connect_client", base=f"http://127.0.0.1:{through.running.mapped}", http=http, steps=None if http == "2" else OVER_HTTP1)
    all_shapes_work(results, (http,))
