"""alert40 lab: each broken origin does what it says, as clients see it that know nothing of alert40; and what mends it mends it."""
import pathlib
import re
import socket
import ssl
import subprocess
import time

import pytest

from running_proxy import RunningProxy

PATIENCE = 60
ENTRIES = sorted(file.stem for file in (pathlib.Path(__file__).parents[2] / "configs/lab").glob("*.toml"))

# What curl says, with which flags; and the flags with which it works. "": with none; None: nothing at the client helps.
CURL = {
    "alert-after-finished": ("", "alert handshake failure", None),
    "alert-after-server-hello": ("", "alert handshake failure", None),
    "alpn-forced": ("--http1.1", "bad extension|bad alpn|illegal parameter|unsolicited", "--http2"),
    "alpn-refused": ("", "alert no application protocol", "--no-alpn"),
    "body-stalled": ("--max-time 1", "timed out", None),
    "body-throttled": ("--max-time 1", "timed out", ""),
    "body-truncated": ("--http1.1", "transfer closed with .* remaining", None),
    "certificate-expired": ("", "certificate has expired", "-k"),
    "certificate-not-yet-valid": ("", "certificate is not yet valid", "-k"),
    "certificate-other-name": ("", "no alternative certificate subject name matches", "-k"),
    "certificate-rsa-1024": ("", "EE certificate key too weak", "--ciphers DEFAULT:@SECLEVEL=1"),
    "certificate-self-signed": ("", "self-signed certificate", "-k"),
    "certificate-sha1": ("", "CA signature digest algorithm too weak|CA md too weak", "--ciphers DEFAULT:@SECLEVEL=0"),
    "certificate-unknown-issuer": ("", "self-signed certificate in certificate chain", "-k"),
    "chain-incomplete": ("", "unable to get local issuer certificate", "-k"),
    "chain-too-long": ("", "path length constraint exceeded", "-k"),
    "cipher-none-in-common": ("", "alert handshake failure", "--tls-max 1.2 --ciphers ECDHE-ECDSA-CAMELLIA128-SHA256"),
    "client-certificate-tls12": ("", "alert handshake failure", "--cert {identity.cert} --key {identity.key}"),
    "client-certificate-tls13": ("", "alert certificate required", "--cert {identity.cert} --key {identity.key}"),
    "dh-1024": ("", "dh key too small", "--ciphers DEFAULT:@SECLEVEL=1"),
    "garbage": ("", "wrong version number|packet length too long", None),
    "group-none-in-common": ("", "alert handshake failure", "--tls-max 1.2 --curves brainpoolP256r1:P-256"),
    "h2-alert-40": ("", "alert handshake failure", "--http1.1"),
    "h2-http11-required": ("", "Error in the HTTP2 framing layer", "--http1.1"),
    "h2-inadequate-security": ("", "Error in the HTTP2 framing layer", "--http1.1"),
    "h2-stream-reset": ("", "not closed cleanly: PROTOCOL_ERROR", "--http1.1"),
    "h2-upload-stalls": ("--max-time 1 --data-binary @{upload}", "timed out", "--http1.1 --data-binary @{upload}"),
    "name-filtered": ("{blocked}", "reset by peer|SSL_ERROR_SYSCALL", ""),
    "no-sni-alert-40": ("{address}", "alert handshake failure", ""),
    "no-sni-alert-80": ("{address}", "alert internal error", ""),
    "no-secure-renegotiation": ("", "unsafe legacy renegotiation disabled", None),
    "old-versions-only": ("--tlsv1.2", "alert protocol version", "--tlsv1.0 --tls-max 1.1 --ciphers DEFAULT:@SECLEVEL=0"),
    "plain-http": ("", "wrong version number", None),
    "silence": ("--max-time 1", "timed out", None),
    "tls13-alert-40": ("", "alert handshake failure", "--tls-max 1.2"),
    "tls13-reset": ("", "reset by peer|SSL_ERROR_SYSCALL", "--tls-max 1.2"),
    "unrecognized-name": ("", "unrecognized name", None),
}


