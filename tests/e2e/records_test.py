"""What a record says is what was on the wire: compared with what the other side saw."""
import json
import re
import signal

import pytest

from clients import Http1Client, Http2Client
from origin.client_hello import GREASE
from origin.rules import rule
from running_proxy import wait_until

pytestmark = pytest.mark.tsan

SUITES = {"TLS_AES_256_GCM_SHA384": 0x1302, "TLS_CHACHA20_POLY1305_SHA256": 0x1303, "TLS_AES_128_GCM_SHA256": 0x1301,
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": 0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": 0xC02B,
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": 0xC02F, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": 0xC030,
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": 0xCCA9, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256": 0xCCA8,
          "TLS_EMPTY_RENEGOTIATION_INFO_SCSV": 0x00FF, "TLS_FALLBACK_SCSV": 0x5600}
GROUPS = {"x25519": 29, "x448": 30, "secp256r1": 23, "secp384r1": 24, "secp521r1": 25, "ffdhe2048": 256, "ffdhe3072": 257,
          "ffdhe4096": 258, "ffdhe6144": 259, "ffdhe8192": 260}
SCHEMES = {"ecdsa_secp256r1_sha256": 0x0403, "ecdsa_secp384r1_sha384": 0x0503, "ecdsa_secp521r1_sha512": 0x0603,
           "ed25519": 0x0807, "ed448": 0x0808, "rsa_pss_pss_sha256": 0x0809, "rsa_pss_pss_sha384": 0x080A,
           "rsa_pss_pss_sha512": 0x080B, "rsa_pss_rsae_sha256": 0x0804, "rsa_pss_rsae_sha384": 0x0805,
           "rsa_pss_rsae_sha512": 0x0806, "rsa_pkcs1_sha256": 0x0401, "rsa_pkcs1_sha384": 0x0501, "rsa_pkcs1_sha512": 0x0601}


def get(running, path="/"):
    client = Http1Client(running.mapped)
    response = client.request("GET", path)
    client.close()
    return response


def numbers(names, table):
    return [table.get(name) or int(name, 16) for name in names]


PROFILES = {
    "modern": 'extends = "modern"',
    "http1": 'extends = "http1"',
    "no-alpn": 'extends = "no-alpn"',
    "small-hello": 'extends = "small-hello"',
    "tls12": 'extends = "tls12"',
    "no-sni": 'extends = "no-sni"',
    "split": 'extends = "modern"\nsplit_hello = "record:100"',
}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_what_was_offered(origin, proxy, profile):
    behind = origin()
    running = proxy(behind.port, profile)
    assert get(running).status == 200
    seen, (record,) = behind.connections[0].hello, running.records()
    offered = record["offered"]
    assert offered["bytes"] == seen.bytes
    assert offered["alpn"] == seen.alpn
    assert offered.get("server_name") == seen.server_name
    assert offered["versions"] == [{0x304: "1.3", 0x303: "1.2"}[number] for number in seen.versions]
    assert numbers(offered["cipher_suites"], SUITES) == seen.suites
    assert numbers(offered["groups"], GROUPS) == seen.groups
    assert numbers(offered["signature_algorithms"], SCHEMES) == seen.signature_algorithms
    assert offered["ja3"] == seen.ja3
    assert offered["scsv"] is seen.scsv is False
    assert offered["resumption"] is seen.offers_session is False
    assert seen.records == (2 if "split" in profile else 1)


def ja4_head(hello):
    """The first part of JA4, which needs no hash: https://github.com/FoxIO-LLC/ja4."""
    suites = [suite for suite in hello.suites if suite not in GREASE]
    kinds = [kind for kind in hello.extensions if kind not in GREASE]
    alpn = hello.alpn[0][0] + hello.alpn[0][-1] if hello.alpn else "00"
    version = {"1.3": "13", "1.2": "12"}[hello.max_version]
    return f"t{version}{'d' if hello.server_name else 'i'}{len(suites):02}{len(kinds):02}{alpn}"


@pytest.mark.parametrize("profile", ["modern", "http1", "no-alpn", "no-sni", "tls12"])
def test_ja4(origin, proxy, profile):
    behind = origin()
    running = proxy(behind.port, f'extends = "{profile}"')
    get(running)
    assert running.records()[0]["offered"]["ja4"].split("_")[0] == ja4_head(behind.connections[0].hello)


