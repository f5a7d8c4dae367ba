"""curl through tunnels: by CONNECT, SOCKS5 and an HTTPS proxy, in both modes, to origins that are healthy and that refuse."""
import json
import socket
import subprocess

import pytest

from origin.rules import rule
from origin.site import pattern
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

pytestmark = pytest.mark.tsan

PATIENCE = 60
# What is typed after curl to come in; {url} is the proxy, {address} its host and port.
WAYS = {
    "connect": "-x {url}",
    "socks5-hostname": "--socks5-hostname {address}",
    "socks5-credentials": "--socks5-hostname {address} --proxy-user me:secret",
}
PROTOCOLS = {"--http1.1": "1.1", "--http2": "2"}


@pytest.fixture
def curl(environment):
    """curl(tunnel, words, ...) -> the finished command; it trusts only what the tunnel's mode calls for."""

    def run(tunnel, *words, way="connect", url="https://origin.test/path"):
        address = tunnel.url.removeprefix("http://")
        come_in = WAYS[way].format(url=tunnel.url, address=address).split() if way else []
        command = ["curl", "-sS", "--max-time", str(PATIENCE), "--cacert", tunnel.ca, *come_in, *words, url]
        return subprocess.run([str(word) for word in command], capture_output=True, env=environment, timeout=2 * PATIENCE)

    return run


