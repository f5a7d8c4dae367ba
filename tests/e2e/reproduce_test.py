"""alert40 reproduce: what failed at a broken origin fails again without it, and the client says the same."""
import contextlib
import re
import subprocess
import time

import pytest

from clients import connect
from origin.certificates import Authority
from origin.listening import Listening
from origin.rules import rule
from origin.tls_socket import reset
from packet_tap import PacketTap
from tunnels import open_tunnel, our_authority  # noqa: F401

NODE = """const c = require('http').request({port: process.argv[1], method: 'CONNECT', path: 'origin.test:443'});
c.on('connect', (r, s) => require('tls').connect({socket: s, servername: 'origin.test', ALPNProtocols: ['h2', 'http/1.1'],
    ca: require('fs').readFileSync(process.argv[2])}).on('error', e => { console.error(e.code, e.message); process.exit(1); }));
c.end();"""
PYTHON = """import sys, urllib.request
handler = urllib.request.ProxyHandler({'https': 'http://127.0.0.1:' + sys.argv[1]})
import ssl
context = ssl.create_default_context(cafile=sys.argv[2])
try: urllib.request.build_opener(handler, urllib.request.HTTPSHandler(context=context)).open('https://origin.test/path')
except OSError as error: sys.exit(repr(error))"""
PATIENT = 2  # seconds, of a client that is to give up


def curl(port, ca, *words):
    return ["curl", "-sS", "--max-time", "60", "-x", f"http://127.0.0.1:{port}", "--cacert", ca, *words, "https://origin.test/path"]


CLIENTS = {
    "curl": curl,
    "openssl": lambda port, ca: ["openssl", "s_client", "-proxy", f"127.0.0.1:{port}", "-connect", "origin.test:443",
                                 "-servername", "origin.test", "-alpn", "h2,http/1.1"],
    "python": lambda port, ca: ["python3", "-c", PYTHON, str(port), ca],
    "node": lambda port, ca: ["node", "-e", NODE, str(port), ca],
}


