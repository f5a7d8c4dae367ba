"""[[rule.fault]] on the TLS side: alerts at each phase, servers that lack something, and when they strike."""
import contextlib
import datetime
import re
import socket
import ssl
import subprocess
import time

import pytest

from clients import Ended, Http2Client, connect
from faults_test import curl, faulty, injected
from running_proxy import wait_until
from tls_over import TlsOver
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

pytestmark = pytest.mark.tsan


def s_client(through, *words, says=""):
    """openssl s_client in a tunnel to origin.test, until the other side ends it: all that it says."""
    command = ["openssl", "s_client", "-proxy", f"127.0.0.1:{through.running.port}", "-connect", "origin.test:443",
               "-servername", "origin.test", *words]
    done = subprocess.run([str(word) for word in command], input=says, capture_output=True, text=True, errors="replace", timeout=60)
    return done.stdout + done.stderr


def alert_said(said):
    found = re.search(r"SSL alert number (\d+)", said)
    return int(found.group(1)) if found else None


# ---- alerts

@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize("at", ["server_hello", "certificate", "finished"])
@pytest.mark.parametrize("number", [40, 80, 200])
def test_an_alert_at_each_phase(origin, open_tunnel, at, version, number):
    behind = origin()
    through = open_tunnel("watch", behind.port, first=faulty(f'at = "{at}"\ndo = {{ alert = {number} }}'))
    assert alert_said(s_client(through, version, "-ign_eof")) == number
    assert behind.hellos == [], "nothing may reach the origin"
    if at == "finished":
        assert injected(through, outcome="established")["negotiated"]["version"] == version[-3:].replace("_", ".")
        [broken] = wait_until(lambda: through.running.records("connection_failure"), "what broke")
        assert broken["injected_by"] == "broken" and broken["handshake"] == injected(through)["id"]
        failure, phase = broken["failure"], "after"
    else:
        failure, phase = injected(through, outcome="failed")["failure"], at
    assert (failure["by"], failure["kind"], failure["phase"]) == ("injected", "alert", phase)
    assert failure["alert"] == {"id": number, "name": failure["alert"]["name"], "level": "fatal", "direction": "sent"}
    through.running.wait_for(r'downstream origin\.test.* on purpose, by rule "broken"')


WORDS = {
    "curl": ("handshake failure", lambda through: curl(through).stderr),
    "python": ("SSLV3_ALERT_HANDSHAKE_FAILURE", lambda through: said_by(
        through, "python3", "-c", "import requests; requests.get('https://origin.test/')")),
    "node": ("SSL alert number 40", lambda through: said_by(through, "node", "-e", """
        const c = require('http').request({port: process.argv[1], method: 'CONNECT', path: 'origin.test:443'});
        c.on('connect', (r, s) => require('tls').connect({socket: s, servername: 'origin.test'}, function() { this.write('GET'); })
            .on('error', e => { console.error(e.code, e.message); process.exit(1); })); c.end();""", str(through.running.port))),
}


def said_by(through, *command):
    return subprocess.run(command, env={"PATH": "/usr/bin:/bin", **through.variables}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60).stderr


@pytest.mark.parametrize("client", WORDS)
@pytest.mark.parametrize("at", ["server_hello", "certificate", "finished"])
def test_an_alert_within_encryption_in_the_words_of_each_library(origin, open_tunnel, our_authority, at, client):
    words, ask = WORDS[client]
    through = open_tunnel("watch", origin().port, first=faulty(f'at = "{at}"\ndo = {{ alert = 40 }}'))
    through.ca = our_authority.file
    assert words.lower() in ask(through).lower()


@pytest.mark.parametrize("at", ["server_hello", "certificate"])
def test_a_warning_goes_by_in_tls_1_2(origin, open_tunnel, our_authority, at):
    warning = f'at = "{at}"\nwhen = {{ version_max = "1.2" }}\ndo = {{ alert = 112, level = "warning" }}'
    through = open_tunnel("watch", origin().port, first=faulty(warning))
    done = curl(through, "--cacert", our_authority.file, "--tls-max", "1.2", "-v")
    assert done.returncode == 0 and "unrecognized name" in done.stderr.lower(), done.stderr
    assert injected(through)["notes"] == [f"injected: alert 112 unrecognized_name (warning) at {at}"]


