"""Debian's Chromium through tunnels, certificate checks on: the authority is in its NSS database, and nowhere else."""
import base64
import subprocess

import pytest

import chromium as browser
from origin.rules import rule
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

# Chromium would call home; it gets no further than here.
NOBODY_ELSE = '[[rule]]\nhost = ["*"]\nmode = "block"\n'
# As a net log has them.
ERR_SSL_VERSION_OR_CIPHER_MISMATCH = -113
FATAL_HANDSHAKE_FAILURE = base64.b64encode(bytes([2, 40])).decode()


@pytest.fixture
def chromium(tmp_path):
    """chromium(tunnel, words...) -> the process, which ends with the test."""
    running = []

    def start(tunnel, *words):
        running.append(browser.start(tmp_path / f"home{len(running)}", tunnel.url, tunnel.ca, *words, stdout=subprocess.DEVNULL))
        return running[-1]

    yield start
    for process in running:
        browser.stop(process)


def converse(behind):
    """The page reports each piece, and gets the next one only then. Returns what it says in the end."""
    told, push = behind.streams.reported, behind.streams.push
    for piece in ("first", "second"):
        push("fetch", piece.encode())
        assert told("fetch") == piece
    push("fetch", None)
    for event in ("one", "two", "last"):
        push("events", event.encode())
        assert told("events") == event
    assert [told("websocket") for _ in range(3)] == [3, 3, 70000]
    return told("done")


def all_of_it_worked(facts, protocol):
    assert facts == {"closed": 1000, "down": 1_000_000, "up": 1_000_000, "protocol": protocol, "secure": True}


@pytest.mark.parametrize("upstream", ["h2", "http/1.1"])
def test_a_page_with_streams_events_and_a_websocket(origin, tunnel, chromium, upstream):
    behind = origin(alpn=[upstream])
    through = tunnel(behind.port, more=NOBODY_ELSE)
    chromium(through, "https://origin.test/page")
    all_of_it_worked(converse(behind), "h2" if through.intercepted else upstream)
    through.passed()


def test_an_origin_that_answers_alert_40_to_h2(origin, tunnel, chromium, tmp_path):
    behind = origin(rule("alert:40", when="alpn=h2"))
    through = tunnel(behind.port, more=NOBODY_ELSE)
    if through.intercepted:
        chromium(through, "https://origin.test/page")
        all_of_it_worked(converse(behind), "h2")
        through.mended()
    else:
        log = tmp_path / "net.json"
        chromium(through, "--dump-dom", f"--log-net-log={log}", "https://origin.test/page").wait(browser.PATIENCE)
        assert f'"net_error":{ERR_SSL_VERSION_OR_CIPHER_MISMATCH}' in log.read_text()
        assert FATAL_HANDSHAKE_FAILURE in log.read_text()
        through.refused()