def said(command):
    """What the client says on stderr, without what differs from run to run: threads, times, ports."""
    done = subprocess.run([str(word) for word in command], env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode != 0, done.stdout
    words = re.sub(r"\b[0-9A-F]{8,16}:error:", "error:", done.stderr)
    return re.sub(r"\d+ milliseconds|port \d+", "...", words)


@pytest.fixture
def again(typed, start, our_authority, tmp_path):
    """again(file, *flags) -> a proxy that makes the failure which is on record there; nothing else is told to it."""

    def run(recorded, *flags):
        policy = tmp_path / "reproduced.toml"
        done = typed("reproduce", recorded, "-o", policy, *flags)
        assert done.returncode == 0, done.stderr
        ours = our_authority.identity()
        policy.write_text(policy.read_text() + f'\n[authority]\ncert = "{ours.cert}"\nkey = "{ours.key}"\n')
        checked = typed("check", policy)
        assert checked.returncode == 0, checked.stdout
        started = start("--config", policy, "--record", tmp_path / "again.jsonl")
        started.policy = policy.read_text()
        return started

    return run


def failed_by(proxy):
    return [record.get("injected_by") for record in proxy.records() if record["outcome"] == "failed"]


# A broken origin, and what the policy has to do.
BROKEN = {
    "alert:40": 'alert = "handshake_failure"', "alert:70": 'alert = "protocol_version"', "alert:80": 'alert = "internal_error"',
    "alert:112": 'alert = "unrecognized_name"', "alert:120": 'alert = "no_application_protocol"', "alert:200": "alert = 200",
    "reset": "reset = true", "close": "close = true", "plain-http": "plain_http = true", "garbage": "garbage = true",
}
MANY = ("alert:40", "reset", "close", "plain-http")


@pytest.mark.parametrize("broken,client", [(broken, "curl") for broken in BROKEN] +
                         [(broken, client) for broken in MANY for client in CLIENTS if client != "curl"])
def test_the_client_says_the_same_again(origin, open_tunnel, our_authority, again, broken, client):
    behind = origin(broken)
    there = open_tunnel("watch", behind.port)
    original = said(CLIENTS[client](there.running.port, there.ca))
    behind.stop()
    here = again(there.running.record_file)
    assert f"do = {{ {BROKEN[broken]} }}" in here.policy
    assert said(CLIENTS[client](here.port, our_authority.file)) == original
    assert failed_by(here) == ["reproduced"]
    here.wait_for("on purpose, by rule")


def test_a_server_that_never_answers(origin, open_tunnel, our_authority, again):
    there = open_tunnel("watch", origin("silence").port)
    original = said(curl(there.running.port, there.ca, "--max-time", PATIENT))
    there.record("upstream", outcome="failed")
    here = again(there.running.record_file)
    assert "do = { silence = true }" in here.policy and "the app gave up" in here.policy
    assert said(curl(here.port, our_authority.file, "--max-time", PATIENT)) == original


def test_what_took_long_takes_long_again(open_tunnel, our_authority, again):
    def late(sock):
        sock.recv(65536)
        time.sleep(1.5)
        sock.sendall(bytes([21, 3, 3, 0, 2, 2, 40]))

    behind = Listening(late)
    there = open_tunnel("watch", behind.port)
    original = said(curl(there.running.port, there.ca))
    here = again(there.running.record_file)
    delay = float(re.search(r'do = \{ delay = "(?:(\d)s)?(\d+)ms" \}', here.policy).expand(r"\1.\2"))
    assert 1.4 < delay < 5
    begun = time.monotonic()
    assert said(curl(here.port, our_authority.file)) == original
    assert time.monotonic() - begun >= 1.4
    behind.stop()


def test_the_hello_that_triggers_it_and_the_one_that_proves_it(origin, open_tunnel, our_authority, again):
    there = open_tunnel("watch", origin(rule("alert:40", when="alpn=h2")).port)
    subprocess.run(curl(there.running.port, there.ca, "--http1.1"), check=True, capture_output=True)
    original = said(curl(there.running.port, there.ca, "--http2"))
    here = again(there.running.record_file)
    assert 'when = { alpn = "h2" }' in here.policy and "were answered" in here.policy
    assert said(curl(here.port, our_authority.file, "--http2")) == original
    assert "handshake failure" not in said(curl(here.port, our_authority.file, "--http1.1"))
    assert failed_by(here).count("reproduced") == 1


# An origin's certificate, and what to say where TLS 1.3 hides it.
CERTIFICATES = {"expired": {"days": (-3, -1)}, "not_yet_valid": {"days": (1, 3)}, "wrong_host": {"names": ("other.test",)},
                "rsa_1024": {"key": "rsa1024"}, "missing_intermediate": {}}


@pytest.mark.parametrize("flaw", CERTIFICATES)
@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_certificate_that_the_client_refuses(origin, open_tunnel, authority, our_authority, again, typed, tmp_path_factory, flaw, version):
    how = dict(CERTIFICATES[flaw])
    issuer = authority
    if flaw == "missing_intermediate":
        issuer = Authority(tmp_path_factory.mktemp("stranger"), "a stranger")
    identity = issuer.issue(*how.pop("names", ("origin.test",)), **how)
    there = open_tunnel("watch", origin(identity=identity, configure=lambda context: context.set_ciphers("ALL:@SECLEVEL=0")).port)
    words = ("--tls-max", version, "--ciphers", "DEFAULT:@SECLEVEL=2")
    original = said(curl(there.running.port, there.ca, *words))
    there.record("upstream")
    told = ()
    if version == "1.3" or flaw == "wrong_host":
        asked = typed("reproduce", there.running.record_file)
        assert asked.returncode == 1 and ("--certificate" in asked.stderr or flaw == "wrong_host"), asked.stderr
        told = ("--certificate", flaw)
    here = again(there.running.record_file, *told)
    again_said = said(curl(here.port, our_authority.file, *words))
    assert again_said == original
    assert f'certificate = "{flaw}"' in here.policy


# ---- from packets

@pytest.mark.parametrize("form", ["pcap", "pcapng"])
@pytest.mark.parametrize("broken", ["alert:40", "reset", "close", "plain-http"])
def test_a_capture_is_enough(origin, our_authority, authority, again, tmp_path, broken, form):
    tap = PacketTap(origin(broken).port, largest=100)
    original = said(["curl", "-sS", "--cacert", authority.file, "--connect-to", f"origin.test:443:127.0.0.1:{tap.port}",
                     "https://origin.test/path"])
    tap.stop()
    captured = tmp_path / f"failed.{form}"
    captured.write_bytes(getattr(tap, form)())
    here = again(captured)
    assert f"do = {{ {BROKEN[broken]} }}" in here.policy and "origin.test:443 (192.0.2.7), connection 1" in here.policy
    assert said(curl(here.port, our_authority.file)) == original


@pytest.mark.parametrize("end,do", [(reset, "reset = true"), (lambda sock: None, "close = true")])
def test_a_server_that_hangs_up_before_the_hello(our_authority, authority, again, tmp_path, end, do):
    behind = Listening(end)
    tap = PacketTap(behind.port)
    with connect(tap.port) as app, contextlib.suppress(OSError):
        assert not app.recv(1)
    tap.stop()
    behind.stop()
    captured = tmp_path / "failed.pcap"
    captured.write_bytes(tap.pcap())
    here = again(captured, "--rename", "192.0.2.7=origin.test")
    assert f'at = "connect"\ndo = {{ {do} }}' in here.policy
    said(curl(here.port, our_authority.file))
    assert failed_by(here) == ["reproduced"]


def test_a_capture_on_the_way_to_a_proxy_with_many_connections(origin, open_tunnel, our_authority, again, typed, tmp_path):
    there = open_tunnel("watch", origin("alert:40", rule("alert:40")).port)
    tap = PacketTap(there.running.port)
    for _ in range(2):
        original = said(curl(tap.port, there.ca))
    refused = subprocess.run(["curl", "-sS", "-x", f"http://127.0.0.1:{tap.port}", "http://origin.test:1/"], capture_output=True)
    assert refused.returncode == 0  # a 502, without TLS
    tap.stop()
    captured = tmp_path / "failed.pcap"
    captured.write_bytes(tap.pcap())
    assert [line.split()[:2] for line in typed("reproduce", captured, "--list").stdout.splitlines()] == [
        ["1", "origin.test:443"], ["2", "origin.test:443"]]
    here = again(captured, "--id", "1")
    assert said(curl(here.port, our_authority.file)) == original
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(tap.pcap()[:-7])
    done = typed("reproduce", cut)
    assert done.returncode == 0 and "not read to its end: truncated dump file" in done.stderr


# ---- what was between the app and the proxy, and what was no TLS

def test_an_app_that_does_not_trust_the_authority(origin, open_tunnel, authority, again):
    there = open_tunnel("intercept", origin().port)
    original = said(curl(there.running.port, authority.file))
    there.record("downstream", outcome="failed")
    here = again(there.running.record_file)
    assert 'mode = "intercept"' in here.policy and "did not trust" in here.policy
    assert said(curl(here.port, authority.file)) == original


@pytest.mark.parametrize("rule", ['address = "127.0.0.1:1"', 'address = "no.invalid"'])
def test_where_no_connection_came_about(start, again, our_authority, tmp_path, rule):
    policy = tmp_path / "there.toml"
    policy.write_text(f'[[rule]]\nhost = "origin.test"\nvia = "direct"\n{rule}\n')
    there = start("--config", policy, "--record", tmp_path / "there.jsonl")
    original = said(curl(there.port, our_authority.file))
    here = again(there.record_file)
    assert said(curl(here.port, our_authority.file)) == original


# ---- which record, and for whose eyes

def test_by_the_id_that_the_running_proxy_has_on_record(origin, open_tunnel, typed):
    there = open_tunnel("watch", origin("alert:40").port)
    said(curl(there.running.port, there.ca))
    identity = there.record("upstream", outcome="failed")["id"]
    done = typed("reproduce", identity)
    assert done.returncode == 0 and identity in done.stdout, done.stderr
    done = typed("reproduce", "01JDBB5GTD0000000000000101")
    assert done.returncode == 1 and "there is no record" in done.stderr


def test_an_id_without_a_proxy_or_without_its_records_says_what_to_do(start, typed):
    done = typed("reproduce", "01JDBB5GTD0000000000000101")
    assert done.returncode == 1 and "run" in done.stderr
    start()
    done = typed("reproduce", "01JDBB5GTD0000000000000101")
    assert done.returncode == 1 and "alert40 reproduce FILE --id 01JDBB5GTD0000000000000101" in done.stderr


def test_names_that_stay_at_home(origin, open_tunnel, our_authority, again):
    there = open_tunnel("watch", origin("alert:40").port)
    original = said(curl(there.running.port, there.ca))
    for flags, host in ((("--anonymous",), "origin.test"), (("--rename", "origin.test=shared.test"), "shared.test")):
        here = again(there.running.record_file, *flags)
        assert f'host = "{host}"' in here.policy
        command = [str(word).replace("origin.test", host) for word in curl(here.port, our_authority.file)]
        assert said(command) == original
    assert "origin.test" not in here.policy


def test_files_that_are_something_else(typed, tmp_path):
    (tmp_path / "text").write_text("nothing of the kind\n")
    (tmp_path / "bad.pcap").write_bytes(b"\xd4\xc3\xb2\xa1 and then nothing")
    for name, words in (("text", "there is no record in it"), ("bad.pcap", "truncated"), ("none", "No such file")):
        done = typed("reproduce", name)
        assert done.returncode == 1 and words in done.stderr, done.stderr
        assert not done.stdout