class Lab:
    def __init__(self, running, ca, identity):
        self.running, self.ca, self.identity = running, ca, identity
        self.upload = running.record_file.with_name("upload")
        self.upload.write_bytes(bytes(200_000))  # more than fits the window that HTTP/2 begins with
        self.ports = {name: int(port) for port, name in re.findall(r"https://localhost:(\d+)/  (\S+)", running.log)}

    def run(self, command, **options):
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, **options)

    def curl(self, name, flags=""):
        port = self.ports[name]
        urls = {"{address}": f"https://127.0.0.1:{port}/", "{blocked}": "https://blocked.test/"}
        url = urls.get(flags, f"https://localhost:{port}/")
        words = [] if flags in urls else flags.format(identity=self.identity, upload=self.upload).split()
        return self.run(["curl", "-sS", "--noproxy", "*", "--connect-to", f"blocked.test:443:localhost:{port}", "--cacert", self.ca, *words, url])

    def s_client(self, name, *flags):
        return self.run(["openssl", "s_client", "-connect", f"localhost:{self.ports[name]}", "-CAfile", self.ca, *flags],
                        stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def lab(binary, tmp_path_factory, authority):
    home = tmp_path_factory.mktemp("lab")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    running = RunningProxy(binary, ("--port", "0", "--record", str(home / "records.jsonl")), environment, command="lab")
    yield Lab(running, home / ".local/share/alert40/ca.pem", authority.issue("client.test"))
    running.stop()


def test_every_entry_listens(lab):
    assert sorted(lab.ports) == ENTRIES


@pytest.mark.parametrize("name", CURL)
def test_curl_fails_as_the_entry_says_and_works_with_what_mends_it(lab, name):
    flags, words, remedy = CURL[name]
    if words:
        done = lab.curl(name, flags)
        assert done.returncode != 0 and re.search(words, done.stderr), done.stderr
    if remedy is not None:
        done = lab.curl(name, remedy)
        assert done.returncode == 0 and "nothing hindered your request" in done.stdout, done.stderr
    unmarked = [record for record in lab.running.records() if record["outcome"] == "failed" and "injected_by" not in record]
    assert unmarked == []


@pytest.mark.parametrize("name, words", [("h2-alert-40", "Handshake failed"), ("certificate-expired", "expired"),
                                         ("plain-http", "unexpected TLS packet|record overflow|packet"), ("unrecognized-name", "server name")])
def test_gnutls_fails_too(lab, name, words):
    done = lab.run(["gnutls-cli", "--alpn=h2", f"--x509cafile={lab.ca}", f"--port={lab.ports[name]}", "localhost"], stdin=subprocess.DEVNULL)
    assert done.returncode != 0 and re.search(words, done.stdout + done.stderr), done.stdout + done.stderr


def test_alpn_stripped(lab):
    done = lab.curl("alpn-stripped", "-v --http2")
    assert done.returncode == 0 and "server did not agree on a protocol" in done.stderr
    assert "No ALPN negotiated" in lab.s_client("alpn-stripped", "-alpn", "h2").stdout


def test_a_big_hello_is_reset(lab):
    many = ",".join(f"protocol-{number}" for number in range(50))
    assert "errno=104" in lab.s_client("big-hello-reset", "-alpn", many).stderr
    assert "Verify return code: 0 (ok)" in lab.s_client("big-hello-reset").stdout


def test_grpc_unavailable(lab):
    done = lab.curl("grpc-unavailable", "-D - -H content-type:application/grpc -X POST")
    assert "grpc-status: 14" in done.stdout
    assert "nothing hindered your request" in lab.curl("grpc-unavailable").stdout, "what is no call passes"


def test_status_503(lab):
    done = lab.curl("status-503", "-D -")
    assert "HTTP/2 503" in done.stdout and "retry-after: 5" in done.stdout and 'rule \\"status-503\\"' in done.stdout


def test_settings_that_are_never_acknowledged(lab):
    acknowledged = re.compile(r"recv SETTINGS frame <length=0, flags=0x01")
    seen = {name: lab.run(["nghttp", "-nv", f"https://localhost:{lab.ports[name]}/"]).stdout for name in ("h2-settings-unanswered", "alpn-forced")}
    assert acknowledged.search(seen["alpn-forced"]) and not acknowledged.search(seen["h2-settings-unanswered"])
    assert "HEADERS frame" in seen["h2-settings-unanswered"]


def test_a_websocket_is_cut_without_a_word(lab):
    context = ssl.create_default_context(cafile=lab.ca)
    with sync_connect(lab.ports["websocket-cut"], context) as socket:
        socket.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                       b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += socket.recv(4096)
        assert heard.startswith(b"HTTP/1.1 101")
        echoed = heard.partition(b"\r\n\r\n")[2]
        socket.sendall(b"\x81\xbc\0\0\0\0" + b"x" * 60)
        with pytest.raises(OSError):
            while data := socket.recv(4096):
                echoed += data
    assert echoed == b"\x81\x3c" + b"x" * 18


def sync_connect(port, context):
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE), server_hostname="localhost", suppress_ragged_eofs=False)


