"""[[rule.fault]]: an app fails on purpose, by bytes on the wire, and says so in its own words; nobody else does."""
import ssl
import subprocess

import pytest

from clients import connect
from node_clients import plain_environment
from running_proxy import wait_until
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

pytestmark = pytest.mark.tsan

ALERT_40 = {"id": 40, "name": "handshake_failure", "level": "fatal", "direction": "sent"}


def faulty(fault, name="broken", host="origin.test"):
    return f'[[rule]]\nname = "{name}"\nhost = "{host}"\n[[rule.fault]]\n{fault}\n'


def curl(through, *words, url="https://origin.test/path"):
    command = ["curl", "-sS", "--max-time", 60, "-x", through.url, "--cacert", through.ca, *words, url]
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120)


def injected(through, **expected):
    record = through.record("downstream", **expected)
    assert record["injected_by"] == "broken" and record["rules"][0] == "broken"
    return record


# What the record says (phase, kind), and what curl says: its exit status and words.
FAULTS = {
    "alert": ('do = { alert = "handshake_failure" }', ("client_hello", "alert"), 35, "sslv3 alert handshake failure"),
    "a number": ("do = { alert = 70 }", ("client_hello", "alert"), 35, "tlsv1 alert protocol version"),
    "unassigned": ("do = { alert = 200 }", ("client_hello", "alert"), 35, "reason(1200)"),
    "reset": ("do = { reset = true }", ("client_hello", "reset"), 35, "Connection reset by peer"),
    "reset at connect": ('at = "connect"\ndo = { reset = true }', ("connect", "reset"), 35, "reset by peer|Broken pipe"),
    "close": ("do = { close = true }", ("client_hello", "eof"), 35, "unexpected eof while reading|SSL_ERROR_SYSCALL"),
    "close at connect": ('at = "connect"\ndo = { close = true }', ("connect", "eof"), 35, "unexpected eof|SSL_ERROR_SYSCALL"),
    "garbage": ("do = { garbage = true }", ("client_hello", "not_tls"), 35, "wrong version number|packet length too long"),
    "plain http": ("do = { plain_http = true }", ("client_hello", "not_tls"), 35, "wrong version number"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_curl_fails_in_its_own_words(origin, open_tunnel, name):
    fault, (phase, kind), status, words = FAULTS[name]
    behind = origin()
    through = open_tunnel("watch", behind.port, first=faulty(fault))
    done = curl(through)
    assert done.returncode == status and any(one in done.stderr for one in words.split("|")), done.stderr
    failure = injected(through, outcome="failed")["failure"]
    assert (failure["by"], failure["phase"], failure["kind"]) == ("injected", phase, kind)
    assert behind.hellos == [], "nothing may reach the origin"
    through.running.wait_for(r'downstream origin\.test.* injected: .* on purpose, by rule "broken"')


@pytest.mark.parametrize("client", ["python", "node", "openssl"])
def test_other_libraries_too(origin, open_tunnel, tmp_path, client):
    through = open_tunnel("watch", origin().port, first=faulty('do = { alert = 40 }'))
    port = str(through.running.port)
    commands = {
        "python": ["python3", "-c", "import requests; requests.get('https://origin.test/')"],
        "node": ["node", "-e", "const c = require('http').request({port: process.argv[1], method: 'CONNECT', path: 'origin.test:443'});"
                 "c.on('connect', (r, s) => require('tls').connect({socket: s, servername: 'origin.test'}).on('error', e => {"
                 "console.error(e.code, e.message); process.exit(1); })); c.end();", port],
        "openssl": ["openssl", "s_client", "-proxy", f"127.0.0.1:{port}", "-connect", "origin.test:443"],
    }
    words = {"python": "SSLV3_ALERT_HANDSHAKE_FAILURE", "node": "SSL alert number 40", "openssl": "SSL alert number 40"}
    done = subprocess.run(commands[client], env={"PATH": "/usr/bin:/bin", **through.variables}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode != 0 and words[client].lower() in done.stderr.lower(), done.stderr
    assert injected(through, outcome="failed")["failure"]["alert"] == ALERT_40


# What curl says to each certificate (OpenSSL at security level 2, as Debian has it), and the alert that it sends.
CERTIFICATES = {
    "expired": ("certificate has expired", 45), "not_yet_valid": ("certificate is not yet valid", 42),
    "wrong_host": ("no alternative certificate subject name matches", None), "self_signed": ("self-signed certificate", 48),
    "unknown_issuer": ("self-signed certificate in certificate chain", 48),
    "missing_intermediate": ("unable to get local issuer certificate", 48), "sha1_signature": ("CA signature digest algorithm too weak|EE certificate key too weak|CA md too weak", 42),
    "rsa_1024": ("EE certificate key too weak|ee key too small", 42), "long_chain": ("path length constraint exceeded", 48),
}


@pytest.mark.parametrize("flaw", CERTIFICATES)
def test_a_certificate_that_has_to_be_refused(origin, open_tunnel, our_authority, flaw):
    words, alert = CERTIFICATES[flaw]
    behind = origin()
    through = open_tunnel("watch", behind.port, first=faulty(f'do = {{ certificate = "{flaw}" }}'))
    done = curl(through, "--cacert", our_authority.file, "--ciphers", "DEFAULT:@SECLEVEL=2")
    assert done.returncode == 60 and any(one in done.stderr for one in words.split("|")), done.stderr
    record = injected(through)
    assert record["notes"] == [f"injected: certificate {flaw} at certificate"]
    if alert:
        assert record["failure"]["alert"]["id"] == alert and record["failure"]["by"] == "downstream"
    assert behind.hellos == []


LIMITS = {
    'versions = ["1.1"]': ("--tlsv1.2", "tlsv1 alert protocol version"),
    'cipher_suites = ["TLS_CHACHA20_POLY1305_SHA256"]': ("--tlsv1.3 --tls13-ciphers TLS_AES_128_GCM_SHA256", "handshake failure"),
    'groups = ["secp521r1"]': ("--curves X25519", "handshake failure"),
    'require_client_certificate = true, versions = ["1.2"]': ("", "handshake failure"),
    'ciphers = "AES128-SHA", versions = ["1.2"]': ("--ciphers ECDHE+AESGCM", "handshake failure"),
}


@pytest.mark.parametrize("limits", LIMITS)
def test_a_server_that_lacks_something(origin, open_tunnel, our_authority, limits):
    flags, words = LIMITS[limits]
    through = open_tunnel("watch", origin().port, first=faulty(f"do = {{ {limits} }}"))
    done = curl(through, "--cacert", our_authority.file, *flags.split())
    assert done.returncode in (35, 56) and words in done.stderr, done.stderr
    assert injected(through, outcome="failed")["failure"]["kind"] == "alert"


def test_what_fits_goes_on_to_the_origin(origin, open_tunnel, our_authority):
    through = open_tunnel("watch", origin().port, first=faulty('do = { versions = ["1.2"], ciphers = "AES128-SHA", alpn = "http/1.1" }'))
    done = curl(through, "--cacert", our_authority.file, "--ciphers", "AES128-SHA:@SECLEVEL=0", "--http2")
    assert done.returncode == 0, done.stderr
    record = injected(through, outcome="established")
    assert record["negotiated"]["cipher_suite"] == "TLS_RSA_WITH_AES_128_CBC_SHA"
    assert record["negotiated"]["alpn"] == "http/1.1"


def test_only_what_the_hello_says(origin, open_tunnel):
    behind = origin()
    through = open_tunnel("watch", behind.port, first=faulty('when = { alpn = "h2" }\ndo = { alert = 40 }'))
    assert curl(through, "--http2").returncode == 35
    done = curl(through, "--http1.1")
    assert done.returncode == 0, done.stderr
    assert len(behind.hellos) == 1
    assert "injected_by" not in through.record("upstream", mode="watch")


def test_only_whom_the_rule_names(origin, open_tunnel):
    through = open_tunnel("watch", origin().port, first=faulty("do = { alert = 40 }", host="other.test"))
    done = curl(through)
    assert done.returncode == 0, done.stderr
    assert not [record for record in through.running.records() if "injected_by" in record]


@pytest.mark.parametrize("mode_now", ["watch", "intercept"])
def test_a_delay_is_no_end(origin, open_tunnel, mode_now):
    through = open_tunnel(mode_now, origin().port, first=faulty('do = { delay = "300ms" }\n[[rule.fault]]\nat = "connect"\ndo = { delay = "200ms" }'))
    done = curl(through)
    assert done.returncode == 0, done.stderr
    notes = [note for record in through.handshakes("downstream", outcome="passed") for note in record["notes"]]
    assert sorted(notes) == ["injected: delay of 200ms at connect", "injected: delay of 300ms at client_hello"]


def test_so_many_times_and_then_no_more(origin, open_tunnel):
    through = open_tunnel("intercept", origin().port, first=faulty('when = { times = 2 }\ndo = { alert = 40 }'))
    assert [curl(through).returncode for _ in range(4)] == [35, 35, 0, 0]


def test_silence_lasts_until_the_app_gives_up(origin, open_tunnel):
    through = open_tunnel("watch", origin().port, first=faulty("do = { silence = true }"))
    with connect(through.running.port) as app:
        app.sendall(b"CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n")
        assert app.recv(4096).startswith(b"HTTP/1.1 200")
        app.settimeout(1)
        context = ssl.create_default_context()
        with pytest.raises(TimeoutError):
            context.wrap_socket(app, server_hostname="origin.test")
    assert injected(through, outcome="failed")["failure"]["kind"] == "timeout"


def test_through_socks_as_well(origin, open_tunnel):
    through = open_tunnel("watch", origin().port, first=faulty("do = { alert = 40 }"))
    port = through.running.port
    done = curl(through, "--proxy", f"socks5h://127.0.0.1:{port}")
    assert done.returncode == 35 and "handshake failure" in done.stderr


def test_who_refuses_a_flawed_certificate_without_a_word_does_not_distrust_the_authority(origin, open_tunnel, our_authority):
    """GnuTLS looks at the certificate after its handshake: what follows distrust is for those who got a good one."""
    rule = faulty('when = { times = 1 }\ndo = { certificate = "expired" }').replace("[[rule.fault]]", 'watch_if_untrusted = "1h"\n[[rule.fault]]')
    through = open_tunnel("intercept", origin().port, first=rule)

    def git():
        return subprocess.run(["git", "ls-remote", "https://origin.test/git/none.git"], capture_output=True, text=True, timeout=60,
                              env=plain_environment() | through.variables | {"GIT_SSL_CAINFO": str(our_authority.file), "LC_ALL": "C"})

    assert "certificate" in git().stderr
    line = through.running.wait_for("downstream origin.test.* closed without a request.*").group()
    assert 'on purpose, by rule "broken"' in line and "authority" not in line and "watched" not in line
    broken, = wait_until(lambda: [one for one in through.running.records("connection_failure") if one["side"] == "downstream"], "its record")
    assert broken["injected_by"] == "broken"
    git()
    assert "mode" not in through.record("upstream")  # dialled, not watched


def test_the_error_of_a_policy_names_the_place(binary, tmp_path, environment):
    (tmp_path / "p.toml").write_text(faulty('at = "connect"\ndo = { alert = 40 }'))
    done = subprocess.run([binary, "check", tmp_path / "p.toml"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert 'p.toml:6:6: "alert" cannot strike at "connect": no TLS was spoken yet' in done.stdout + done.stderr
