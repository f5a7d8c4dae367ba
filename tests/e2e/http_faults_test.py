"""[[rule.fault]] within HTTP: requests, responses and connections of HTTP/2 that break on purpose, each in the words of the client."""
import asyncio
import hashlib
import json
import subprocess
import time

import grpc
import h2.errors
import pytest
import websockets

from clients import Ended, Http1Client, Http2Client
from grpc_test import PATIENCE, UNARY, channel_to, service  # noqa: F401
from origin.site import pattern
from running_proxy import wait_until
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

pytestmark = pytest.mark.tsan

CURL = {"h1": ["--http1.1"], "h2c": ["--http2-prior-knowledge"]}


def faulty(*faults, host="origin.test"):
    return f'[[rule]]\nname = "broken"\nhost = "{host}"\n' + "".join(f"[[rule.fault]]\n{fault}\n" for fault in faults)


def curl(url, *words):
    command = ["curl", "-sS", "--max-time", 60, *words, url]
    return subprocess.run([str(word) for word in command], capture_output=True, timeout=120)


def mapped(running, path="/path"):
    return f"http://127.0.0.1:{running.mapped}{path}"


def failures(running):
    return [one for one in running.records("connection_failure") if one.get("injected_by") == "broken"]


def injected(running, kind, detail):
    """The one record of a blow."""
    [one] = wait_until(lambda: failures(running), "a record of what was injected")
    assert (one["side"], one["target"]["host"]) == ("downstream", "origin.test")
    assert (one["failure"]["by"], one["failure"]["kind"], one["failure"]["detail"]) == ("injected", kind, detail), one
    running.wait_for(r'downstream origin\.test.* injected: .* on purpose, by rule "broken"')
    return one


# The fault; by protocol, the exit status and the words of curl; kind and detail on record.
FAULTS = {
    "close": ("at = 'request'\ndo = { close = true }",
              {"h1": (52, b"Empty reply from server"), "h2c": (18, b"HTTP/2 stream 1 was not closed cleanly")}, "eof", "close at request"),
    "reset": ("at = 'request'\ndo = { reset = true }",
              {"h1": ((55, 56), b"Connection reset by peer"), "h2c": ((55, 56), b"Connection reset by peer")}, "reset", "reset at request"),
    "rst_stream": ("do = { rst_stream = 'ENHANCE_YOUR_CALM' }",
                   {"h2c": (92, b"ENHANCE_YOUR_CALM (err 11)")}, "h2", "rst_stream 11 ENHANCE_YOUR_CALM at request"),
    "a code without a name": ("do = { rst_stream = '0xbeef' }", {"h2c": (92, b"err 48879")}, "h2", "rst_stream 48879 at request"),
    "goaway": ("do = { goaway = 'INADEQUATE_SECURITY', processed = true }",
               {"h2c": (18, b"HTTP/2 stream 1 was not closed cleanly")}, "h2", "goaway 12 INADEQUATE_SECURITY (processed) at request"),
    "instead of an answer": ("at = 'response'\ndo = { rst_stream = 2 }",
                             {"h2c": (92, b"INTERNAL_ERROR (err 2)")}, "h2", "rst_stream 2 INTERNAL_ERROR at response"),
    "truncate": ("do = { truncate = 1000 }",
                 {"h1": (18, b"bytes remaining to read"), "h2c": (92, b"PROTOCOL_ERROR")}, "http", "truncate after 1000 bytes at response"),
    "truncate by reset": ("do = { truncate = '1KiB', by = 'reset' }",
                          {"h1": ((55, 56), b"Connection reset by peer"), "h2c": ((55, 56), b"Connection reset by peer")},
                          "http", "truncate after 1024 bytes by reset at response"),
    "truncate by code": ("do = { truncate = 0, by = 'CANCEL' }",
                         {"h2c": (92, b"CANCEL (err 8)")}, "http", "truncate after 0 bytes by rst_stream 8 CANCEL at response"),
}


@pytest.mark.parametrize("name, protocol", [(name, protocol) for name, row in FAULTS.items() for protocol in row[1]])
def test_curl_fails_in_its_own_words(origin, proxy, name, protocol):
    fault, words, kind, detail = FAULTS[name]
    behind = origin()
    running = proxy(behind.port, more=faulty(fault))
    done = curl(mapped(running, "/bytes/100000"), *CURL[protocol])
    status, says = words[protocol]  # curl may be about to send when it is reset, or to receive
    assert done.returncode in (status if isinstance(status, tuple) else (status,)) and says in done.stderr, done.stderr
    injected(running, kind, detail)
    if detail.endswith("at request"):
        assert behind.requests == []


