"""Through another proxy: alert40 to tinyproxy or microsocks to the origin, for tunnels of both modes and for mapped ports."""
import dataclasses
import json
import subprocess

import pytest

from origin.rules import rule
from peers import Peer, accepts, free_port
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

PATIENCE = 60
TINYPROXY = """
Port {port}
Listen 127.0.0.1
Allow 127.0.0.1
BasicAuth me secret
LogLevel Connect
Timeout 600
MaxClients 50
"""


def tinyproxy(port, folder):
    config = folder / "tinyproxy.conf"
    config.write_text(TINYPROXY.format(port=port))
    return ["tinyproxy", "-d", "-c", config]


def microsocks(port, folder):
    return ["microsocks", "-i", "127.0.0.1", "-p", port, "-u", "me", "-P", "secret"]


@dataclasses.dataclass
class Chained:
    """A proxy that wants credentials, and has a line in its output for each tunnel."""
    scheme: str
    peer: Peer
    line: str

    def via(self, password="secret"):
        return f'via = "{self.scheme}://me:{password}@127.0.0.1:{self.peer.port}"'


@pytest.fixture(params=[("http", tinyproxy, r"CONNECT {0}"), ("socks5h", microsocks, r"connected to {0}")], ids=["http", "socks5h"])
def chained(request, tmp_path):
    scheme, command, line = request.param
    port = free_port()
    peer = Peer([str(word) for word in command(port, tmp_path)], port, lambda: accepts(port))
    yield Chained(scheme, peer, line)
    peer.stop()


def curl(through, *words, url="https://origin.test/path"):
    command = ["curl", "-sS", "--max-time", str(PATIENCE), "-x", through.url, "--cacert", str(through.ca), *words, url]
    return subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE)


def test_a_healthy_origin(origin, tunnel, chained):
    behind = origin()
    through = tunnel(behind.port, via=chained.via())
    assert json.loads(curl(through).stdout)["path"] == "/path"
    outcome = {"intercept": "established", "watch": "passed"}[through.mode]
    chained.peer.wait_for(chained.line.format(rf"127\.0\.0\.1:{behind.port}"))
    record = through.record("upstream", outcome=outcome)
    assert record["target"]["via"] == f"{chained.scheme}://127.0.0.1:{chained.peer.port}"


def test_an_origin_that_answers_alert_40_to_h2(origin, tunnel, chained):
    through = tunnel(origin(rule("alert:40", when="alpn=h2")).port, via=chained.via())
    done = curl(through)
    if through.intercepted:
        assert json.loads(done.stdout)["protocol"] == "http/1.1"
        through.mended()
    else:
        assert done.returncode == 35 and "alert handshake failure" in done.stderr
        through.refused()


def test_a_proxy_that_refuses(origin, tunnel, chained):
    """Watched: the CONNECT fails, as nothing was promised yet. Intercepted: the request in the tunnel does."""
    through = tunnel(origin().port, via=chained.via("wrong"))
    done = curl(through, "-i", "--suppress-connect-headers")
    if through.intercepted:
        assert done.stdout.split(" ", 2)[1] == "502", done
    else:
        assert done.returncode == 56 and "502" in done.stderr, done
    record = through.record("upstream", outcome="failed")
    assert record["failure"]["phase"] == "proxy_connect"
    assert "does not accept these credentials" in record["failure"]["detail"] and "wrong" not in record["failure"]["detail"]


def test_a_mapped_port(origin, open_tunnel, chained):
    through = open_tunnel("watch", origin().port, via=chained.via())
    answer = subprocess.run(["curl", "-sS", f"http://127.0.0.1:{through.running.mapped}/path"], capture_output=True, text=True, timeout=PATIENCE)
    assert json.loads(answer.stdout)["path"] == "/path"