@pytest.mark.parametrize("profile", ["modern", "tls12", "no-alpn"])
def test_what_was_negotiated(origin, proxy, profile):
    behind = origin()
    running = proxy(behind.port, f'extends = "{profile}"')
    get(running)
    (record,), seen = running.records(), behind.connections[0].negotiated
    negotiated = record["negotiated"]
    assert record["outcome"] == "established" and "failure" not in record
    assert negotiated["version"] == seen["version"].removeprefix("TLSv")
    assert negotiated.get("alpn") == seen["alpn"]
    assert negotiated["resumed"] is seen["resumed"] is False
    openssl_name = negotiated["cipher_suite"].removeprefix("TLS_").replace("_WITH_AES_", "_AES").replace("_", "-")
    assert negotiated["cipher_suite"] == seen["cipher_suite"] or openssl_name == seen["cipher_suite"]
    assert re.fullmatch("[0-9a-f]{32}", negotiated["ja3s"])


def test_certificates(origin, proxy, authority):
    running = proxy(origin().port, 'extends = "tls12"')
    get(running)
    (leaf,) = running.records()[0]["certificates"]
    assert "origin.test" in leaf["names"] and "127.0.0.1" in leaf["names"]
    assert authority.name in leaf["issuer"] and "origin.test" in leaf["subject"]
    assert leaf["key"] == "EC P-256"
    assert leaf["not_before"] < "2100" and leaf["not_after"] > leaf["not_before"]