def test_curl_comes_again_by_http1_where_that_is_required(origin, proxy):
    running = proxy(origin().port, more=faulty("do = { http_1_1_required = true }"))
    done = curl(mapped(running), "--http2-prior-knowledge", "-o", "/dev/null", "-w", "%{http_code} %{http_version}")
    assert done.stdout == b"200 1.1", done.stderr
    injected(running, "h2", "rst_stream 13 HTTP_1_1_REQUIRED at request")


def test_a_fault_of_http2_leaves_http1_alone(origin, proxy):
    running = proxy(origin().port, more=faulty("do = { rst_stream = 'CANCEL' }"))
    done = curl(mapped(running), "--http1.1", "-w", "%{http_code}", "-o", "/dev/null")
    assert done.stdout == b"200", done.stderr
    assert failures(running) == []


@pytest.mark.parametrize("protocol", CURL)
@pytest.mark.parametrize("at", ["request", "response"])
def test_a_status(origin, proxy, protocol, at):
    behind = origin()
    running = proxy(behind.port, more=faulty(f"at = '{at}'\ndo = {{ status = 503, retry_after = '7s' }}"))
    done = curl(mapped(running), *CURL[protocol], "-i", "-d", "some body")
    head = done.stdout.decode().lower()
    assert head.split()[1] == "503" and "retry-after: 7" in head and 'by rule "broken"' in head
    assert "proxy-status: alert40; details=" in head
    assert len(behind.requests) == (1 if at == "response" else 0)
    injected(running, "http", f"status 503 with Retry-After of 7s at {at}")


def test_a_delay(origin, proxy):
    running = proxy(origin().port, more=faulty("at = 'request'\ndo = { delay = '300ms' }", "at = 'response'\ndo = { delay = '200ms' }"))
    began = time.monotonic()
    done = curl(mapped(running))
    assert done.returncode == 0 and time.monotonic() - began > 0.45
    details = [one["failure"]["detail"] for one in wait_until(lambda: len(failures(running)) == 2 and failures(running))]
    assert details == ["delay of 300ms at request", "delay of 200ms at response"]


@pytest.mark.parametrize("protocol", CURL)
def test_a_throttled_body_comes_whole_and_slowly(origin, proxy, protocol):
    running = proxy(origin().port, more=faulty("do = { throttle = '64KiB' }"))
    began = time.monotonic()
    done = curl(mapped(running, "/bytes/100000"), *CURL[protocol])
    assert done.returncode == 0 and hashlib.sha256(done.stdout).digest() == hashlib.sha256(pattern(100000)).digest()
    assert time.monotonic() - began > 1
    injected(running, "timeout", "throttle to 65536 bytes a second at response")


@pytest.mark.parametrize("protocol", CURL)
def test_a_body_that_stalls(origin, proxy, protocol):
    running = proxy(origin().port, more=faulty("do = { stall = 5000 }"))
    done = curl(mapped(running, "/bytes/100000"), *CURL[protocol], "--speed-time", 2, "--speed-limit", 1)
    assert done.returncode == 28 and b"Operation too slow" in done.stderr
    assert done.stdout == pattern(100000)[:5000]
    injected(running, "timeout", "stall after 5000 bytes at response")


def test_silence_in_the_place_of_an_answer(origin, proxy):
    running = proxy(origin().port, more=faulty("at = 'request'\ndo = { silence = true }"))
    done = curl(mapped(running), "--max-time", 1)
    assert done.returncode == 28 and b"0 bytes received" in done.stderr
    injected(running, "timeout", "silence at request")


# ---- a connection of HTTP/2, frame by frame

def test_goaway_says_whether_a_request_was_processed(origin, proxy):
    for processed in ("true", "false"):
        running = proxy(origin().port, more=faulty(f"when = {{ path = '/second' }}\ndo = {{ goaway = 'NO_ERROR', processed = {processed} }}"))
        client = Http2Client(running.mapped)
        assert client.request("GET", "/first").status == 200
        client.open("GET", "/second", body=False)
        with pytest.raises(Ended):
            client.pump_until(lambda: False)
        assert client.goaway.error_code == h2.errors.ErrorCodes.NO_ERROR
        assert client.goaway.last_stream_id == (3 if processed == "true" else 1)
        client.close()


def test_goaway_as_the_first_word(origin, proxy):
    behind = origin()
    running = proxy(behind.port, more=faulty("at = 'preface'\nwhen = { times = 1 }\ndo = { http_1_1_required = true }"))
    done = curl(mapped(running), "--http2-prior-knowledge")
    assert done.returncode in (16, 55, 56) and behind.requests == [], done.stderr
    injected(running, "h2", "goaway 13 HTTP_1_1_REQUIRED at preface")
    assert curl(mapped(running), "--http2-prior-knowledge").returncode == 0


