"""as = "client": the origin meets a broken client, or a broken path, by bytes on the wire; the app is told that it was on purpose."""
import subprocess
import threading

import pytest

from origin.listening import Listening
from running_proxy import wait_until
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

pytestmark = pytest.mark.tsan

QUICK = """
[ladder.quick]
retry = 0
steps = ["modern"]
timeouts = { connect = "20s", handshake = "30s", total = "60s" }

[ladder.hasty]
retry = 0
steps = ["modern"]
timeouts = { connect = "20s", handshake = "1s", total = "60s" }
"""


def faulty(do, when="", at="", rule='ladder = "quick"'):
    """Rules of the host with one fault of the client."""
    lines = [f'when = {{ {when} }}' * bool(when), f'at = "{at}"' * bool(at), f"do = {{ {do} }}"]
    return QUICK + f'[[rule]]\nname = "broken"\nhost = "origin.test"\n{rule}\n[[rule.fault]]\nas = "client"\n' + "\n".join(lines) + "\n"


def curl(through, *words, path="/path"):
    command = ["curl", "-sS", "-i", "--max-time", 60, "-x", through.url, "--cacert", through.ca, *words, f"https://origin.test{path}"]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120)


def refused(through, done):
    """The app was told that it fails on purpose: in an intercepted tunnel in words, in a watched one by the end of it."""
    if not through.intercepted:
        return done.returncode in (35, 56)
    return " 502" in done.stdout and "on purpose" in done.stdout and '"injected_by": "broken"' in done.stdout


def injected(through, **expected):
    record = through.record("upstream", injected_by="broken", **expected)
    assert record["rules"][0] == "broken"
    assert any(note.startswith("injected: ") for note in record["notes"])
    through.running.wait_for(r'upstream origin\.test.* on purpose, by rule "broken"')
    return record


class Listener(Listening):
    """Reads, and says nothing: `heard`, and how the connection ended: "eof", "reset", or None where it did not."""

    def __init__(self):
        self.heard, self.end, self.over = b"", None, threading.Event()
        super().__init__(self._run)

    def _run(self, sock):
        sock.settimeout(30)
        try:
            while data := sock.recv(65536):
                self.heard += data
            self.end = "eof"
        except ConnectionResetError:
            self.end = "reset"
        finally:
            self.over.set()


@pytest.fixture
def listener():
    one = Listener()
    yield one
    one.stop()


# ---- the hello