def test_gnutls_on_a_tls_listener(origin, open_tunnel):
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    rules = f'[[map]]\nlisten = "127.0.0.1:{port}"\ntls = true\nto = "https://origin.test"\n' + faulty('at = "certificate"\ndo = { alert = 40 }')
    through = open_tunnel("watch", origin().port, first=rules)
    done = subprocess.run(["gnutls-cli", "--insecure", "-p", str(port), "127.0.0.1"], capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL)
    assert "Received alert [40]: Handshake failed" in done.stdout + done.stderr
    injected(through, outcome="failed")


@pytest.mark.parametrize("action,kind", [("reset", "reset"), ("close", "eof")])
def test_the_connection_ends_right_after_the_handshake(origin, open_tunnel, our_authority, action, kind):
    behind = origin()
    through = open_tunnel("watch", behind.port, first=faulty(f'at = "finished"\ndo = {{ {action} = true }}'))
    done = curl(through, "--cacert", our_authority.file)
    assert done.returncode in (16, 18, 35, 52, 55, 56), done.stderr
    [broken] = wait_until(lambda: through.running.records("connection_failure"), "what broke")
    assert (broken["failure"]["by"], broken["failure"]["kind"]) == ("injected", kind)
    assert behind.hellos == []


@pytest.mark.parametrize("at", ["finished", "request"])
@pytest.mark.parametrize("goodbye", [True, False])
def test_whether_close_notify_goes_before_the_end(origin, open_tunnel, our_authority, at, goodbye):
    do = "close = true" if goodbye else "close = true, close_notify = false"
    through = open_tunnel("watch", origin().port, first=faulty(f'at = "{at}"\ndo = {{ {do} }}'))
    said = s_client(through, "-ign_eof", says="GET / HTTP/1.1\r\nHost: origin.test\r\n\r\n")
    assert ("unexpected eof while reading" in said) != goodbye, said
    [broken] = wait_until(lambda: through.running.records("connection_failure"), "what broke")
    assert broken["failure"]["kind"] == "eof"


def test_a_delay_after_the_handshake_is_no_end(origin, open_tunnel, our_authority):
    through = open_tunnel("watch", origin().port, first=faulty('at = "finished"\ndo = { delay = "300ms" }'))
    done = curl(through, "--cacert", our_authority.file)
    assert done.returncode == 0, done.stderr
    assert injected(through)["notes"] == ["injected: delay of 300ms at finished"]


