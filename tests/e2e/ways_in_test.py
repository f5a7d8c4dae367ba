"""Each way in that the README names: the client's own command, the origin's own answer, over TLS."""
import json
import re
import subprocess

import pytest

pytestmark = pytest.mark.tsan


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)


@pytest.fixture
def served(origin, proxy, identity):
    """(proxy, origin): a mapped listener and a proxy listener before an origin that speaks both protocols."""
    behind = origin()
    return proxy(behind.port), behind


# What is typed after curl; what the origin sees. {proxy} and {map} are the listeners.
CURL = [
    ("-x http://127.0.0.1:{proxy} http://plain.test/path", "plain.test"),
    ("http://127.0.0.1:{map}/path", "origin.test"),
    ("--http2-prior-knowledge http://127.0.0.1:{map}/path", "origin.test"),
    ("--http2 http://127.0.0.1:{map}/path", "origin.test"),
    ("http://origin.test.localhost:{proxy}/path", "origin.test"),
    ("--http2-prior-knowledge http://origin.test.localhost:{proxy}/path", "origin.test"),
    ("http://origin.test.8443.localhost:{proxy}/path", "origin.test:8443"),
    ("-x http://127.0.0.1:{proxy} --request-target https://origin.test/path http://x.test/", "origin.test"),
]


@pytest.mark.parametrize("typed, host", CURL, ids=[typed for typed, _ in CURL])
def test_curl(origin, proxy, typed, host):
    behind, plain = origin(), origin(identity=None)
    running = proxy(behind.port, more=f'[[rule]]\nhost = "plain.test"\naddress = "127.0.0.1:{plain.port}"\n')
    words = typed.format(proxy=running.port, map=running.mapped).split()
    answer = run("curl", "-sS", "--fail-with-body", "-w", "\n%{http_version}", *words)
    assert answer.returncode == 0, answer
    body, version = answer.stdout.rsplit("\n", 1)
    seen = json.loads(body)
    assert (seen["method"], seen["path"], seen["authority"]) == ("GET", "/path", host)
    assert version == ("2" if "--http2" in typed else "1.1")
    assert any(name == "via" and "alert40" in value for name, value in seen["fields"])
    assert len(plain.hellos if host == "plain.test" else behind.hellos) == (host != "plain.test")


@pytest.mark.parametrize("flags", [["--http1.1"], ["--http2-prior-knowledge"], ["--http2"]], ids=lambda flags: flags[0])
def test_curl_posts(served, flags, tmp_path):
    running, _ = served
    (tmp_path / "body").write_bytes(bytes(range(256)) * 4000)
    answer = run("curl", "-sS", *flags, "--data-binary", f"@{tmp_path / 'body'}", f"http://127.0.0.1:{running.mapped}/post")
    assert json.loads(answer.stdout)["length"] == 1024000


def test_nghttp(served):
    running, behind = served
    answer = run("nghttp", "-nv", f"http://127.0.0.1:{running.mapped}/a", f"http://127.0.0.1:{running.mapped}/b")
    assert answer.returncode == 0
    assert answer.stdout.count(":status: 200") == 2
    assert sorted(path for _, path, _ in behind.requests) == ["/a", "/b"]


def test_nghttp_by_upgrade(served):
    running, behind = served
    answer = run("nghttp", "-nvu", f"http://127.0.0.1:{running.mapped}/a")
    assert "HTTP/1.1 101" in answer.stdout and ":status: 200" in answer.stdout
    assert [path for _, path, _ in behind.requests] == ["/a"]


@pytest.mark.parametrize("protocol", ["--h1", "--no-tls-proto=h2c"])
@pytest.mark.parametrize("upstream_h2", [False, True], ids=["to-h1", "to-h2"])
def test_h2load(peers, proxy, protocol, upstream_h2):
    running = proxy(peers.nginx(h2=upstream_h2).port)
    answer = run("h2load", protocol, "-n", "2000", "-c", "8", "-m", "8" if "h2c" in protocol else "1",
                 f"http://127.0.0.1:{running.mapped}/hello")
    assert re.search(r"status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx", answer.stdout), answer.stdout
    assert re.search(r"2000 succeeded, 0 failed, 0 errored, 0 timeout", answer.stdout)


def test_the_terminal_tells_of_each_handshake(served):
    running, behind = served
    run("curl", "-sS", f"http://127.0.0.1:{running.mapped}/")
    line = running.wait_for(r"upstream origin\.test:443 .*").group()
    assert re.search(rf"\(127\.0\.0\.1(:{behind.port})?\) #1 modern  TLS 1\.3 TLS_\w+ \w+ h2  .* ms  offered TLS 1\.2-1\.3, h2 http/1\.1",
                     line), line
    assert "rule test" in line


def test_a_host_field_alone_names_a_plain_origin(origin, proxy):
    """As when a name of the origin is made to point at this machine."""
    plain = origin(identity=None)
    running = proxy(1, more=f'[[rule]]\nhost = "plain.test"\naddress = "127.0.0.1:{plain.port}"\n')
    answer = run("curl", "-sS", f"http://127.0.0.1:{running.port}/path", "-H", "Host: plain.test")
    assert json.loads(answer.stdout)["authority"] == "plain.test"


def test_a_loop_is_refused_at_once(proxy):
    running = proxy(1, rule="")
    answer = run("curl", "-sS", "-i", "-x", f"http://127.0.0.1:{running.port}", f"http://127.0.0.1:{running.port}/")
    assert answer.stdout.startswith("HTTP/1.1 502 ")
    assert "proxy_loop_detected" in answer.stdout
