"""alert40 diagnose, against the ground truth: real servers in awkward configurations."""
import subprocess

import pytest

from ground_truth import WORKS, Truth, check, diagnose
from origin.certificates import Authority
from peers import Peers

NO_SUITE, NO_GROUP, NO_VERSION = ["no-common-cipher-suite"], ["no-common-group"], ["no-common-version"]
NO_ALPN = Truth("noticed", ["alpn-not-answered"])
OLD_VERSIONS = Truth("fails", NO_VERSION, ["old-versions"])
CERTIFICATE_WANTED = Truth("unmendable", ["client-certificate-required"])

# By the directives of a server block. {ca}, {dh}: files; {small}: an RSA key of 1024 bits.
NGINX = {
    "as it is": ("", WORKS),
    "TLS 1.3 alone": ("ssl_protocols TLSv1.3;", WORKS),
    "TLS 1.0 and 1.1": ("ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;", OLD_VERSIONS),
    "one suite with CBC": ("ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES256-SHA;", Truth("fails", NO_SUITE, ["ecdhe-cbc"])),
    "static RSA alone": ("ssl_protocols TLSv1.2; ssl_ciphers AES256-SHA256;", Truth("fails", NO_SUITE, ["static-rsa"])),
    "one suite of TLS 1.3": ("ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites TLS_AES_128_CCM_SHA256;", Truth("fails", NO_SUITE, ["suite"])),
    "one odd curve": ("ssl_protocols TLSv1.2; ssl_ecdh_curve brainpoolP256r1;", Truth("fails", NO_GROUP, ["group"])),
    "one curve that browsers lack": ("ssl_protocols TLSv1.3; ssl_ecdh_curve secp521r1;", Truth("noticed", NO_GROUP, handshakes=40)),
    "an odd curve, and CBC": ("ssl_protocols TLSv1.2; ssl_ecdh_curve brainpoolP256r1; ssl_ciphers ECDHE-RSA-AES256-SHA;",
                              Truth("fails", NO_SUITE + NO_GROUP, ["suite", "group"], handshakes=40)),
    "unknown names rejected": ("ssl_reject_handshake on;", Truth("unmendable", ["name-unknown"])),
    "DH of 1024 bits": ("ssl_protocols TLSv1.2; ssl_ciphers DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0; ssl_dhparam {dh};",
                        Truth("fails", ["weak-dh"], ["security-level-1"])),
    "a client certificate": ("ssl_verify_client on; ssl_client_certificate {ca};",
                             Truth("unmendable", ["client-certificate-required"], confidence="medium")),  # HTTP 400: it may mean something else
    "a client certificate if there is one": ("ssl_verify_client optional; ssl_client_certificate {ca};", WORKS),
    "RSA of 1024 bits": ("ssl_certificate {small.cert}; ssl_certificate_key {small.key}; ssl_ciphers DEFAULT:@SECLEVEL=0;",
                         Truth("unmendable", ["weak-certificate"])),
}

# By the words of a bind line.
HAPROXY = {
    "as it is": ("", NO_ALPN),
    "h2 and TLS 1.3 alone": ("ssl-min-ver TLSv1.3 alpn h2,http/1.1", WORKS),
    "TLS 1.1 at most": ("ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.1 ciphers ALL:@SECLEVEL=0", OLD_VERSIONS),
    "h2 alone": ("alpn h2", WORKS),
    "one odd curve": ("ssl-max-ver TLSv1.2 curves brainpoolP384r1", Truth("fails", NO_GROUP, ["group"])),
    "one suite with DHE and CBC": ("ssl-max-ver TLSv1.2 ciphers DHE-RSA-AES128-SHA", Truth("fails", NO_SUITE, ["suite"])),
    "a client certificate, TLS 1.2": ("ssl-max-ver TLSv1.2 verify required ca-file {ca}", CERTIFICATE_WANTED),
    "a client certificate, TLS 1.3": ("alpn h2,http/1.1 verify required ca-file {ca}", CERTIFICATE_WANTED),
    "known names alone": ("strict-sni", Truth("unmendable", ["name-unknown"], target="other.test")),
}

# By the priority string of gnutls-serv.
GNUTLS = {
    "static RSA alone": ("NORMAL:-VERS-TLS1.3:-KX-ALL:+RSA", Truth("fails", NO_SUITE, ["static-rsa"])),
    "one group, of finite fields": ("NORMAL:-GROUP-ALL:+GROUP-FFDHE3072", Truth("fails", NO_GROUP, ["group"])),
    "DHE alone": ("NORMAL:-VERS-TLS1.3:-KX-ALL:+DHE-RSA", Truth("fails", NO_SUITE, ["dhe"])),
    "CCM alone": ("NORMAL:-CIPHER-ALL:+AES-128-CCM", Truth("fails", NO_SUITE, ["suite"])),
    "signatures of SHA-1 alone": ("NORMAL:-VERS-TLS1.3:-SIGN-ALL:+SIGN-RSA-SHA1:%VERIFY_ALLOW_SIGN_WITH_SHA1",
                                  Truth("fails", ["no-common-signature-algorithm"], ["security-level-0"])),
    "without RFC 5746": ("NORMAL:-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION", Truth("fails", ["no-secure-renegotiation"], ["legacy-renegotiation"])),
    "3DES alone": ("NONE:+VERS-TLS1.2:+3DES-CBC:+ECDHE-RSA:+SHA1:+SIGN-ALL:+GROUP-ALL:+CTYPE-X509:+COMP-NULL",
                   Truth("unmendable", NO_SUITE, handshakes=100)),
}

