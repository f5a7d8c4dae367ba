"""What rules make of a tunnel beside its mode: by the hello, by trust, by credentials, and on the path."""
import json
import socket
import ssl
import subprocess

import pytest

from clients import connect
from origin.listening import Listening
from origin.rules import rule
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

pytestmark = pytest.mark.tsan

PATIENCE = 60


def curl(through, *words, ca=None, url="https://origin.test/path"):
    command = ["curl", "-sS", "--max-time", PATIENCE, "-x", through.url, "--cacert", ca or through.ca, *words, url]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=2 * PATIENCE)


def intercepted(done):
    assert done.returncode == 0, done.stderr
    return any(name == "via" for name, _ in json.loads(done.stdout)["fields"])


def test_a_host_is_watched_from_then_on_where_the_app_does_not_trust(origin, open_tunnel, authority, our_authority):
    first = '[[rule]]\nname = "lenient"\nhost = "origin.test"\nwatch_if_untrusted = "1h"\n'
    through = open_tunnel("intercept", origin().port, first=first)
    assert intercepted(curl(through))
    done = curl(through, ca=authority.file)
    assert done.returncode == 60, done.stderr
    record = through.record("downstream", outcome="failed")
    assert record["failure"]["alert"]["id"] == 48
    through.running.wait_for("watched from now on for 1h")
    assert not intercepted(curl(through, ca=authority.file))
    through.record("upstream", mode="watch", outcome="passed")


@pytest.mark.parametrize("flag", ["--http1.1", "--http2"])
def test_only_an_app_that_offers_h2_is_intercepted(origin, open_tunnel, authority, our_authority, flag):
    first = '[[rule]]\nname = "helped"\nhost = "origin.test"\nclient_hello = { alpn = "h2" }\nmode = "intercept"\n'
    through = open_tunnel("watch", origin(rule("alert:40", when="alpn=h2")).port, first=first)
    helped = flag == "--http2"
    assert intercepted(curl(through, flag, ca=(our_authority if helped else authority).file)) == helped


def test_a_mirror_offers_the_origin_what_the_app_has_offered(origin, open_tunnel):
    first = '[[rule]]\nname = "mirrored"\nhost = "origin.test"\nprofile = "mirror"\n'
    behind = origin()
    through = open_tunnel("intercept", behind.port, first=first)
    assert intercepted(curl(through, "--http1.1", "--tlsv1.3", "--tls13-ciphers", "TLS_CHACHA20_POLY1305_SHA256",
                            "--curves", "P-384:X25519"))
    offered = through.record("upstream", outcome="established", profile="mirror")["offered"]
    assert offered["alpn"] == ["http/1.1"] and offered["groups"] == ["secp384r1", "x25519"]
    assert [suite for suite in offered["cipher_suites"] if suite.startswith(("TLS_AES", "TLS_CHACHA"))] == ["TLS_CHACHA20_POLY1305_SHA256"]


def test_a_watched_hello_is_split(origin, open_tunnel):
    behind = origin()
    through = open_tunnel("watch", behind.port, rule='split_hello = "record:100"\n')
    assert not intercepted(curl(through))
    assert behind.hellos[0].records == 2


@pytest.fixture
def mail_server():
    """Speaks first, as SMTP does, and echoes."""
    def run(sock):
        sock.sendall(b"220 ready")
        while data := sock.recv(4096):
            sock.sendall(data)

    server = Listening(run)
    yield server
    server.stop()


def test_a_server_that_speaks_first_is_heard_though_its_host_is_intercepted(open_tunnel, mail_server):
    through = open_tunnel("intercept", mail_server.port)
    with connect(through.running.port) as app:
        app.sendall(b"CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n")
        assert app.recv(4096).startswith(b"HTTP/1.1 200")
        assert app.recv(9) == b"220 ready"
        app.sendall(b"EHLO")
        assert app.recv(4) == b"EHLO"


def test_a_blocked_host(origin, open_tunnel):
    behind = origin()
    through = open_tunnel("block", behind.port)
    done = curl(through)
    assert done.returncode == 56 and "403" in done.stderr, done.stderr
    assert curl(through, "-x", through.url.replace("http", "socks5h")).returncode == 97
    assert behind.connections == []


@pytest.fixture
def guarded(tunnel, origin):
    """A tunnel that asks for credentials."""
    return tunnel(origin().port, flags=["--credentials", "me:secret"])


@pytest.mark.parametrize("scheme, refusal", [("http", 56), ("socks5h", 97)])
def test_credentials(guarded, scheme, refusal):
    port = guarded.running.port
    assert intercepted(curl(guarded, "-x", f"{scheme}://me:secret@127.0.0.1:{port}")) == guarded.intercepted
    assert curl(guarded, "-x", f"{scheme}://me:wrong@127.0.0.1:{port}").returncode == refusal
    assert curl(guarded, "-x", f"{scheme}://127.0.0.1:{port}").returncode == refusal


def test_an_address_as_the_host(origin, open_tunnel, our_authority):
    """Without a name in the hello, the leaf is for the address."""
    behind = origin()
    through = open_tunnel("intercept", behind.port)
    assert intercepted(curl(through, url=f"https://127.0.0.1:{behind.port}/path"))


def test_an_origin_that_nobody_serves(open_tunnel):
    """Watched: the app gets no 200. Intercepted: it gets one, and the error inside."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        unused = listener.getsockname()[1]
    done = curl(open_tunnel("watch", unused))
    assert done.returncode == 56 and "502" in done.stderr, done.stderr
    done = curl(open_tunnel("intercept", unused), "-i", "--suppress-connect-headers")
    assert done.stdout.split(" ", 2)[1] == "502" and "connection_refused" in done.stdout, done


def test_an_app_that_hangs_up_on_the_certificate(origin, open_tunnel):
    """Which says no alert, and is recorded as what it is."""
    through = open_tunnel("intercept", origin().port)
    to_app, from_app = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(to_app, from_app, server_hostname="origin.test")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    with connect(through.running.port) as app:
        app.sendall(b"CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n")
        while not app.recv(1000).endswith(b"\r\n\r\n"):
            pass
        app.sendall(from_app.read())
        assert app.recv(5)[0] == 22
    record = through.record("downstream", mode="intercept", outcome="failed")
    assert record["failure"]["by"] == "downstream" and record["failure"]["kind"] in ("eof", "reset")
