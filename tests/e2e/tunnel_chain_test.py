"""Through another proxy: alert40 to tinyproxy to the origin, for tunnels of both modes and for mapped ports."""
import json
import subprocess

import pytest

from origin.rules import rule
from peers import Peer, accepts, free_port
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

PATIENCE = 60
CONFIG = """
Port {port}
Listen 127.0.0.1
Allow 127.0.0.1
BasicAuth me secret
LogLevel Connect
Timeout 600
MaxClients 50
"""


@pytest.fixture
def tinyproxy(tmp_path):
    """Its port; `output` of the process has a line for each CONNECT."""
    port = free_port()
    config = tmp_path / "tinyproxy.conf"
    config.write_text(CONFIG.format(port=port))
    peer = Peer(["tinyproxy", "-d", "-c", config], port, lambda: accepts(port))
    yield peer
    peer.stop()


def via(tinyproxy, password="secret"):
    return f'via = "http://me:{password}@127.0.0.1:{tinyproxy.port}"'


def curl(through, *words, url="https://origin.test/path"):
    command = ["curl", "-sS", "--max-time", str(PATIENCE), "-x", through.url, "--cacert", str(through.ca), *words, url]
    return subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE)


def test_a_healthy_origin(origin, tunnel, tinyproxy):
    behind = origin()
    through = tunnel(behind.port, via=via(tinyproxy))
    assert json.loads(curl(through).stdout)["path"] == "/path"
    outcome = {"intercept": "established", "watch": "passed"}[through.mode]
    tinyproxy.wait_for(rf"CONNECT 127\.0\.0\.1:{behind.port}|CONNECT origin\.test:443")
    record = through.record("upstream", outcome=outcome)
    assert record["target"]["via"] == f"http://127.0.0.1:{tinyproxy.port}"


def test_an_origin_that_answers_alert_40_to_h2(origin, tunnel, tinyproxy):
    through = tunnel(origin(rule("alert:40", when="alpn=h2")).port, via=via(tinyproxy))
    done = curl(through)
    if through.intercepted:
        assert json.loads(done.stdout)["protocol"] == "http/1.1"
        through.mended()
    else:
        assert done.returncode == 35 and "alert handshake failure" in done.stderr
        through.refused()


def test_a_proxy_that_refuses(origin, tunnel, tinyproxy):
    """Watched: the CONNECT fails, as nothing was promised yet. Intercepted: the request in the tunnel does."""
    through = tunnel(origin().port, via=via(tinyproxy, "wrong"))
    done = curl(through, "-i", "--suppress-connect-headers")
    if through.intercepted:
        assert done.stdout.split(" ", 2)[1] == "502", done
    else:
        assert done.returncode == 56 and "502" in done.stderr, done
    record = through.record("upstream", outcome="failed")
    assert record["failure"]["phase"] == "proxy_connect"


def test_a_mapped_port(origin, open_tunnel, tinyproxy):
    through = open_tunnel("watch", origin().port, via=via(tinyproxy))
    answer = subprocess.run(["curl", "-sS", f"http://127.0.0.1:{through.running.mapped}/path"], capture_output=True, text=True, timeout=PATIENCE)
    assert json.loads(answer.stdout)["path"] == "/path"
