"""alert40 diagnose --inventory, compared with what sslscan and testssl.sh find about the same real servers."""
import json
import os
import re
import subprocess
import xml.etree.ElementTree as xml

import pytest

IANA_NAMES = {}  # code -> name, of the cipher suites that OpenSSL has


def openssl_suites():
    if not IANA_NAMES:
        listed = subprocess.run(["openssl", "ciphers", "-stdname", "-V", "-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"
                                 "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256",
                                 "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], capture_output=True, text=True, check=True).stdout
        for high, low, name in re.findall(r"0x(..),0x(..)\s+-\s+(TLS_\S+)", listed):
            IANA_NAMES[int(high + low, 16)] = name
    return IANA_NAMES


def inventory(binary, environment, authority, port, *words):
    done = subprocess.run([binary, "diagnose", f"localhost:{port}", "--connect-to", f"127.0.0.1:{port}", "--cacert", authority.file,
                           "--inventory", "--json", *words], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)["inventory"]


def of_each_version(found, key):
    return {one["version"]: one[key] for one in found["versions"] if key in one}


class Sslscan:
    def __init__(self, port, folder):
        file = folder / "sslscan.xml"
        self.text = subprocess.run(["sslscan", f"--xml={file}", "--show-sigs", "--no-heartbleed", "--no-colour", "--sni-name=localhost",
                                    f"127.0.0.1:{port}"], capture_output=True, text=True, timeout=120).stdout
        self.test = xml.parse(file).getroot().find("ssltest")

    def versions(self):
        return sorted(("SSL" if one.get("type") == "ssl" else "TLS") + " " + one.get("version")
                      for one in self.test.findall("protocol") if one.get("enabled") == "1")

    def _lists(self, tag, name):
        lists = {}
        for one in self.test.findall(tag):
            lists.setdefault(one.get("sslversion").replace("TLSv", "TLS "), []).append(name(one))
        return lists

    def suites(self):
        return self._lists("cipher", lambda one: openssl_suites()[int(one.get("id"), 16)])

    def groups(self):
        return self._lists("group", lambda one: one.get("name").split()[0])

    def signatures(self):
        return self._lists("connection-signature-algorithm", lambda one: one.get("name"))

    def certificate(self):
        one = self.test.find("certificates/certificate")
        key = one.find("pk")
        return (one.find("signature-algorithm").text, key.get("type"), key.get("bits") if key.get("type") == "RSA" else key.get("curve_name"))

    def renegotiation(self):
        return self.test.find("renegotiation").get("secure") == "1"

    def fallback(self):
        return "supports TLS Fallback SCSV" in self.text


def certificate_of(chain):
    leaf = chain["certificates"][0]
    kind, size = leaf["key"].split(" ", 1)
    return (leaf["signature"], kind, {"P-256": "prime256v1"}.get(size, size))


def check(found, scanned):
    """What sslscan can see: it looks for groups in TLS 1.3 and 1.2 alone, for signatures of one certificate, and for RFC 5746 in TLS 1.0."""
    assert sorted(one["version"] for one in found["versions"]) == scanned.versions()
    suites, decides = of_each_version(found, "cipher_suites"), of_each_version(found, "cipher_suites_decides")
    for version, theirs in scanned.suites().items():
        ours = suites.pop(version)
        assert (ours if decides[version] == "server" else sorted(ours)) == (theirs if decides[version] == "server" else sorted(theirs)), version
    assert not suites
    assert {version: sorted(names) for version, names in of_each_version(found, "groups").items() if version in ("TLS 1.2", "TLS 1.3")} == \
           {version: sorted(names) for version, names in scanned.groups().items()}
    signatures = of_each_version(found, "signature_algorithms")
    for version, theirs in scanned.signatures().items():
        if theirs != ["ANY"]:  # the server does not go by what sslscan offers
            more = set(signatures[version]) - set(theirs)
            assert set(theirs) <= set(signatures[version]), version
            assert all(name.startswith("ecdsa_") for name in more) if len(found["chains"]) > 1 else not more
    assert scanned.certificate() in [certificate_of(chain) for chain in found["chains"]]
    if "TLS 1.0" in scanned.versions():
        assert found["secure_renegotiation"] == scanned.renegotiation()
    if "fallback_scsv" in found:
        assert found["fallback_scsv"] == scanned.fallback()
    assert found["compression"] is False
    assert "stopped" not in found
    assert found["handshakes"] <= 180


SERVERS = {
    "OpenSSL as it is": lambda peers, rsa: peers.openssl(identity=rsa),
    "OpenSSL with two certificates, old versions and its own order": lambda peers, rsa: peers.openssl(
        "-dcert", peers.identity.cert, "-dkey", peers.identity.key, "-no_tls1_3", "-serverpref", "-cipher", "DEFAULT:eNULL:@SECLEVEL=0", identity=rsa),
    "OpenSSL with three suites in an order, and one group": lambda peers, rsa: peers.openssl(
        "-tls1_2", "-serverpref", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:DHE-RSA-AES256-GCM-SHA384", "-named_curve", "secp384r1", identity=rsa),
    "nginx": lambda peers, rsa: peers.nginx(more="ssl_prefer_server_ciphers on;", identity=rsa),
    "GnuTLS": lambda peers, rsa: peers.gnutls("NORMAL:+VERS-TLS1.1:%SERVER_PRECEDENCE", identity=rsa),
}


@pytest.fixture(scope="session")
def rsa(authority):
    return authority.issue("localhost", key="rsa")


@pytest.mark.parametrize("name", SERVERS)
def test_the_inventory_is_what_sslscan_finds(binary, environment, authority, peers, rsa, tmp_path, name):
    port = SERVERS[name](peers, rsa).port
    check(inventory(binary, environment, authority, port), Sslscan(port, tmp_path))


class ScannedByTestssl:
    """What testssl.sh finds about versions, suites, groups and defaults. Without its pauses: the server is on this machine."""

    VERSIONS = {"SSLv3": "SSL 3.0", "TLS1": "TLS 1.0", "TLS1_1": "TLS 1.1", "TLS1_2": "TLS 1.2", "TLS1_3": "TLS 1.3"}

    def __init__(self, port, folder):
        for attempt in range(3):  # where the machine is busy, it says now and then that a check of its own failed
            self.found = self._scan(port, folder / f"testssl{attempt}.json")
            if not any("check failed" in finding for finding in self.found.values()):
                break

    @staticmethod
    def _scan(port, file):
        subprocess.run(["testssl", "--quiet", "--color", "0", "--nodns=none", "--ip=127.0.0.1", "--jsonfile", file, "-p", "-E", "-S", "-f",
                        f"localhost:{port}"], env=os.environ | {"USLEEP_SND": "0.01", "USLEEP_REC": "0.02"}, stdin=subprocess.DEVNULL,
                       capture_output=True, timeout=240)
        return {one["id"]: one["finding"] for one in json.loads(file.read_text())}

    def __getitem__(self, what):
        """What is said of a certificate has its number behind it, where there are several."""
        return next(finding for key, finding in self.found.items() if key.split()[0] == what)

    def versions(self):
        return sorted(name for what, name in self.VERSIONS.items() if self.found[what].startswith("offered"))

    def suites(self):
        """version -> the names, sorted: "cipher-tls1_2_xc030" ends with the name."""
        lists = {}
        for what, finding in self.found.items():
            if what.startswith("cipher-"):
                version = what.split("-")[1].rpartition("_x")[0].upper()
                lists.setdefault(self.VERSIONS[version.removesuffix("_0")], []).append(finding.split()[-1])
        return {version: sorted(names) for version, names in lists.items()}

    def curves(self):
        names = self.found.get("PFS_ECDHE_curves", "").split()
        return sorted({"prime256v1": "secp256r1"}.get(name, name.lower() if name.startswith("X") else name) for name in names)


@pytest.mark.skipif("ALERT40_TRUTH" not in os.environ, reason="takes minutes, and testssl.sh: make truth")
@pytest.mark.parametrize("name", SERVERS)
def test_the_inventory_is_what_testssl_finds(binary, environment, authority, peers, rsa, tmp_path, name):
    port = SERVERS[name](peers, rsa).port
    found, scanned = inventory(binary, environment, authority, port), ScannedByTestssl(port, tmp_path)
    assert sorted(one["version"] for one in found["versions"]) == scanned.versions()
    assert {version: sorted(names) for version, names in of_each_version(found, "cipher_suites").items()} == scanned.suites()
    groups = {group for names in of_each_version(found, "groups").values() for group in names}
    assert sorted(group for group in groups if not group.startswith("ffdhe")) == scanned.curves()
    extensions = scanned["TLS_extensions"]
    assert found["secure_renegotiation"] == ("renegotiation info" in extensions)
    assert found["extended_master_secret"] == ("extended master secret" in extensions)
    assert found["resumes_ticket"] == (scanned["sessionresumption_ticket"] == "supported")
    # Of session ids it says now this and now that, at one and the same nginx without a cache for them.
    assert found["ocsp_stapled"] == (scanned["OCSP_stapling"] != "not offered")
    assert scanned["certs_list_ordering_problem"] == "no" and not any(chain["flaws"] for chain in found["chains"])


@pytest.mark.parametrize("priority, key, words", [
    ("NORMAL:%DISABLE_SAFE_RENEGOTIATION", "secure_renegotiation", "Secure Renegotiation IS supported"),
    ("NORMAL:%NO_SESSION_HASH", "extended_master_secret", "Extended master secret: yes"),
])
def test_what_a_server_leaves_out_is_what_s_client_misses(binary, environment, authority, peers, rsa, priority, key, words):
    port = peers.gnutls(priority, identity=rsa).port
    told = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_2", "-legacy_server_connect"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60).stdout
    found = inventory(binary, environment, authority, port)
    assert found[key] == (words in told)
    assert found[key] is False


def test_groups_are_found_behind_the_curve_of_the_certificate(binary, environment, authority, peers):
    port = peers.openssl("-tls1_2", "-groups", "P-521:P-384:P-256").port  # sslscan, which offers one at a time, finds P-256 alone
    groups = inventory(binary, environment, authority, port)["versions"][0]["groups"]
    assert sorted(groups) == ["secp256r1", "secp384r1", "secp521r1"]


def test_suites_that_this_build_cannot_do_are_found_and_named(binary, environment, authority, peers, rsa):
    port = peers.gnutls("NONE:+VERS-TLS1.2:+ARCFOUR-128:+3DES-CBC:+SHA1:+RSA:+COMP-NULL:+SIGN-ALL:%SERVER_PRECEDENCE", identity=rsa).port
    found = inventory(binary, environment, authority, port)
    assert found["versions"][0]["cipher_suites"] == ["TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"]
    assert {"TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"} <= set(found["unavailable"])


def test_no_more_handshakes_than_allowed(binary, environment, authority, peers, rsa):
    port = peers.openssl("-alpn", "http/1.1", identity=rsa).port
    found = inventory(binary, environment, authority, port, "--max-handshakes", "30")
    assert found["handshakes"] < 30 and "30 handshakes" in found["stopped"] and found["versions"]


def test_a_person_reads_what_is_weak_before_the_lists(binary, environment, peers, rsa, authority):
    port = peers.openssl("-tls1_2", "-cipher", "AES128-SHA", identity=rsa).port
    text = subprocess.run([binary, "diagnose", f"127.0.0.1:{port}", "--cacert", authority.file, "--inventory"], env=environment,
                          capture_output=True, text=True, timeout=60).stdout
    said = text[text.index("What the server speaks"):]
    assert said.index("no forward secrecy") < said.index("\nTLS 1.2\n    TLS_RSA_WITH_AES_128_CBC_SHA\n")
    assert "not for 127.0.0.1 but for localhost" in said