def test_a_hello_in_two_segments_is_met_with_silence(lab):
    def answer_to(pieces):
        """The first bytes that come back; nothing, if nothing does."""
        hello = client_hello()
        with socket.create_connection(("127.0.0.1", lab.ports["hello-in-segments"]), PATIENCE) as plain:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in (hello[: len(hello) // 2], hello[len(hello) // 2:]) if pieces == 2 else (hello,):
                plain.sendall(piece)
                time.sleep(0.1)
            plain.settimeout(1 if pieces == 2 else PATIENCE)
            try:
                return plain.recv(3)
            except TimeoutError:
                return b""

    assert answer_to(1) == b"\x16\x03\x03"
    assert answer_to(2) == b""


def client_hello():
    sent = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), sent, server_hostname="localhost").do_handshake()
    return sent.read()


def test_a_fallback_is_refused(lab):
    assert "inappropriate fallback" in lab.s_client("scsv-refused", "-tls1_2", "-fallback_scsv").stderr
    assert "Verify return code: 0 (ok)" in lab.s_client("scsv-refused").stdout


def test_tickets_are_forgotten(lab, tmp_path):
    lab.s_client("tickets-forgotten", "-tls1_2", "-sess_out", tmp_path / "session")
    assert (tmp_path / "session").exists()
    again = lab.s_client("tickets-forgotten", "-tls1_2", "-sess_in", tmp_path / "session").stdout
    assert "New, TLSv1.2" in again and "Reused" not in again


def test_one_backend_of_three(lab):
    assert [lab.curl("one-backend-of-three").returncode for _ in range(6)] == [35, 0, 0, 35, 0, 0]


def test_the_list_has_what_each_shows_and_the_policy_can_be_run(typed, binary, tmp_path):
    listed = typed("lab", "--list").stdout
    for name in ENTRIES:
        assert re.search(rf"^  https://localhost:44\d\d/  {name}\n      \S.*(\n      .*)*\n      mended by: \S", listed, re.M), name
    (tmp_path / "lab.toml").write_text(typed("lab", "--policy", "h2-alert-40", "garbage").stdout)
    checked = typed("check", "lab.toml")
    assert checked.returncode == 0 and 'rule "h2-alert-40"' in checked.stdout, checked.stderr


def test_a_name_that_is_not_there(typed):
    done = typed("lab", "h2-alert-4")
    assert done.returncode == 2 and 'did you mean "h2-alert-40"?' in done.stderr


def test_a_port_that_is_taken(lab, typed):
    taken = lab.ports["garbage"]
    done = typed("lab", "--port", str(taken - ENTRIES.index("garbage")), "garbage")
    assert done.returncode == 1 and f"127.0.0.1:{taken}" in done.stderr