def test_settings_are_never_acknowledged(origin, proxy):
    running = proxy(origin().port, more=faulty("do = { no_settings_ack = true }"))
    client = Http2Client(running.mapped)
    acknowledged = []
    client.h2.local_settings.acknowledge = lambda: acknowledged.append(True) or {}
    assert client.request("GET", "/path").status == 200
    assert client.request("GET", "/path").status == 200
    assert acknowledged == []
    injected(running, "h2", "no_settings_ack at preface")
    client.close()


def test_a_window_that_is_never_opened(origin, proxy):
    behind = origin()
    running = proxy(behind.port, more=faulty("do = { no_window = true }"))
    assert curl(mapped(running), "--http2-prior-knowledge").returncode == 0
    done = curl(mapped(running), "--http2-prior-knowledge", "-d", "x" * 100_000, "--max-time", 2)
    assert done.returncode == 28, done.stderr
    client = Http2Client(running.mapped)
    exchange = client.open("POST", "/path", length=5)
    client.pump_until(lambda: client.settings)
    assert client.h2.local_flow_control_window(exchange.stream) == 0
    client.close()


# ---- where it strikes, and where it does not

def test_only_the_requests_that_are_meant(origin, proxy):
    running = proxy(origin().port, more=faulty("when = { path = '/v1/*', method = ['POST', 'PUT'], every = 2 }\ndo = { status = 500 }"))

    def status(path, *words):
        return curl(mapped(running, path), "-o", "/dev/null", "-w", "%{http_code}", *words).stdout.decode()

    assert [status("/v1/a?x=/v2", "-d", "x") for _ in range(4)] == ["500", "200", "500", "200"]
    assert status("/v1/a") == status("/v2/a", "-d", "x") == "200"
    assert len(wait_until(lambda: len(failures(running)) > 1 and failures(running))) == 2


def test_only_the_host_that_the_rule_names(origin, proxy):
    running = proxy(origin().port, more=faulty("do = { status = 500 }", "at = 'preface'\ndo = { no_window = true }", host="other.test"))
    assert curl(mapped(running), "-f").returncode == 0
    assert curl("http://origin.test.localhost/path", "-f", "--http2-prior-knowledge", "--connect-to", f"::127.0.0.1:{running.port}").returncode == 0
    assert failures(running) == []


def test_in_absolute_form(origin, proxy):
    running = proxy(origin().port, more=faulty("do = { status = 418 }"))
    done = curl("http://origin.test/path", "-x", f"http://127.0.0.1:{running.port}", "-w", "%{http_code}", "-o", "/dev/null")
    assert done.stdout == b"418"
    injected(running, "http", "status 418 at request")


@pytest.mark.parametrize("mode_now", ["watch", "intercept"])
@pytest.mark.parametrize("protocol", ["--http2", "--http1.1"])
def test_in_a_tunnel_which_is_intercepted_for_it(origin, open_tunnel, our_authority, mode_now, protocol):
    through = open_tunnel(mode_now, origin().port, first=faulty("when = { path = '/path', times = 1 }\ndo = { status = 502 }"))
    words = ("-x", through.url, "--cacert", our_authority.file, protocol, "-w", "%{http_code} %{http_version}", "-o", "/dev/null")
    version = "2" if protocol == "--http2" else "1.1"
    assert curl("https://origin.test/path", *words).stdout.decode() == f"502 {version}"
    assert curl("https://origin.test/path", *words).stdout.decode() == f"200 {version}"
    broken = injected(through.running, "http", "status 502 at request")
    [first, _] = through.handshakes("downstream", mode="intercept", outcome="established")
    assert broken["handshake"] == first["id"]


def test_in_a_socks_tunnel(origin, open_tunnel, our_authority):
    through = open_tunnel("watch", origin().port, first=faulty("do = { http_1_1_required = true }"))
    words = ("--proxy", f"socks5h://127.0.0.1:{through.running.port}", "--cacert", our_authority.file)
    done = curl("https://origin.test/path", *words, "--http2", "-w", "%{http_version}", "-o", "/dev/null")
    assert (done.returncode, done.stdout) == (0, b"1.1"), done.stderr
    injected(through.running, "h2", "rst_stream 13 HTTP_1_1_REQUIRED at request")


def test_a_session_of_node(origin, open_tunnel, our_authority):
    through = open_tunnel("intercept", origin().port, first=faulty("do = { goaway = 'ENHANCE_YOUR_CALM', processed = true }"))
    script = """
        const http = require('http'), http2 = require('http2'), tls = require('tls'), fs = require('fs');
        const [port, ca] = process.argv.slice(1);
        const connect = http.request({port, method: 'CONNECT', path: 'origin.test:443'});
        connect.on('connect', (_, socket) => {
          const over = tls.connect({socket, servername: 'origin.test', ca: fs.readFileSync(ca), ALPNProtocols: ['h2']});
          const session = http2.connect('https://origin.test', {createConnection: () => over});
          session.on('error', e => console.log('session', e.code, e.message));
          session.on('goaway', (code, last) => console.log('goaway', code, last));
          const call = session.request({':path': '/path'});
          call.on('error', e => console.log('stream', e.code, e.message));
          call.on('close', () => { console.log('closed', call.rstCode); setImmediate(() => process.exit(0)); });
          call.end();
        });
        connect.end();
    """
    done = subprocess.run(["node", "-e", script, str(through.running.port), str(our_authority.file)], capture_output=True, text=True, timeout=60)
    assert "goaway 11 1" in done.stdout, done.stdout + done.stderr
    assert "ERR_HTTP2_SESSION_ERROR Session closed with error code 11" in done.stdout, done.stdout
    injected(through.running, "h2", "goaway 11 ENHANCE_YOUR_CALM (processed) at request")