def test_no_alert_within_cbc_and_it_says_so(origin, open_tunnel):
    through = open_tunnel("watch", origin().port, first=faulty('at = "finished"\ndo = { alert = 40 }'))
    assert alert_said(s_client(through, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0", "-ign_eof")) is None
    [broken] = wait_until(lambda: through.running.records("connection_failure"), "what broke")
    assert "no alert can be made" in broken["failure"]["detail"]


# ---- servers

def test_a_server_without_rfc_5746(origin, open_tunnel, our_authority):
    through = open_tunnel("watch", origin().port, first=faulty("do = { no_secure_renegotiation = true }"))
    done = curl(through, "--cacert", our_authority.file)
    assert done.returncode == 35 and "unsafe legacy renegotiation disabled" in done.stderr, done.stderr
    record = injected(through, outcome="failed")
    assert record["negotiated"]["version"] == "1.2" and record["failure"]["alert"]["id"] == 40
    assert record["notes"] == ["injected: a server without RFC 5746 at server_hello"]


def test_fallback_scsv_refused(origin, open_tunnel):
    through = open_tunnel("watch", origin().port, first=faulty('when = { cipher = "TLS_FALLBACK_SCSV" }\ndo = { alert = 86 }'))
    assert alert_said(s_client(through, "-tls1_2", "-fallback_scsv")) == 86
    assert alert_said(s_client(through, "-tls1_2")) is None


def test_alpn_without_overlap_is_refused_with_120(origin, open_tunnel, our_authority):
    through = open_tunnel("watch", origin().port, first=faulty('do = { alpn = ["spdy/3"], alpn_strict = true }'))
    done = curl(through, "--cacert", our_authority.file)
    assert done.returncode == 35 and "no application protocol" in done.stderr, done.stderr
    assert injected(through, outcome="failed")["failure"]["alert"]["id"] == 120


def test_an_alpn_that_nobody_asked_for(origin, open_tunnel, our_authority):
    through = open_tunnel("watch", origin().port, first=faulty('do = { alpn_forced = "spdy/3" }'))
    done = curl(through, "--cacert", our_authority.file)
    assert done.returncode == 35 and "bad extension" in done.stderr, done.stderr
    failure = injected(through, outcome="failed")["failure"]
    assert (failure["by"], failure["alert"]["direction"]) == ("downstream", "received")


@pytest.mark.parametrize("split", ["segment:7", "record:512"])
def test_an_answer_in_many_small_writes(origin, open_tunnel, our_authority, split):
    through = open_tunnel("watch", origin().port, first=faulty(f'do = {{ split = "{split}" }}'))
    with connect(through.running.port) as app:
        app.sendall(b"CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n")
        assert app.recv(4096).startswith(b"HTTP/1.1 200")
        hello, _ = client_hello()
        app.sendall(hello)
        if split.startswith("segment"):
            assert [len(app.recv(7)) for _ in range(40)].count(7) > 30
            # the kernel may join two that wait: most come alone
            assert max(len(app.recv(65536)) for _ in range(20)) < 200
        else:
            assert max(record_sizes(app, 6)) <= 512 + 256
    done = curl(through, "--cacert", our_authority.file)
    assert done.returncode == 0, done.stderr


def record_sizes(app, count):
    stream = app.makefile("rb")
    for _ in range(count):
        header = stream.read(5)
        size = int.from_bytes(header[3:], "big")
        stream.read(size)
        yield size


def client_hello(**changes):
    context = ssl.create_default_context()
    for key, value in changes.items():
        setattr(context, key, value)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="origin.test")
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read(), tls


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize("forgets", [True, False])
def test_tickets_that_fail_on_resumption(origin, open_tunnel, tmp_path, version, forgets):
    rule = faulty("do = { forgets_tickets = true }") if forgets else ""
    through = open_tunnel("intercept", origin().port, first=rule)
    ask = "GET / HTTP/1.1\r\nHost: origin.test\r\nConnection: close\r\n\r\n"
    session = tmp_path / "session"
    first = s_client(through, version, "-sess_out", session, "-ign_eof", says=ask)
    assert "New, TLSv1" in first and session.stat().st_size > 0
    again = s_client(through, version, "-sess_in", session, "-ign_eof", says=ask)
    assert ("New, TLSv1" if forgets else "Reused, TLSv1") in again
    assert "HTTP/1.1 200" in again, "it goes on"


# ---- when

def struck(through, *words):
    return alert_said(s_client(through, *words)) == 40


@pytest.mark.parametrize("condition,hit,miss", [
    ('cipher = "TLS_CHACHA20_POLY1305_SHA256"', ["-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"], ["-ciphersuites", "TLS_AES_128_GCM_SHA256"]),
    ('group = ["P-521", "x25519"]', ["-groups", "X25519:P-521"], ["-groups", "X25519:P-256"]),
    ('server_name = "*.test"', [], ["-noservername"]),
    ('version_max = "1.2", alpn = "h2"', ["-tls1_2", "-alpn", "h2"], ["-alpn", "h2"]),
    ('version_max = "1.2", alpn = "h2"', ["-tls1_2", "-alpn", "h2,http/1.1"], ["-tls1_2"]),
])
def test_what_the_hello_says(origin, open_tunnel, condition, hit, miss):
    through = open_tunnel("watch", origin().port, first=faulty(f"when = {{ {condition} }}\ndo = {{ alert = 40 }}"))
    if "-noservername" in miss:
        command = ["openssl", "s_client", "-proxy", f"127.0.0.1:{through.running.port}", "-connect", "origin.test:443", "-noservername"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=60)
        assert alert_said(done.stdout + done.stderr) is None
    else:
        assert not struck(through, *miss)
    assert struck(through, *hit)


@pytest.mark.parametrize("pieces,hit", [(1, False), (3, True)])
def test_in_how_many_segments_the_hello_came(origin, open_tunnel, pieces, hit):
    through = open_tunnel("watch", origin().port, first=faulty("when = { segments_over = 2 }\ndo = { alert = 40 }"))
    with connect(through.running.port) as app:
        app.sendall(b"CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n")
        assert app.recv(4096).startswith(b"HTTP/1.1 200")
        hello, _ = client_hello()
        size = -(-len(hello) // pieces)
        for start in range(0, len(hello), size):
            app.sendall(hello[start:start + size])
            time.sleep(0.05)
        first = app.recv(4096)
    assert (first[:1] == b"\x15") == hit


def test_from_and_until(origin, open_tunnel):
    def moment(minutes):
        return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)).isoformat(timespec="seconds")

    def of_day(minutes):
        return (datetime.datetime.now() + datetime.timedelta(minutes=minutes)).strftime("%H:%M")

    for now, window in [(True, (moment(-5), moment(5))), (False, (moment(5), moment(9))), (True, (of_day(-5), of_day(5))),
                        (False, (of_day(5), of_day(-5)))]:
        through = open_tunnel("watch", origin().port, first=faulty(f'when = {{ from = "{window[0]}", until = "{window[1]}" }}\ndo = {{ alert = 40 }}'))
        assert struck(through) == now, window