EDITS = {
    "no groups": ('without_extension = "supported_groups"', lambda hello, usual: 10 not in hello.extensions),
    "by number": ('without_extension = [0, "signature_algorithms"]', lambda hello, usual: not {0, 13} & set(hello.extensions)),
    "reversed": ("reorder_extensions = true", lambda hello, usual: hello.extensions == usual.extensions[::-1]),
    "another ALPN": ('tamper_alpn = ["foo"]', lambda hello, usual: hello.alpn == ["foo"]),
    "ALPN stripped": ("tamper_alpn = []", lambda hello, usual: hello.alpn == [] and usual.alpn),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_hello_is_what_the_origin_reads(origin, tunnel, mode, edit):
    do, looks = EDITS[edit]
    behind = origin()
    through = tunnel(behind.port, first=faulty(do, when="times = 1"))
    done = curl(through)
    assert refused(through, done), done
    assert curl(through).returncode == 0
    edited, usual = behind.hellos[0], behind.hellos[-1]
    assert looks(edited, usual), edited
    record = injected(through)
    if through.intercepted:
        assert record["outcome"] == "failed"
        assert record["offered"].get("alpn", []) == edited.alpn and record["offered"]["ja3"] == edited.ja3, "what left is on record"
        assert "injected_by" not in through.handshakes("upstream")[-1]


# What `openssl s_server` prints about it; None: it bears with that, and answers.
SERVED = {
    'split = "record:5"': None,
    'split = "segment:5", pause = "50ms"': None,
    'delay = "100ms"': None,
    'throttle = "20KiB"': None,
    'without_extension = "supported_groups"': "missing supported groups extension",
    'without_extension = "key_share"': "missing key share|no suitable key share",
    'tamper_alpn = ["foo"]': "no application protocol",
    "tamper_alpn = []": "bad record mac|decryption failed|digest check failed",
    "reorder_extensions = true": "bad record mac|decryption failed|digest check failed",
    "close = true, after = 100": "unexpected eof while reading",
}


@pytest.mark.parametrize("do", SERVED)
def test_what_a_server_of_openssl_makes_of_it(peers, open_tunnel, do):
    peer = peers.openssl("-alpn", "h2,http/1.1" if "foo" in do else "http/1.1")
    through = open_tunnel("intercept", peer.port, first=faulty(do))
    done = curl(through)
    injected(through)
    if SERVED[do]:
        peer.wait_for(SERVED[do])
        assert " 502" in done.stdout and "on purpose" in done.stdout, done.stdout
    else:
        assert done.returncode == 0 and " 200" in done.stdout, done


OFFERS = {
    'versions = ["1.1"]': ("gnutls", ["NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3"], 70),
    'groups = ["x448"]': ("openssl", ["-groups", "P-256"], 40),
    'cipher_suites = ["TLS_CHACHA20_POLY1305_SHA256"], versions = ["1.3"]': ("openssl", ["-ciphersuites", "TLS_AES_128_GCM_SHA256"], 40),
    'versions = ["1.2"], ciphers = "AES128-SHA"': ("openssl", ["-cipher", "ECDHE+AESGCM"], 40),
    'signature_algorithms = ["ed25519"]': ("openssl", [], 40),
    'alpn = ["foo"]': ("openssl", ["-alpn", "h2"], 120),
}


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_that_cannot_work(peers, open_tunnel, offer):
    server, flags, alert = OFFERS[offer]
    peer = getattr(peers, server)(*flags)
    through = open_tunnel("intercept", peer.port, first=faulty(offer))
    done = curl(through)
    assert " 502" in done.stdout and f"alert {alert} " in done.stdout and 'on purpose, by rule \\"broken\\"' in done.stdout, done.stdout
    failure = injected(through, outcome="failed")["failure"]
    assert (failure["by"], failure["alert"]["id"]) == ("upstream", alert)


def test_an_offer_that_works_goes_on(origin, open_tunnel):
    behind = origin()
    through = open_tunnel("intercept", behind.port, first=faulty('versions = ["1.2"], alpn = ["http/1.1"]'))
    assert curl(through).returncode == 0
    assert behind.hellos[0].max_version == "1.2" and behind.hellos[0].alpn == ["http/1.1"]
    assert injected(through, outcome="established")["negotiated"]["version"] == "1.2"


def test_the_offer_of_a_watched_app_is_its_own(origin, open_tunnel):
    behind = origin()
    through = open_tunnel("watch", behind.port, first=faulty('versions = ["1.2"]', when="times = 1"))
    assert curl(through).returncode == 0
    assert behind.hellos[0].max_version == "1.3"
    assert "injected_by" not in through.record("upstream", mode="watch")


@pytest.mark.parametrize("split", ['split = "record:64"', 'split = "record:1", pause = "200ms"'])
def test_a_hello_in_two_records(origin, tunnel, mode, split):
    behind = origin()
    through = tunnel(behind.port, first=faulty(split))
    done = curl(through)
    assert done.returncode == 0, done.stderr
    assert behind.hellos[0].records == 2
    assert injected(through)["outcome"] != "failed"


@pytest.mark.parametrize("late", ['delay = "200ms"', 'split = "segment:30", pause = "200ms"'])
def test_a_late_hello_still_works(origin, tunnel, mode, late):
    behind = origin()
    through = tunnel(behind.port, first=faulty(late))
    done = curl(through)
    assert done.returncode == 0, done.stderr
    assert behind.hellos[0].records == 1
    assert injected(through)["outcome"] != "failed"


# ---- the path

ENDS = {
    "reset = true, after = 100": ("reset", 100), "close = true, after = 100": ("eof", 100), "reset = true": ("reset", 0),
    "close = true": ("eof", 0),
}


@pytest.mark.parametrize("do", ENDS)
def test_cut_after_so_many_bytes(listener, tunnel, mode, do):
    end, size = ENDS[do]
    through = tunnel(listener.port, first=faulty(do))
    assert refused(through, curl(through))
    assert listener.over.wait(60)
    assert (len(listener.heard), listener.end) == (size, end)
    failure = injected(through, outcome="failed")["failure"]
    assert (failure["by"], failure["kind"]) == ("injected", end)


def test_silence_after_so_many_bytes(listener, open_tunnel):
    through = open_tunnel("intercept", listener.port, first=faulty("silence = true, after = 100", rule='ladder = "hasty"'))
    done = curl(through)
    assert " 504" in done.stdout and "on purpose" in done.stdout, done.stdout
    failure = injected(through, outcome="failed")["failure"]
    assert (failure["by"], failure["kind"]) == ("injected", "timeout")
    assert listener.over.wait(60) and len(listener.heard) == 100


def test_silence_behind_the_hello_of_an_app(origin, open_tunnel):
    """The origin has it all and answers; nothing that the app says then arrives."""
    behind = origin()
    through = open_tunnel("watch", behind.port, first=faulty("silence = true", at="client_hello"))
    done = curl(through, "--max-time", 2)
    assert done.returncode == 28, done
    assert len(behind.hellos) == 1 and behind.requests == []
    assert injected(through)["notes"] == ["injected: silence after 0 bytes sent at client_hello"]


@pytest.mark.parametrize("kind", ["reset", "close"])
def test_the_answer_is_cut(origin, tunnel, mode, kind):
    through = tunnel(origin().port, first=faulty(f'{kind} = true, direction = "received", after = 200'))
    assert refused(through, curl(through))
    failure = injected(through, outcome="failed")["failure"]
    assert failure["by"] == "injected"


def test_a_body_is_cut(origin, open_tunnel):
    """Long after the handshake: what breaks then is a record of its own."""
    through = open_tunnel("intercept", origin().port, first=faulty('reset = true, direction = "received", after = "300KiB"'))
    done = curl(through, "--http1.1", "-o", "/dev/null", path="/bytes/2000000")
    assert done.returncode in (18, 56, 92), done
    assert injected(through, outcome="established")
    broken = wait_until(lambda: [one for one in through.running.records("connection_failure") if one["side"] == "upstream"], "a record")[0]
    assert broken["injected_by"] == "broken"
    assert (broken["failure"]["by"], broken["failure"]["kind"]) == ("injected", "reset")


@pytest.mark.parametrize("direction", ["sent", "received"])
def test_a_slow_path_loses_nothing(origin, tunnel, mode, direction, tmp_path):
    through = tunnel(origin().port, first=faulty(f'throttle = "64KiB", direction = "{direction}", after = 5000'))
    file = tmp_path / "body"
    file.write_bytes(b"x" * 40_000)
    done = curl(through, "-o", tmp_path / "got", "--data-binary", f"@{file}", path="/mirror")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "got").read_bytes().endswith(file.read_bytes())
    injected(through)