def answer_of(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("way", WAYS)
def test_each_way_in(origin, tunnel, curl, way, protocol):
    through = tunnel(origin().port)
    done = curl(through, protocol, "-w", "\n%{http_version}", way=way)
    assert done.returncode == 0, done.stderr
    body, version = done.stdout.decode().rsplit("\n", 1)
    seen = json.loads(body)
    assert version == PROTOCOLS[protocol]
    assert (seen["path"], seen["authority"]) == ("/path", "origin.test")
    # Watched bytes are the app's own; intercepted requests are ours, and say so.
    assert any(name == "via" for name, _ in seen["fields"]) == through.intercepted
    record = through.passed()
    assert record["offered"]["server_name"] == "origin.test"
    assert record["offered"]["alpn"] == (["h2", "http/1.1"] if protocol == "--http2" else ["http/1.1"])
    through.spoke("h2" if protocol == "--http2" else "http/1.1")
    assert record["client"]


@pytest.mark.parametrize("way", WAYS)
def test_an_origin_that_answers_alert_40_to_h2(origin, tunnel, curl, way):
    behind = origin(rule("alert:40", when="alpn=h2"))
    through = tunnel(behind.port)
    done = curl(through, "--http2", way=way)
    if through.intercepted:
        assert answer_of(done)["protocol"] == "http/1.1"
        through.mended()
    else:
        assert done.returncode == 35 and b"alert handshake failure" in done.stderr, done
        assert through.refused()["offered"]["alpn"] == ["h2", "http/1.1"]


def test_the_app_may_resolve_the_name_itself(origin, tunnel, curl):
    """SOCKS5 by address: the host is the name in the hello."""
    behind = origin()
    through = tunnel(behind.port)
    done = curl(through, "--socks5", through.url.removeprefix("http://"), "--resolve", f"origin.test:{behind.port}:127.0.0.1", way=None,
                url=f"https://origin.test:{behind.port}/path")
    assert answer_of(done)["authority"] == f"origin.test:{behind.port}"


@pytest.mark.parametrize("tls_to_the_proxy", ["localhost", "127.0.0.1"])
def test_an_https_proxy(origin, tunnel, curl, our_authority, tls_to_the_proxy):
    through = tunnel(origin().port)
    done = curl(through, "-x", f"https://{tls_to_the_proxy}:{through.running.port}", "--proxy-cacert", our_authority.file, way=None)
    assert answer_of(done)["path"] == "/path"
    through.passed()
    own = [record for record in through.running.records() if record["side"] == "downstream" and "mode" not in record]
    assert [record["outcome"] for record in own] == ["established"]
    assert own[0]["target"]["port"] == through.running.port


def test_an_https_proxy_for_plain_http(origin, tunnel, curl, our_authority):
    plain = origin(identity=None)
    through = tunnel(1, more=f'[[rule]]\nhost = "plain.test"\naddress = "127.0.0.1:{plain.port}"\nvia = "direct"\n')
    done = curl(through, "-x", f"https://localhost:{through.running.port}", "--proxy-cacert", our_authority.file, way=None,
                url="http://plain.test/path")
    assert answer_of(done)["authority"] == "plain.test"


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("upstream", ["h2", "http/1.1"])
def test_a_large_upload_that_waits_for_100(origin, tunnel, curl, tmp_path, protocol, upstream):
    (tmp_path / "body").write_bytes(pattern(5_000_000))
    through = tunnel(origin(alpn=[upstream]).port)
    done = curl(through, protocol, "-v", "-H", "Expect: 100-continue", "--expect100-timeout", PATIENCE, "--data-binary", f"@{tmp_path / 'body'}")
    seen = answer_of(done)
    assert seen["length"] == 5_000_000
    if protocol == "--http1.1" or upstream == "http/1.1":
        assert b"< HTTP/1.1 100" in done.stderr or b"< HTTP/2 100" in done.stderr


def test_a_large_download(origin, tunnel, curl):
    through = tunnel(origin().port)
    done = curl(through, "--http2", url="https://origin.test/bytes/5000000")
    assert done.stdout == pattern(5_000_000)


def test_a_failure_for_good_reaches_the_app_in_its_own_language(origin, open_tunnel, curl):
    through = open_tunnel("intercept", origin("alert:40").port)
    done = curl(through, "-i", "--suppress-connect-headers")
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/2 502", b"HTTP/1.1 502"))
    assert b"alert-id=40" in head.lower().replace(b'"', b"")
    assert b"handshake_failure" in body


def test_an_app_that_does_not_trust_the_authority(origin, open_tunnel, curl, authority):
    through = open_tunnel("intercept", origin().port)
    through.ca = authority.file
    done = curl(through)
    assert done.returncode == 60
    record = through.record("downstream", mode="intercept", outcome="failed")
    assert (record["failure"]["by"], record["failure"]["kind"]) == ("downstream", "alert")
    assert record["failure"]["alert"]["id"] == 48
    assert record["failure"]["alert"]["direction"] == "received"
    through.running.wait_for("downstream origin.*alert 48 unknown_ca from the app.*(CURL_CA_BUNDLE|SSL_CERT_FILE|alert40 ca trust)")


def test_the_authority_is_made_on_first_need(origin, start, authority, environment, tmp_path):
    behind, data = origin(), tmp_path / "data"
    policy = tmp_path / "own.toml"
    policy.write_text('[listen]\nproxy = ["127.0.0.1:0"]\n'
                      f'[[rule]]\nhost = "origin.test"\nmode = "intercept"\nvia = "direct"\naddress = "127.0.0.1:{behind.port}"\n')
    running = start("--config", str(policy), listen=None, SSL_CERT_FILE=str(authority.file), XDG_DATA_HOME=str(data))
    command = ["curl", "-sS", "--max-time", str(PATIENCE), "-x", f"http://127.0.0.1:{running.port}", "https://origin.test/path"]

    def curl(*words):
        return subprocess.run([*command, *words], capture_output=True, env=environment, timeout=2 * PATIENCE)

    assert curl().returncode == 60
    made = data / "alert40" / "ca.pem"
    assert answer_of(curl("--cacert", str(made)))["path"] == "/path"
    assert (data / "alert40" / "ca.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("refused", [False, True], ids=["healthy", "alert-40-to-h2"])
def test_a_tls_listener_behind_a_hosts_entry(origin, tunnel, curl, refused):
    """--connect-to stands for the hosts file: the app means the origin, and connects to us."""
    through = tunnel(origin(*[rule("alert:40", when="alpn=h2")] * refused).port, more='[[map]]\nlisten = "127.0.0.1:0"\nto = "https:sni"\n')
    done = curl(through, "--http2", "--connect-to", f"origin.test:443:127.0.0.1:{through.running.ports[2]}", way=None)
    if not refused:
        assert answer_of(done)["authority"] == "origin.test"
        through.passed()
    elif through.intercepted:
        assert answer_of(done)["protocol"] == "http/1.1"
        through.mended()
    else:
        assert done.returncode == 35 and b"alert handshake failure" in done.stderr
        through.refused()


def test_what_is_not_tls_passes(origin, open_tunnel, curl):
    """Plain HTTP in a tunnel, which no hello announces."""
    through = open_tunnel("watch", origin(identity=None).port)
    assert answer_of(curl(through, "--proxytunnel", url="http://origin.test/path"))["path"] == "/path"


def test_a_server_that_speaks_first_is_not_waited_for(open_tunnel):
    """As SMTP and SSH do: its words arrive before the client has said any."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        through = open_tunnel("watch", listener.getsockname()[1])
        with socket.create_connection(("127.0.0.1", through.running.port), PATIENCE) as app:
            app.sendall(b"CONNECT origin.test:25 HTTP/1.1\r\nHost: origin.test:25\r\n\r\n")
            server, _ = listener.accept()
            with server, app.makefile("rb") as answer:
                server.sendall(b"220 hello\r\n")
                assert answer.readline().startswith(b"HTTP/1.1 200 ")
                while answer.readline() != b"\r\n":
                    pass
                assert answer.readline() == b"220 hello\r\n"
                app.sendall(b"QUIT\r\n")
                assert server.recv(100) == b"QUIT\r\n"
