"""alert40 lab: each broken origin does what it says, as clients see it that know nothing of alert40; and what mends it mends it."""
import json
import pathlib
import re
import subprocess

import pytest

from running_proxy import RunningProxy

pytestmark = pytest.mark.tsan

PATIENCE = 60
ENTRIES = sorted(file.stem for file in (pathlib.Path(__file__).parents[2] / "configs/lab").glob("*.toml"))

# What curl says, with which flags; and the flags with which it works. "": with none; None: nothing at the client helps.
CURL = {
    "big-hello-reset": ("", "", ""),
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
    "client-certificate-tls13": ("", "alert certificate required|getpeername|reset by peer", "--cert {identity.cert} --key {identity.key}"),
    "dh-1024": ("", "dh key too small", "--ciphers DEFAULT:@SECLEVEL=1"),
    "garbage": ("", "wrong version number|packet length too long", None),
    "group-none-in-common": ("", "alert handshake failure", "--tls-max 1.2 --curves brainpoolP256r1:P-256"),
    "h2-alert-40": ("", "alert handshake failure", "--http1.1"),
    "no-sni-alert-40": ("{address}", "alert handshake failure", ""),
    "no-sni-alert-80": ("{address}", "alert internal error", ""),
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
        self.ports = {name: int(port) for port, name in re.findall(r"https://localhost:(\d+)/  (\S+)", running.log)}

    def run(self, command, **options):
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, **options)

    def curl(self, name, flags=""):
        host = "127.0.0.1" if "{address}" in flags else "localhost"
        words = flags.replace("{address}", "").format(identity=self.identity).split()
        return self.run(["curl", "-sS", "--noproxy", "*", "--cacert", self.ca, *words, f"https://{host}:{self.ports[name]}/"])

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


def test_alpn_stripped(lab):
    done = lab.curl("alpn-stripped", "-v --http2")
    assert done.returncode == 0 and "server did not agree on a protocol" in done.stderr
    assert "No ALPN negotiated" in lab.s_client("alpn-stripped", "-alpn", "h2").stdout


def test_a_big_hello_is_reset(lab):
    many = ",".join(f"protocol-{number}" for number in range(50))
    assert "errno=104" in lab.s_client("big-hello-reset", "-alpn", many).stderr
    assert "Verify return code: 0 (ok)" in lab.s_client("big-hello-reset").stdout


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