def test_where_it_went(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    get(running)
    (record,) = running.records()
    target = record["target"]
    assert (target["host"], target["port"], target["address"], target["via"]) == ("origin.test", 443, "127.0.0.1", "direct")
    assert record["listener"] == f"127.0.0.1:{running.mapped}"
    assert (record["rule"], record["profile"], record["attempt"], record["side"]) == ("test", "modern", 1, "upstream")
    timing = record["timing_us"]
    assert 0 <= timing["connect"] <= timing["first_byte"] <= timing["total"]
    assert "next" not in record


def test_the_second_connection_resumes(origin, proxy):
    behind = origin(alpn=["http/1.1"])
    running = proxy(behind.port, threads=1)
    one, two = Http1Client(running.mapped), Http1Client(running.mapped)
    assert one.request("GET", "/").status == 200
    held = one.open("GET", "/held/one", body=False)
    behind.wait_for(lambda seen: len(seen.requests) == 2)
    assert two.request("GET", "/").status == 200
    behind.streams.push("one", None)
    held.response()
    first, second = running.records()
    assert (first["negotiated"]["resumed"], second["negotiated"]["resumed"]) == (False, True)
    assert second["offered"]["resumption"] is True
    assert [seen.negotiated["resumed"] for seen in behind.connections] == [False, True]


FAILURES = {
    # what the origin does: by, phase, kind
    "alert:40": ("upstream", "client_hello", "alert"),
    "alert:80": ("upstream", "client_hello", "alert"),
    "reset": ("upstream", "client_hello", "reset"),
    "close": ("upstream", "client_hello", "eof"),
    "garbage": ("upstream", "client_hello", "not_tls"),
    "plain-http": ("upstream", "client_hello", "not_tls"),
}


@pytest.mark.parametrize("action", FAILURES)
def test_how_it_failed(origin, proxy, action):
    running = proxy(origin(action).port, 'extends = "modern"')
    assert get(running).status == 502
    record = running.records()[0]
    failure = record["failure"]
    assert record["outcome"] == "failed"
    assert (failure["by"], failure["phase"], failure["kind"]) == FAILURES[action]
    if action.startswith("alert"):
        number = int(action.split(":")[1])
        name = {40: "handshake_failure", 80: "internal_error"}[number]
        expected = {"id": number, "name": name, "level": "fatal", "direction": "received"}
        assert failure["alert"] == expected and record["alerts"] == [expected]
    else:
        assert "alert" not in failure


@pytest.mark.parametrize("version, at, phase", [("1.2", "server_hello", "server_hello"), ("1.2", "flight", "finished"),
                                                ("1.3", "server_hello", "server_hello")])
def test_the_phase_of_a_later_cut(origin, proxy, version, at, phase):
    running = proxy(origin(rule("reset", at=at)).port, f'extends = "modern"\nversions = ["{version}"]')
    assert get(running).status == 502
    record = running.records()[0]
    assert (record["failure"]["kind"], record["failure"]["phase"]) == ("reset", phase)
    assert record["negotiated"]["version"] == version


def test_an_alert_after_the_server_hello(origin, proxy):
    running = proxy(origin(rule("alert:40", at="server_hello")).port, 'extends = "tls12"')
    get(running)
    record = running.records()[0]
    assert record["failure"]["alert"]["id"] == 40
    assert record["failure"]["phase"] != "client_hello"
    assert record["negotiated"]["version"] == "1.2"


def test_a_warning_does_not_end_it(origin, proxy):
    """112 as a warning: the name is not known, and the server goes on (RFC 6066 section 3)."""
    running = proxy(origin("alert:112:warning").port, 'extends = "tls12"')
    get(running)
    record = running.records()[0]
    assert record["alerts"][0] == {"id": 112, "name": "unrecognized_name", "level": "warning", "direction": "received"}
    assert record["failure"]["kind"] == "eof"


def test_an_alert_that_we_send(origin, proxy, authority):
    """The certificate is for another name: our side refuses it."""
    running = proxy(origin(identity=authority.issue("other.test")).port, 'extends = "modern"')
    assert get(running).status == 502
    record = running.records()[0]
    assert (record["failure"]["by"], record["failure"]["kind"]) == ("local", "verify")
    assert [alert["direction"] for alert in record["alerts"]] == ["sent"]


@pytest.mark.parametrize("code", ["HTTP_1_1_REQUIRED", "INADEQUATE_SECURITY", "PROTOCOL_ERROR"])
def test_what_breaks_after_the_handshake_is_a_record_of_its_own(origin, proxy, code):
    running = proxy(origin(rule(f"goaway:{code}", when="alpn=h2", at="preface")).port)
    assert get(running).status == 200
    handshakes, broken = running.records(), running.records("connection_failure")
    assert [record["profile"] for record in handshakes] == ["modern", "modern", "http1"]
    assert [record["outcome"] for record in handshakes] == ["established"] * 3
    assert [record["handshake"] for record in broken] == [record["id"] for record in handshakes[:2]]
    assert [record["next"] for record in broken] == ["retry", "http1"]
    for record in broken:
        assert (record["failure"]["phase"], record["failure"]["kind"]) == ("after", "h2")
        assert code in record["failure"]["detail"]


def test_no_secret_is_recorded_or_logged(origin, proxy):
    running = proxy(origin(rule("alert:40", when="first=1")).port)
    client = Http2Client(running.mapped)
    response = client.request("GET", "/?token=s3cret-query", [("authorization", "Bearer s3cret-token"), ("cookie", "s3cret-cookie=1")])
    assert response.status == 200
    assert "s3cret" not in running.log
    assert "s3cret" not in running.record_file.read_text()


def test_each_record_is_written_before_the_response(origin, proxy):
    behind = origin(rule("alert:40", when="alpn=h2"))
    running = proxy(behind.port)
    get(running)
    assert [record["profile"] for record in running.records()] == ["modern", "modern", "http1"]
    assert [record.get("next") for record in running.records()] == ["retry", "http1", None]
    running.kill()
    assert len(running.records()) == 3


def test_records_are_appended_and_private(start, origin, tmp_path, environment, authority):
    behind, file = origin(), tmp_path / "records.jsonl"
    file.write_text('{"type":"earlier"}\n')
    flags = ["--record", str(file), "--map", "127.0.0.1:0=https://origin.test", "--cacert", str(authority.file),
             "--connect-to", f"origin.test:443:127.0.0.1:{behind.port}"]
    running = start(*flags)
    get(running)
    lines = [json.loads(line)["type"] for line in file.read_text().splitlines()]
    assert lines == ["earlier", "handshake"]
    other = tmp_path / "new.jsonl"
    start("--record", str(other))
    wait_until(other.exists, "the file")
    assert other.stat().st_mode & 0o777 == 0o600


def hang_up(running):
    mark = running.mark()
    running.signal(signal.SIGHUP)
    running.wait_for("policy loaded again", since=mark)


def types_in(file):
    return [json.loads(line)["type"] for line in file.read_text().splitlines()]


def test_sighup_opens_the_file_anew(origin, proxy):
    running = proxy(origin().port)
    get(running)
    moved = running.record_file.rename(running.record_file.with_suffix(".1"))
    hang_up(running)
    another = Http1Client(running.port, host="another.origin.test", absolute="https://another.origin.test")
    assert another.request("GET", "/").status == 200
    assert types_in(moved) == ["handshake"]
    assert [record["target"]["host"] for record in running.records()] == ["another.origin.test"]


def test_sighup_keeps_the_file_that_is_open_where_there_is_no_way_to_a_new_one(origin, proxy):
    running = proxy(origin().port)
    moved = running.record_file.rename(running.record_file.with_suffix(".1"))
    running.record_file.mkdir()
    hang_up(running)
    running.wait_for(r"cannot open .*jsonl again for records: Is a directory; they go on into the file that was open")
    get(running)
    assert types_in(moved) == ["handshake"]