# ---- other listeners

def plain_listener(open_tunnel, origin, fault):
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    rules = f'[[map]]\nlisten = "127.0.0.1:{port}"\nto = "https://origin.test"\n' + faulty(fault)
    return open_tunnel("watch", origin.port, first=rules), f"http://127.0.0.1:{port}/path"


@pytest.mark.parametrize("action,status", [("reset", (7, 56)), ("close", (52,)), ("silence", (28,))])
def test_a_plain_listener_fails_at_connect(origin, open_tunnel, action, status):
    behind = origin()
    through, url = plain_listener(open_tunnel, behind, f'at = "connect"\ndo = {{ {action} = true }}')
    done = subprocess.run(["curl", "-sS", "--max-time", "2", url], capture_output=True, text=True, timeout=60)
    assert done.returncode in status, done.stderr
    assert behind.hellos == []
    record = injected(through, outcome="failed")
    assert record["failure"]["phase"] == "connect" and "mode" not in record


def test_a_plain_listener_delays(origin, open_tunnel):
    through, url = plain_listener(open_tunnel, origin(), 'at = "connect"\ndo = { delay = "200ms" }')
    done = subprocess.run(["curl", "-sS", url], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert injected(through)["notes"] == ["injected: delay of 200ms at connect"]


@pytest.mark.parametrize("action,ending", [("reset", "reset"), ("close", "end")])
def test_in_a_stream_of_http_2_a_reset_is_rst_stream(origin, open_tunnel, action, ending):
    through = open_tunnel("watch", origin().port, first=faulty(f"do = {{ {action} = true }}"))
    client = Http2Client(through.running.port)
    client.h2.config.validate_outbound_headers = False
    exchange = client.open("CONNECT", "", authority="origin.test:443")
    assert exchange.head()[0] == 200
    exchange.send(client_hello()[0])
    if ending == "end":
        assert exchange.read() == b""
    else:
        with pytest.raises(Ended, match="RST_STREAM"):
            exchange.read()
    client.close()


# ---- check

@pytest.mark.parametrize("policy,words", [
    (faulty('at = "certificate"\ndo = { alert = 40, level = "warning" }'), 'a warning at "certificate" is encrypted in TLS 1.3'),
    (faulty('at = "finished"\nwhen = { version_max = "1.1" }\ndo = { alert = 40 }'), "no alert can be made within the encryption of TLS 1.0 and 1.1"),
    (faulty('when = { no_server_name = true, server_name = "a.test" }\ndo = { alert = 40 }'), "no hello without a server name"),
    (faulty('when = { ja4 = "t13d*", version_max = "1.2" }\ndo = { alert = 40 }'), "no hello is like"),
    (faulty('when = { from = "2026-01-02T00:00:00Z", until = "2026-01-01T00:00:00Z" }\ndo = { alert = 40 }'), "no time is from"),
    (faulty('do = { split = "record:100" }'), "OpenSSL makes no records below 512 bytes"),
    (faulty('when = { cipher = "TLS_AES_128_GCM_SHA25" }\ndo = { alert = 40 }'), 'did you mean "TLS_AES_128_GCM_SHA256"'),
    (faulty("do = { alert = 40 }", "first", "*.test") + faulty("do = { reset = true }", "second"),
     'no fault of this rule can strike: the faults of rule "first" come first'),
])
def test_what_cannot_be_is_told(binary, tmp_path, environment, policy, words):
    (tmp_path / "p.toml").write_text(policy)
    done = subprocess.run([binary, "check", tmp_path / "p.toml"], env=environment, capture_output=True, text=True)
    assert words in done.stdout + done.stderr
