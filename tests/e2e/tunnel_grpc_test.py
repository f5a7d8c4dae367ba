"""@grpc/grpc-js through tunnels, pointed here by its environment: all four shapes, trailers, deadline and cancel."""
import pytest

from node_clients import node, node_service, steps  # noqa: F401
from origin.rules import rule
from tunnels import broken_as_in_the_lab, mode, open_tunnel, our_authority, tunnel  # noqa: F401

TRAILING = {"x-trailing": "2", "x-trailing-bin": "00ff"}
UNAVAILABLE = "14: "


@pytest.fixture(scope="module")
def service(node_service):
    """The port of the Echo service by grpc-js, over TLS."""
    return node_service("grpc_origin")


def call(steps, through, wanted=None, variable="https_proxy"):
    return steps("grpc_client", variables={variable: through.url}, target="origin.test:443", ca=through.ca, steps=wanted)


def all_shapes_work(results):
    """The streams prove by themselves that each message arrives before the next is sent: see echo.proto."""
    unary = results["unary"]
    assert (unary["text"], unary["status"], unary["initial"]["x-initial"], unary["trailing"]) == ("hello", 0, "1", TRAILING)
    assert results["large"]["data"] == 2_000_000
    assert results["error"] == {"code": 9, "details": "it is wrong: ä%", "trailing": TRAILING}
    assert results["unknown"].startswith("12: ")
    assert (results["up"]["text"], results["up"]["trailing"]) == ("abc", TRAILING)
    assert results["down"] == {"numbers": [0, 1, 2, 3], "status": 0, "trailing": TRAILING}
    assert results["both"] == {"texts": ["0", "1", "2", "3", "4"], "status": 0, "trailing": TRAILING}
    assert (results["deadline"], results["cancel"]) == ({"code": 4}, {"code": 1})


@pytest.mark.parametrize("variable", ["https_proxy", "grpc_proxy"])
def test_all_shapes(service, tunnel, steps, variable):
    through = tunnel(service)
    all_shapes_work(call(steps, through, variable=variable))
    through.spoke("h2")


def test_an_origin_that_answers_alert_40_to_tls_13(service, broken_as_in_the_lab, tunnel, steps):
    """It speaks h2 all the same, so that the ladder ends with a profile that gRPC can live with."""
    through = tunnel(broken_as_in_the_lab(service, "tls13-alert-40"))
    if through.intercepted:
        all_shapes_work(call(steps, through))
        through.mended()
    else:
        error = call(steps, through, "unary")["unary"]
        assert error.startswith(UNAVAILABLE) and "handshake failure" in error, error
        through.refused()


def test_an_origin_that_answers_alert_40_to_h2(origin, tunnel, steps):
    """Nothing can mend that for gRPC; but it fails at once, in words that say why."""
    through = tunnel(origin(rule("alert:40", when="alpn=h2")).port)
    results = call(steps, through, "unary,both")
    through.refused()
    for error in results.values():
        assert error.startswith(UNAVAILABLE), results
    if through.intercepted:
        assert "HTTP/2" in results["both"] or "h2" in results["both"], results
    else:
        assert "handshake failure" in results["unary"], results


def test_an_origin_that_always_answers_alert_40(origin, open_tunnel, steps):
    through = open_tunnel("intercept", origin("alert:40").port)
    assert "alert 40 handshake_failure" in call(steps, through, "unary")["unary"]


def test_no_tunnel_but_a_mapped_port(service, open_tunnel, steps):
    through = open_tunnel("watch", service)
    all_shapes_work(steps("grpc_client", target=f"127.0.0.1:{through.running.mapped}", authority="origin.test"))
