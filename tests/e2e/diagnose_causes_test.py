"""alert40 diagnose, against the ground truth: what no real server does on demand, by origins that go by a script, and what is on the path."""
import contextlib
import email.utils
import pathlib
import time

import pytest

from connect_proxy import ConnectProxy
from ground_truth import WORKS, Truth, check, diagnose
from origin import client_hello
from origin.certificates import Authority
from origin.rules import rule
from origin.server import Origin
from raw_origin import RawOrigin

HELLOS = pathlib.Path(__file__).parents[2] / "configs/hellos"


def said_by(client):
    """Its bundled ClientHello, as it was captured."""
    lines = (HELLOS / f"{client}.hex").read_text().splitlines()
    return client_hello.parse(*client_hello.complete_message(bytes.fromhex("".join(line for line in lines if not line.startswith("#")))))


FIREFOX = f"ja3-not={said_by('firefox').ja3}"
NAME = "sni=blocked.test"

# The rule of the origin, as in origin/rules.py: what it does, and when.
SCRIPTED = {
    "71, whatever is offered": ("alert:71", "always", Truth("unmendable", ["stronger-parameters-wanted"], handshakes=5)),
    "71 to AES of 128 bits": ("alert:71", "suite=0x1301", Truth("fails", ["stronger-parameters-wanted"], ["strongest"], handshakes=10)),
    "109, whatever is offered": ("alert:109", "always", Truth("unmendable", ["extension-missing"], handshakes=60)),
    "80 to an unknown name": ("alert:80", NAME, Truth("unmendable", ["name-not-provisioned"], ["no-server-name"], target="blocked.test")),
    "40 to an unknown name": ("alert:40", NAME, Truth("unmendable", ["name-not-provisioned"], ["no-server-name"], target="blocked.test")),
    "40 on resumption alone": ("alert:40", "session", Truth("noticed", ["session-refused"], handshakes=10)),
    "40 to all but Firefox": ("alert:40", FIREFOX, Truth("unmendable", ["fingerprint-blocked"])),
    "40 to a hello with h2 first": ("alert:40", "alpn-first=h2", Truth("fails", ["alpn-order"], ["alpn-http1-first"])),
    "120 to a hello with http/1.1": ("alert:120", "alpn=http/1.1", Truth("fails", ["http1-refused"], ["alpn-h2"])),
    "40 to a session ticket extension": ("alert:40", "extension=35", Truth("fails", ["ticket-extension-refused"], ["no-tickets"])),
    "40 to encrypt_then_mac": ("alert:40", "extension=22", Truth("unmendable", ["extension-refused"], handshakes=60)),
    "40 to one suite": ("alert:40", "suite=0x1303", Truth("fails", ["hello-not-digested"], ["suite-less"])),
    "RST to a name in one record": ("reset", f"{NAME},one-record", Truth("fails", ["name-filtered"], ["split-hello"], target="blocked.test")),
    "RST to any hello in one record": ("reset", "one-record", Truth("fails", ["hello-filtered"], ["split-hello"], confidence="medium")),
    "RST to more than 240 bytes": ("reset", "hello-over=240", Truth("fails", ["large-hello"], ["small-hello"])),
    "80 to more than 500 bytes, as with a session": ("alert:80", "hello-over=500", Truth("noticed", ["large-hello"], handshakes=80)),
    "RST to a hello with ML-KEM": ("reset", "hello-over=1500", Truth("noticed", ["large-hello"], handshakes=80)),
}


@pytest.fixture
def judged(binary, environment, authority):
    """judged(port, truth, what): diagnosed, and compared; what was found."""
    def judge(port, truth, what, *flags):
        found = diagnose(binary, environment, f"{truth.target or 'localhost'}:{port}", "--cacert", authority.file, *flags)
        check(found, truth, what)
        return found

    return judge


@pytest.fixture(scope="module")
def here(authority):
    return authority.issue("localhost", "127.0.0.1")


@contextlib.contextmanager
def running(server):
    yield server
    server.stop()


@pytest.mark.parametrize("name", SCRIPTED)
def test_each_scripted_origin_is_diagnosed_rightly(judged, authority, here, name):
    do, when, truth = SCRIPTED[name]
    identity = authority.issue("blocked.test") if "RST to a name" in name else here
    with running(Origin(identity, [rule(do, when=when)])) as origin:
        found = judged(origin.port, truth, name, "--connect-to", f"127.0.0.1:{origin.port}")
    if "71" in name:
        assert not any(remedy["weak"] for remedy in found["remedies"])
    if "Firefox" in name:
        assert "of firefox" in found["verdict"] and any("--watch" in remedy["what"] for remedy in found["remedies"])


def test_who_is_refused_by_his_own_fingerprint_is_told_so(judged, here):
    with running(Origin(here)) as origin:
        judged(origin.port, WORKS, "whoever works")
        own = origin.hellos[0].ja3
        origin.rules.append(rule("alert:40", when=f"ja3={own}"))
        judged(origin.port, Truth("fails", ["fingerprint-blocked"], ["suite-less"]), "40 to alert40 alone")


