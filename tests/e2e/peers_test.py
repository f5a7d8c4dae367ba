"""Real servers in awkward configurations, each with the profile that gets through, and the failure of the one that does not."""
from cryptography.hazmat.primitives.asymmetric import dh
from cryptography.hazmat.primitives.serialization import Encoding, ParameterFormat
import pytest

from clients import Http1Client
from peers import free_port


def get(running, path="/"):
    client = Http1Client(running.mapped)
    response = client.request("GET", path)
    client.close()
    return response


WEAK = 'extends = "legacy"\nverify = { ca_file = "CA" }'
ANY = '["1.2", "1.3"]'

# peer, its flags, profile, what must be negotiated
FINE = [
    ("openssl", ["-tls1_3"], 'extends = "modern"', {"version": "1.3"}),
    ("openssl", ["-tls1_2"], 'extends = "modern"', {"version": "1.2"}),
    ("openssl", ["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"], WEAK, {"version": "1.1"}),
    ("openssl", ["-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"], WEAK, {"version": "1.0"}),
    ("openssl", ["-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"], 'extends = "modern"',
     {"version": "1.3", "cipher_suite": "TLS_CHACHA20_POLY1305_SHA256"}),
    ("openssl", ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"], 'extends = "modern"',
     {"cipher_suite": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}),
    ("openssl", ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"], WEAK, {"cipher_suite": "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"}),
    ("openssl", ["-groups", "P-521"], 'extends = "modern"', {"group": "secp521r1"}),
    ("openssl", ["-groups", "X448"], 'groups = ["x25519", "x448"]', {"group": "x448"}),
    ("openssl", ["-tls1_3", "-groups", "ffdhe2048"], 'groups = ["x25519", "ffdhe2048"]', {"group": "ffdhe2048"}),
    ("openssl", ["-alpn", "http/1.1"], 'extends = "modern"', {"alpn": "http/1.1"}),
    ("openssl", ["-no_ticket"], 'extends = "modern"', {"version": "1.3"}),
    ("gnutls", ["NORMAL:-VERS-ALL:+VERS-TLS1.3"], 'extends = "modern"', {"version": "1.3"}),
    ("gnutls", ["NORMAL:-VERS-ALL:+VERS-TLS1.2"], 'extends = "modern"', {"version": "1.2"}),
    ("gnutls", ["NORMAL:-VERS-ALL:+VERS-TLS1.1"], WEAK, {"version": "1.1"}),
    ("gnutls", ["NORMAL:-VERS-ALL:+VERS-TLS1.0"], WEAK, {"version": "1.0"}),
    ("gnutls", ["NORMAL:-GROUP-ALL:+GROUP-SECP384R1"], 'extends = "modern"', {"group": "secp384r1"}),
    ("gnutls", ["NORMAL:-CIPHER-ALL:+AES-128-GCM"], 'extends = "modern"', {"cipher_suite": "TLS_AES_128_GCM_SHA256"}),
    ("gnutls", ["NORMAL:%NO_TICKETS"], 'extends = "modern"', {"version": "1.3"}),
    ("gnutls", ["NORMAL:-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION"], WEAK, {"version": "1.2"}),
]


@pytest.mark.parametrize("peer, flags, profile, expected", FINE, ids=[" ".join([row[0], *row[1]]) for row in FINE])
def test_fine(peers, proxy, authority, peer, flags, profile, expected):
    server = getattr(peers, peer)(*flags)
    running = proxy(server.port, profile.replace("CA", str(authority.file)))
    assert get(running).status == 200, running.log
    negotiated = running.records()[-1]["negotiated"]
    assert expected.items() <= negotiated.items()


# peer, its flags, profile, and the failure: kind, alert, direction, by
REFUSED = [
    ("openssl", ["-tls1_2"], 'versions = ["1.3"]', ("alert", 70, "received", "upstream")),
    ("openssl", ["-tls1_3"], 'versions = ["1.2"]', ("alert", 70, "received", "upstream")),
    ("openssl", ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"], 'extends = "modern"', ("alert", 40, "received", "upstream")),
    ("openssl", ["-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256", "-tls1_3"],
     'cipher_suites = ["TLS_AES_128_GCM_SHA256"]', ("alert", 40, "received", "upstream")),
    ("openssl", ["-tls1_3", "-groups", "P-521"], 'groups = ["x25519"]', ("alert", 40, "received", "upstream")),
    ("openssl", ["-tls1_3", "-sigalgs", "ECDSA+SHA256"], 'signature_algorithms = ["rsa_pss_rsae_sha256"]',
     ("alert", 40, "received", "upstream")),
    ("openssl", ["-tls1_2", "-Verify", "1"], 'extends = "modern"', ("alert", 40, "received", "upstream")),
    ("gnutls", ["NORMAL:-VERS-ALL:+VERS-TLS1.2"], 'versions = ["1.3"]', ("alert", 40, "received", "upstream")),
    ("gnutls", ["NORMAL:-CIPHER-ALL:+AES-256-GCM"], 'cipher_suites = ["TLS_AES_128_GCM_SHA256"]\nversions = ["1.3"]',
     ("alert", 40, "received", "upstream")),
    ("gnutls", ["NORMAL:-VERS-TLS1.3:%DISABLE_SAFE_RENEGOTIATION"], 'extends = "modern"', ("library", 40, "sent", "local")),
    ("openssl", ["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"], 'extends = "modern"', ("alert", 70, None, None)),
]


@pytest.mark.parametrize("peer, flags, profile, expected", REFUSED, ids=[" ".join([row[0], *row[1]]) for row in REFUSED])
def test_refused(peers, proxy, peer, flags, profile, expected):
    running = proxy(getattr(peers, peer)(*flags).port, profile)
    response = get(running)
    assert response.status == 502
    failure = running.records()[0]["failure"]
    kind, alert, direction, by = expected
    assert (failure["kind"], failure["alert"]["id"]) == (kind, alert), failure
    if direction:
        assert (failure["alert"]["direction"], failure["by"]) == (direction, by), failure


def test_a_client_certificate_is_required_in_1_2(peers, proxy):
    running = proxy(peers.openssl("-tls1_2", "-Verify", "1", "-verify_return_error").port, 'extends = "modern"')
    assert get(running).status == 502
    record = running.records()[0]
    assert record["certificate_requested"] is True
    assert record["failure"]["phase"] == "client_certificate"


@pytest.mark.parametrize("peer", ["openssl", "gnutls"])
def test_a_client_certificate_is_required_in_1_3(peers, proxy, authority, peer):
    """The refusal comes on the first read, when the handshake was already established for us."""
    server = (peers.openssl("-tls1_3", "-Verify", "1", "-verify_return_error", "-CAfile", authority.file) if peer == "openssl" else
              peers.gnutls("NORMAL:-VERS-ALL:+VERS-TLS1.3", "--require-client-cert", "--x509cafile", str(authority.file)))
    running = proxy(server.port, 'extends = "modern"')
    response = get(running)
    assert response.status == 502
    failures = [record["failure"] for record in running.records() + running.records("connection_failure") if "failure" in record]
    assert failures[0]["alert"]["id"] == 116
    assert failures[0]["alert"]["direction"] == "received"
    assert "alert-id=116" in response.field("proxy-status")


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("peer", ["openssl", "gnutls"])
def test_a_client_certificate_is_shown(peers, proxy, authority, peer, version):
    client = authority.issue("client", client=True)
    server = (peers.openssl("-Verify", "1", "-verify_return_error", "-CAfile", authority.file) if peer == "openssl" else
              peers.gnutls("NORMAL", "--require-client-cert", "--verify-client-cert", "--x509cafile", str(authority.file)))
    running = proxy(server.port, f'versions = ["{version}"]\nclient_certificate = {{ cert = "{client.cert}", key = "{client.key}" }}')
    assert get(running).status == 200, running.log


BAD = {
    "expired": (lambda authority: authority.issue("origin.test", days=(-30, -1)), "expired"),
    "not yet valid": (lambda authority: authority.issue("origin.test", days=(2, 30)), "not yet valid"),
    "wrong name": (lambda authority: authority.issue("other.test"), "is not for origin.test"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_certificate(peers, proxy, authority, what):
    identity, words = BAD[what][0](authority), BAD[what][1]
    running = proxy(peers.openssl(identity=identity).port)
    response = get(running)
    assert response.status == 502 and "tls_certificate_error" in response.field("proxy-status")
    (record,) = running.records()
    assert (record["failure"]["kind"], record["failure"]["by"]) == ("verify", "local")
    assert words in record["failure"]["detail"]
    assert record["certificates"]


def test_an_unknown_issuer(peers, proxy, tmp_path, identity):
    from origin.certificates import Authority
    folder = tmp_path / "stranger"
    folder.mkdir()
    running = proxy(peers.openssl(identity=Authority(folder, "a stranger").issue("origin.test")).port)
    assert get(running).status == 502
    (record,) = running.records()
    assert record["failure"]["kind"] == "verify" and record["alerts"][0]["name"] == "unknown_ca"


# RFC 2409 section 6.2
OAKLEY_GROUP_2 = int("""
FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B
302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6
49286651ECE65381FFFFFFFFFFFFFFFF""".replace("\n", ""), 16)


@pytest.fixture(scope="module")
def small_dh(tmp_path_factory):
    file = tmp_path_factory.mktemp("dh") / "dh1024.pem"
    file.write_bytes(dh.DHParameterNumbers(OAKLEY_GROUP_2, 2).parameters().parameter_bytes(Encoding.PEM, ParameterFormat.PKCS3))
    return file


def test_small_dh_is_refused_by_us(peers, proxy, authority, small_dh):
    rsa = authority.issue("origin.test", key="rsa")
    server = peers.openssl("-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", "-dhparam", small_dh, identity=rsa)
    running = proxy(server.port, 'ciphers = "DHE-RSA-AES128-GCM-SHA256"\nversions = ["1.2"]')
    assert get(running).status == 502
    failure = running.records()[0]["failure"]
    assert failure["by"] == "local" and failure["alert"]["direction"] == "sent"
    assert "DH key is too small" in failure["detail"]


def test_small_dh_is_accepted_where_a_profile_says_so(peers, proxy, authority, small_dh):
    rsa = authority.issue("origin.test", key="rsa")
    server = peers.openssl("-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", "-dhparam", small_dh, identity=rsa)
    running = proxy(server.port, 'ciphers = "DHE-RSA-AES128-GCM-SHA256"\nversions = ["1.2"]\nsecurity_level = 0')
    assert get(running).status == 200
    running.wait_for("weak")
    assert any("weak" in note for note in running.records()[0]["notes"])


@pytest.mark.tsan
def test_nginx(peers, proxy):
    data = bytes(range(256)) * 8192
    for h2, protocol in ((True, "h2"), (False, "http/1.1")):
        running = proxy(peers.nginx(h2=h2, files=[("file", data)]).port)
        response = get(running, "/file")
        assert (response.status, response.body) == (200, data)
        assert running.records()[0]["negotiated"]["alpn"] == protocol


def test_nghttpd(peers, proxy):
    running = proxy(peers.nghttpd(files=[("file", b"from nghttpd")]).port)
    assert get(running, "/file").body == b"from nghttpd"
    assert running.records()[0]["negotiated"]["alpn"] == "h2"


def test_an_address_of_which_the_first_does_not_answer(peers, proxy):
    """localhost has two addresses; the server listens on one only (RFC 8305)."""
    server = peers.nginx(h2=False)
    running = proxy(server.port, to=f"https://localhost:{server.port}")
    assert get(running, "/hello").status == 200


def test_no_port_is_given_twice():
    ports = [free_port() for _ in range(300)]
    assert len(set(ports)) == len(ports)