def test_plain_http_has_a_path_too(origin, proxy):
    behind = origin(identity=None)
    running = proxy(behind.port, more=faulty("reset = true, after = 10"), to="http://origin.test")
    done = subprocess.run(["curl", "-sS", "-i", f"http://127.0.0.1:{running.mapped}/"], capture_output=True, text=True, timeout=60)
    assert " 502" in done.stdout and "on purpose" in done.stdout, done.stdout
    assert behind.requests == []


# ---- when, and what is learned

def test_the_ladder_runs_and_nothing_is_learned(origin, open_tunnel):
    behind = origin()
    ladder = '\n[ladder.two]\nretry = 0\nsteps = ["modern", "http1"]\n'
    through = open_tunnel("intercept", behind.port, first=ladder + faulty('alpn = ["h2"], versions = ["1.1"]', when="times = 1", rule='ladder = "two"'))
    assert curl(through).returncode == 0
    first, second = through.handshakes("upstream")
    assert (first["injected_by"], first["next"]) == ("broken", "http1")
    assert "injected_by" not in second and second["outcome"] == "established"
    assert through.running.records("ladder") == []


def test_only_for_the_hellos_that_are_named(origin, tunnel, mode):
    behind = origin()
    through = tunnel(behind.port, first=faulty("reset = true, after = 50", when='alpn = "h2"'))
    assert curl(through, "--http1.1").returncode == 0
    assert refused(through, curl(through, "--http2"))
    assert curl(through, "--http1.1").returncode == 0


def test_only_whom_the_rule_names(origin, tunnel, mode):
    through = tunnel(origin().port, first=faulty("reset = true").replace("origin.test", "other.test"))
    assert curl(through).returncode == 0
    assert not [record for record in through.running.records() if "injected_by" in record]


def test_check_says_what_an_edit_comes_to(binary, tmp_path, environment):
    (tmp_path / "p.toml").write_text(faulty("reorder_extensions = true"))
    done = subprocess.run([binary, "check", tmp_path / "p.toml"], env=environment, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "no handshake survives an edited hello" in said, said