# ---- WebSocket and RPC

@pytest.mark.parametrize("cut", ["truncate = '300ms'", "truncate = 3, by = 'reset'", "truncate = 3, by = 'close'"])
def test_a_websocket_is_cut(origin, proxy, cut):
    running = proxy(origin().port, more=faulty(f"when = {{ path = '/websocket' }}\ndo = {{ {cut} }}"))

    async def talk():
        async with websockets.connect(f"ws://127.0.0.1:{running.mapped}/websocket", ping_interval=None) as socket_:
            await socket_.send("a message")
            while True:
                await socket_.recv()

    with pytest.raises(websockets.ConnectionClosedError) as raised:
        asyncio.run(asyncio.wait_for(talk(), 60))
    assert "no close frame received" in str(raised.value)
    [one] = wait_until(lambda: failures(running))
    assert one["failure"]["detail"].startswith("truncate after ")


@pytest.mark.parametrize("code, status", [("14", grpc.StatusCode.UNAVAILABLE), ("'RESOURCE_EXHAUSTED'", grpc.StatusCode.RESOURCE_EXHAUSTED)])
def test_a_grpc_status(service, proxy, code, status):
    running = proxy(service.port, more=faulty(f"when = {{ times = 1 }}\ndo = {{ grpc_status = {code} }}"))
    with channel_to(running.mapped) as channel:
        with pytest.raises(grpc.RpcError) as raised:
            channel.unary_unary(UNARY)(b"hello", timeout=PATIENCE)
        assert (raised.value.code(), raised.value.details()) == (status, 'on purpose, by rule "broken"')
        assert channel.unary_unary(UNARY)(b"hello", timeout=PATIENCE) == b"hello"
    injected(running, "http", f"grpc_status {status.value[0]} {status.name} at request")


def test_grpc_says_what_broke_its_stream(service, proxy):
    running = proxy(service.port, more=faulty("do = { rst_stream = 'INTERNAL_ERROR' }"))
    with channel_to(running.mapped) as channel, pytest.raises(grpc.RpcError) as raised:
        channel.unary_unary(UNARY)(b"hello", timeout=PATIENCE)
    assert raised.value.code() == grpc.StatusCode.INTERNAL and "RST_STREAM" in raised.value.details()


def test_a_code_in_the_connect_protocol(origin, proxy):
    running = proxy(origin().port, more=faulty("do = { grpc_status = 'RESOURCE_EXHAUSTED' }"))
    done = curl(mapped(running), "-H", "content-type: application/json", "-H", "connect-protocol-version: 1", "-d", "{}", "-w", "\\n%{http_code}")
    body, status = done.stdout.decode().rsplit("\n", 1)
    assert status == "429"
    assert json.loads(body) == {"code": "resource_exhausted", "message": 'on purpose, by rule "broken"'}
    assert curl(mapped(running), "-f", "-d", "{}").returncode == 0, "no RPC"


# ---- what a policy may not say

MISTAKES = {
    "do = { rst_stream = 'CANCELED' }": r'"rst_stream" takes a name such as "HTTP_1_1_REQUIRED", or its number, not "CANCELED"',
    "at = 'client_hello'\ndo = { status = 503 }": '"status" cannot strike at "client_hello": it answers a request',
    "at = 'connect'\nwhen = { path = '/' }\ndo = { reset = true }": 'no request is known at "connect"',
    "do = { truncate = 10, by = 'fin' }": '"by"',
    "do = { throttle = '2 parsecs' }": '"throttle" takes a number of bytes',
    "do = { status = 101 }": '"status"',
    "do = { status = 500, processed = true }": '"do" takes one of',
    "do = { retry_after = '1s' }": '"retry_after" only says more of "status"',
}


@pytest.mark.parametrize("fault", MISTAKES)
def test_check_refuses_what_cannot_be(binary, tmp_path, environment, fault):
    (tmp_path / "p.toml").write_text(faulty(fault))
    done = subprocess.run([binary, "check", tmp_path / "p.toml"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and MISTAKES[fault] in done.stdout + done.stderr, done.stdout + done.stderr