# By the flags of `openssl s_server`; its certificate is of ECDSA.
OPENSSL = {
    "as it is": ("", NO_ALPN),
    "with ALPN": ("-alpn http/1.1", WORKS),
    "TLS 1.2 with CBC alone": ("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256", Truth("fails", NO_SUITE, ["ecdhe-cbc"])),
    "TLS 1.1 at most": ("-tls1_1 -cipher ALL:@SECLEVEL=0", OLD_VERSIONS),
    "a client certificate, TLS 1.2": ("-tls1_2 -Verify 1", CERTIFICATE_WANTED),
    "a client certificate, TLS 1.3": ("-tls1_3 -Verify 1", CERTIFICATE_WANTED),
    "no protocol in common": ("-alpn imap", Truth("fails", ["no-common-application-protocol"], ["no-alpn"])),
    "signatures that its key cannot make": ("-tls1_2 -sigalgs ed25519", Truth("unmendable", ["every-hello-refused"], confidence="medium", handshakes=50)),
}


@pytest.fixture(scope="module")
def rsa(authority):
    return authority.issue("localhost", key="rsa")


@pytest.fixture(scope="module")
def running(authority, rsa, tmp_path_factory):
    folder = tmp_path_factory.mktemp("servers")
    peers = Peers(authority.issue("localhost"), folder)
    yield peers
    peers.stop()


@pytest.fixture(scope="module")
def words(authority, tmp_path_factory):
    """What configurations name."""
    dh = tmp_path_factory.mktemp("dh") / "1024.pem"
    subprocess.run(["openssl", "dhparam", "-dsaparam", "-out", dh, "1024"], check=True, capture_output=True)
    return {"ca": authority.file, "dh": dh, "small": authority.issue("localhost", key="rsa1024")}


def filled(rows, words):
    return {name: more.format(**words) for name, (more, truth) in rows.items()}


@pytest.fixture(scope="module")
def nginx(running, rsa, words):
    return running.nginx_of(filled(NGINX, words), rsa)


@pytest.fixture(scope="module")
def haproxy(running, rsa, words):
    return running.haproxy_of(filled(HAPROXY, words), rsa)


@pytest.fixture
def judged(binary, environment, authority):
    """judged(port, truth, what): diagnosed, and compared; what was found."""
    def judge(port, truth, what, *flags):
        found = diagnose(binary, environment, f"{truth.target or 'localhost'}:{port}", "--connect-to", f"127.0.0.1:{port}",
                         "--cacert", authority.file, *flags)
        check(found, truth, what)
        return found

    return judge


@pytest.mark.parametrize("name", NGINX)
def test_nginx_is_diagnosed_rightly(judged, nginx, name):
    judged(nginx[name], NGINX[name][1], f"nginx, {name}")


@pytest.mark.parametrize("name", HAPROXY)
def test_haproxy_is_diagnosed_rightly(judged, haproxy, name):
    judged(haproxy[name], HAPROXY[name][1], f"HAProxy, {name}")


# Where one is wanted, and given with --cert.
ACCEPTED = Truth("fails", ["client-certificate-required"], ["client-certificate"], handshakes=12)
REFUSED = Truth("unmendable", ["client-certificate-refused"], handshakes=5)
REFUSED_BY_HTTP = Truth("unmendable", ["client-certificate-refused"], confidence="medium", handshakes=5)


@pytest.mark.parametrize("server, name", [("nginx", "a client certificate"), ("haproxy", "a client certificate, TLS 1.2"),
                                          ("haproxy", "a client certificate, TLS 1.3")])
def test_a_client_certificate_is_tried_where_one_is_wanted(judged, request, authority, tmp_path, server, name):
    port = request.getfixturevalue(server)[name]
    known, stranger = authority.issue("someone", client=True), Authority(tmp_path).issue("someone", client=True)
    found = judged(port, ACCEPTED, f"{server}, {name}, which is given", "--cert", known.cert, "--key", known.key)
    assert f'cert = "{known.cert}", key = "{known.key}"' in found["policy"]
    assert {"curl", "Node", "Python", "Go", "Java"} <= {remedy["who"] for remedy in found["remedies"]}
    judged(port, REFUSED_BY_HTTP if server == "nginx" else REFUSED, f"{server}, {name}, and a stranger's", "--cert", stranger.cert, "--key", stranger.key)


def test_a_client_certificate_that_cannot_be_used_is_a_wrong_word(binary, environment, authority):
    other = authority.issue("other", client=True)
    for words in (["--key", other.key], ["--cert", "/nowhere"], ["--cert", authority.file, "--key", other.key], ["--cert", authority.file]):
        done = subprocess.run([binary, "diagnose", "127.0.0.1:1", *words], env=environment, capture_output=True, text=True)
        assert done.returncode == 2 and "--cert" in done.stderr, done


@pytest.mark.parametrize("name", GNUTLS)
def test_gnutls_is_diagnosed_rightly(judged, running, rsa, name):
    priority, truth = GNUTLS[name]
    found = judged(running.gnutls(priority, identity=rsa).port, truth, f"gnutls-serv, {name}")
    if name == "3DES alone":
        assert "3DES_EDE_CBC" in found["verdict"] and "own TLS library" in found["verdict"]


@pytest.mark.parametrize("name", OPENSSL)
def test_openssl_is_diagnosed_rightly(judged, running, name):
    flags, truth = OPENSSL[name]
    judged(running.openssl(*flags.split()).port, truth, f"s_server, {name}")
