"""A gRPC client over h2c, through the proxy, to a gRPC server over TLS: all four shapes, trailers, cancel, deadline."""
from concurrent import futures
import threading

import grpc
import pytest

from origin.rules import rule

pytestmark = pytest.mark.tsan

PATIENCE = 30
UNARY, UP, DOWN, BOTH = "/test.Echo/Unary", "/test.Echo/Up", "/test.Echo/Down", "/test.Echo/Both"


class Echo(grpc.GenericRpcHandler):
    """Messages are bytes. "fail" aborts with a message and trailers."""

    def __init__(self):
        self.cancelled = threading.Event()
        self.deadline = None

    def service(self, details):
        return {
            UNARY: grpc.unary_unary_rpc_method_handler(self.unary),
            UP: grpc.stream_unary_rpc_method_handler(self.up),
            DOWN: grpc.unary_stream_rpc_method_handler(self.down),
            BOTH: grpc.stream_stream_rpc_method_handler(self.both),
        }.get(details.method)

    def unary(self, request, context):
        context.send_initial_metadata((("x-initial", "1"),))
        context.set_trailing_metadata((("x-trailing", "2"), ("x-trailing-bin", b"\x00\xff")))
        if request == b"fail":
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "it is wrong: ä%")
        if request == b"wait":
            self.deadline = context.time_remaining()
            self._call_ends(context)
            self.cancelled.wait(PATIENCE)
        return request

    def up(self, requests, context):
        return b"".join(requests)

    def down(self, request, context):
        if request == b"hold":
            self._call_ends(context)
        for number in range(3):
            yield request + b"%d" % number
        if request == b"hold":
            self.cancelled.wait(PATIENCE)

    def both(self, requests, context):
        yield from requests

    def _call_ends(self, context):
        if not context.add_callback(self.cancelled.set):
            self.cancelled.set()


@pytest.fixture
def service(identity):
    server = grpc.server(futures.ThreadPoolExecutor(8))
    echo = Echo()
    server.add_generic_rpc_handlers((echo,))
    credentials = grpc.ssl_server_credentials([(identity.key.read_bytes(), identity.cert.read_bytes())])
    echo.port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    yield echo
    server.stop(None).wait()


def channel_to(port):
    return grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.default_authority", "origin.test"), ("grpc.enable_retries", 0),
                                                               ("grpc.enable_http_proxy", 0)])


@pytest.fixture(params=["direct", "nginx"])
def channel(request, service, proxy, peers):
    """To the server itself, or to an nginx before it."""
    port = service.port
    if request.param == "nginx":
        port = peers.nginx(more=f"location /test.Echo/ {{ grpc_pass grpcs://127.0.0.1:{service.port}; grpc_read_timeout 60s; }}").port
    with channel_to(proxy(port).mapped) as channel:
        yield channel


def test_unary(channel):
    response, call = channel.unary_unary(UNARY).with_call(b"hello", metadata=(("x-own", "mine"),), timeout=PATIENCE)
    assert response == b"hello"
    assert ("x-initial", "1") in call.initial_metadata()
    trailing = {pair.key: pair.value for pair in call.trailing_metadata()}
    assert (trailing["x-trailing"], trailing["x-trailing-bin"]) == ("2", b"\x00\xff")


def test_large_messages(channel):
    message = bytes(range(256)) * 12000
    assert channel.unary_unary(UNARY)(message, timeout=PATIENCE) == message


def test_an_error_with_its_message(channel):
    with pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary(UNARY)(b"fail", timeout=PATIENCE)
    assert (raised.value.code(), raised.value.details()) == (grpc.StatusCode.FAILED_PRECONDITION, "it is wrong: ä%")
    assert "x-trailing" in {pair.key for pair in raised.value.trailing_metadata()}


def test_an_unknown_method(channel):
    with pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary("/test.Echo/Nothing")(b"", timeout=PATIENCE)
    assert raised.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_client_stream(channel):
    assert channel.stream_unary(UP)(iter([b"a", b"b", b"", b"c"]), timeout=PATIENCE) == b"abc"


def test_server_stream(channel):
    assert list(channel.unary_stream(DOWN)(b"n", timeout=PATIENCE)) == [b"n0", b"n1", b"n2"]


def test_both_streams_take_turns(channel):
    answered = []
    next_one = threading.Semaphore(1)

    def requests():
        for number in range(5):
            assert next_one.acquire(timeout=PATIENCE)
            yield b"%d" % number

    for response in channel.stream_stream(BOTH)(requests(), timeout=PATIENCE):
        answered.append(response)
        next_one.release()
    assert answered == [b"0", b"1", b"2", b"3", b"4"]


def test_cancel_reaches_the_server(channel, service):
    call = channel.unary_stream(DOWN)(b"hold", timeout=PATIENCE)
    assert [next(call) for _ in range(3)] == [b"hold0", b"hold1", b"hold2"]
    call.cancel()
    assert service.cancelled.wait(PATIENCE)


def test_the_deadline_is_passed_on(channel, service):
    with pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary(UNARY)(b"wait", timeout=2)
    assert raised.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert service.cancelled.wait(PATIENCE)
    assert 0 < service.deadline < PATIENCE  # what is left of it, as the client has rounded it


def test_many_calls_at_once(channel):
    calls = [channel.unary_unary(UNARY).future(b"%d" % number, timeout=PATIENCE) for number in range(200)]
    assert [call.result() for call in calls] == [b"%d" % number for number in range(200)]


def test_a_handshake_that_fails_is_status_14_with_the_reason(origin, proxy):
    with channel_to(proxy(origin("alert:40").port).mapped) as channel:
        with pytest.raises(grpc.RpcError) as raised:
            channel.unary_unary(UNARY)(b"hello", timeout=PATIENCE)
    assert raised.value.code() == grpc.StatusCode.UNAVAILABLE
    assert "alert 40 handshake_failure" in raised.value.details()


def test_both_streams_over_a_ladder_that_ended_with_http_1_fail_fast(origin, proxy):
    with channel_to(proxy(origin(rule("alert:40", when="alpn=h2")).port).mapped) as channel:
        with pytest.raises(grpc.RpcError) as raised:
            list(channel.stream_stream(BOTH)(iter([b"one"]), timeout=PATIENCE))
    assert raised.value.code() == grpc.StatusCode.UNAVAILABLE
    assert "HTTP/2" in raised.value.details() or "h2" in raised.value.details()