@pytest.mark.parametrize("extension, client, words", [(16, "openssl", "h2 in ALPN"), (43, "python", "")])
def test_an_extension_that_a_client_leaves_out_is_named(binary, environment, here, extension, client, words):
    with running(Origin(here, [rule("alert:109", when=f"no-extension={extension}")])) as origin:
        found = diagnose(binary, environment, f"127.0.0.1:{origin.port}", "--hello", client)
    if extension in said_by(client).extensions:
        assert found["outcome"] == "healthy", found
    else:
        assert found["causes"] == ["extension-missing"] and words in found["verdict"], found


@pytest.mark.parametrize("flags, truth", [
    ([], Truth("noticed", ["alpn-not-answered"])),
    (["--sni-hostname-fatal"], Truth("fails", ["name-unknown"], ["no-server-name"])),
])
def test_a_name_that_is_unknown_is_a_warning_or_an_end(judged, peers, here, flags, truth):
    port = peers.gnutls("NORMAL:-VERS-TLS1.3", "--sni-hostname=other.test", *flags, identity=here).port
    judged(port, truth, f"112, {'fatal' if flags else 'as a warning'}", "--connect-to", f"127.0.0.1:{port}")


# By the days for which the certificate is valid, and what the server's own clock says, in days from now.
CLOCKS = {
    "expired, and the server's clock agrees": ((-1, -0.02), 0, Truth("unmendable", ["certificate-expired"], handshakes=5)),
    "expired, and not by the server's clock": ((-1, -0.02), -0.5, Truth("unmendable", ["local-clock", "certificate-expired"], confidence="medium")),
    "expired, and the server tells no time": ((-1, -0.02), None, Truth("unmendable", ["local-clock", "certificate-expired"], confidence="medium")),
    "not yet valid, and the server's clock agrees": ((1, 20), 0, Truth("unmendable", ["certificate-not-yet-valid"], handshakes=5)),
    "not yet valid, and not by the server's clock": ((1, 20), 2, Truth("unmendable", ["local-clock", "certificate-not-yet-valid"], confidence="medium")),
}


@pytest.mark.parametrize("name", CLOCKS)
def test_the_servers_clock_says_whether_the_certificate_or_the_clock_here_is_wrong(judged, authority, name):
    days, clock, truth = CLOCKS[name]
    date = "" if clock is None else f"Date: {email.utils.formatdate(time.time() + clock * 86400, usegmt=True)}\r\n"
    with running(RawOrigin(authority.issue("localhost", days=days), f"HTTP/1.1 200 OK\r\n{date}Content-Length: 0\r\n\r\n".encode())) as origin:
        judged(origin.port, truth, f"a certificate {name}")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), name="An authority that nobody trusts")


def test_a_proxy_that_alters_tls_is_told_from_the_server(judged, here, stranger):
    broken, other = Origin(here, [rule("alert:40")]), Origin(stranger.issue("localhost"))
    with running(Origin(here)) as origin, running(broken), running(other):
        for behind, truth, what in ((origin, WORKS, "passes TLS as it is"),
                                    (broken, Truth("fails", ["upstream-proxy"], ["direct"], handshakes=10), "breaks TLS"),
                                    (other, Truth("fails", ["intercepting-proxy"], ["direct"], handshakes=10), "shows another certificate")):
            with running(ConnectProxy(("127.0.0.1", behind.port))) as proxy:
                judged(origin.port, truth, f"an upstream proxy that {what}", "--via", f"http://127.0.0.1:{proxy.port}")


def test_who_makes_certificates_for_any_name_is_an_intercepting_proxy(judged, start, here, tmp_path):
    with running(Origin(here)) as origin:
        proxy = start("--intercept", "*", XDG_DATA_HOME=str(tmp_path))
        # Only the proxy gets there: directly, nothing listens.
        found = judged(1, Truth("unmendable", ["intercepting-proxy"], handshakes=10), "an intercepting proxy, and no other way",
                       "--via", f"http://127.0.0.1:{proxy.port}")
        assert "alert40 local authority" in found["verdict"]
        assert not origin.connections


@pytest.mark.parametrize("name, truth", [
    ("An authority that nobody trusts", Truth("unmendable", ["certificate-chain-incomplete", "certificate-not-trusted"], confidence="medium")),
    ("alert40 test authority", Truth("unmendable", ["certificate-not-trusted"])),
])
def test_an_authority_that_is_not_trusted_is_named(judged, tmp_path, name, truth):
    with running(Origin(Authority(tmp_path, name=name).issue("localhost"))) as origin:
        found = judged(origin.port, truth, f"a certificate of {'the right name and another key' if 'test' in name else 'nobody known'}")
    assert name in found["verdict"]


def test_the_file_with_authorities_is_told_from_the_system(binary, authority, here, stranger, environment):
    with running(Origin(here)) as origin:
        found = diagnose(binary, environment | {"SSL_CERT_FILE": str(authority.file)}, f"localhost:{origin.port}", "--cacert", stranger.file)
    check(found, Truth("fails", ["authorities-incomplete"], ["system-store"], handshakes=12), "a file without the authority")
