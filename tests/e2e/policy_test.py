"""What a policy says takes effect on the wire."""
import datetime
import signal

import pytest

from clients import Http1Client
from connect_proxy import ConnectProxy
from peers import free_port
from running_proxy import wait_until


def get(running, path="/", port=None, host="origin.test", absolute=""):
    client = Http1Client(port or running.mapped, host=host, absolute=absolute)
    response = client.request("GET", path)
    client.close()
    return response


@pytest.fixture
def offered(origin, proxy):
    """The ClientHello that a profile makes."""
    def one(profile):
        behind = origin()
        get(proxy(behind.port, profile))
        return behind.hellos[0]

    return one


ECDSA_256, X25519, P256, P384 = 0x0403, 29, 23, 24

KEYS = [
    ('alpn = ["http/1.1"]', lambda hello: hello.alpn == ["http/1.1"]),
    ('alpn = ["h2"]', lambda hello: hello.alpn == ["h2"]),
    ('alpn = ["http/1.1", "h2"]', lambda hello: hello.alpn == ["http/1.1", "h2"]),
    ('alpn = []', lambda hello: hello.alpn == [] and 16 not in hello.extensions),
    ('versions = ["1.2"]', lambda hello: hello.versions == [0x303] and 43 not in hello.extensions),
    ('versions = ["1.3"]', lambda hello: hello.versions == [0x304]),
    ('ciphers = "ECDHE-RSA-AES128-GCM-SHA256"\nversions = ["1.2"]', lambda hello: hello.suites in ([0xC02F, 0xFF], [0xC02F])),
    ('cipher_suites = ["TLS_AES_128_GCM_SHA256"]\nversions = ["1.3"]', lambda hello: hello.suites in ([0x1301, 0xFF], [0x1301])),
    ('cipher_suites = ["TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"]', lambda hello: hello.suites[:2] == [0x1303, 0x1301]),
    ('groups = ["secp384r1", "x25519"]', lambda hello: hello.groups == [P384, X25519]),
    ('groups = ["P-256"]', lambda hello: hello.groups == [P256]),
    ('signature_algorithms = ["ecdsa_secp256r1_sha256"]', lambda hello: hello.signature_algorithms == [ECDSA_256]),
    ('server_name = "none"', lambda hello: hello.server_name is None),
    ('server_name = "front.test"', lambda hello: hello.server_name == "front.test"),
    ('server_name = "auto"', lambda hello: hello.server_name == "origin.test"),
    ('tickets = false', lambda hello: 35 not in hello.extensions),
    ('split_hello = "record:50"', lambda hello: hello.records == 2),
    ('split_hello = "none"', lambda hello: hello.records == 1),
]


@pytest.mark.parametrize("profile, holds", KEYS, ids=[profile.replace("\n", " ") for profile, _ in KEYS])
def test_profile(offered, profile, holds):
    hello = offered(profile)
    assert holds(hello), hello


def test_split_in_segments_still_gets_through(origin, proxy):
    assert get(proxy(origin().port, 'split_hello = "segment:50"')).status == 200


@pytest.mark.parametrize("level, status", [(2, 502), (0, 200)])
def test_security_level(origin, proxy, authority, level, status):
    """An RSA key of 1024 bits is too short for level 2."""
    behind = origin(identity=authority.issue("origin.test", key="rsa1024"),
                    configure=lambda context: context.set_ciphers("DEFAULT:@SECLEVEL=0"))
    running = proxy(behind.port, f'security_level = {level}\nversions = ["1.2"]')
    assert get(running).status == status


@pytest.mark.parametrize("resumption, expected", [("true", True), ("false", False)])
def test_resumption(origin, proxy, resumption, expected):
    behind = origin(alpn=["http/1.1"])
    running = proxy(behind.port, f"resumption = {resumption}", threads=1)
    one, two = Http1Client(running.mapped), Http1Client(running.mapped)
    assert one.request("GET", "/").status == 200
    held = one.open("GET", "/held/x", body=False)
    behind.wait_for(lambda seen: len(seen.requests) == 2)
    assert two.request("GET", "/").status == 200
    behind.streams.push("x", None)
    held.response()
    assert behind.hellos[1].offers_session is expected


WRONG_NAME, EXPIRED = {"names": ["other.test"]}, {"names": ["origin.test"], "days": (-30, -10)}
VERIFY = {
    "wrong name": (WRONG_NAME, "", 502),
    "other names": (WRONG_NAME, 'verify = { names = ["other.test"] }', 200),
    "off": (WRONG_NAME, 'verify = "none"', 200),
    "expired": (EXPIRED, "", 502),
}


@pytest.mark.parametrize("what", VERIFY)
def test_verify(origin, proxy, authority, what):
    leaf, profile, status = VERIFY[what]
    running = proxy(origin(identity=authority.issue(*leaf["names"], days=leaf.get("days", (-1, 30)))).port, profile)
    assert get(running).status == status
    if what == "off":
        running.wait_for("weak")
        assert running.records()[0]["notes"]


def test_verify_at_another_time(start, origin, proxy, tmp_path):
    """Both the leaf and its authority are valid yesterday, not in 60 days."""
    from origin.certificates import Authority
    mine = Authority(tmp_path)
    now = datetime.datetime.utcnow()
    behind = origin(identity=mine.issue("origin.test", days=(-1, 0.5)))
    for days, status in ((0, 200), (20, 502)):
        time = (now + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        running = proxy(behind.port, f'verify = {{ ca_file = "{mine.file}", time = "{time}" }}')
        assert get(running).status == status, time


def test_an_authority_of_ones_own_replaces_the_store(origin, proxy, tmp_path, authority):
    from origin.certificates import Authority
    mine = Authority(tmp_path, "another authority")
    behind = origin(identity=mine.issue("origin.test"))
    assert get(proxy(behind.port, f'verify = {{ ca_file = "{mine.file}" }}')).status == 200
    assert get(proxy(behind.port)).status == 502
    assert get(proxy(origin().port, f'verify = {{ ca_file = "{mine.file}" }}')).status == 502


def test_a_sni_override_does_not_change_the_name_that_is_checked(origin, proxy, authority):
    behind = origin(identity=authority.issue("front.test"))
    assert get(proxy(behind.port, 'server_name = "front.test"')).status == 502


def test_rules_decide_key_by_key(origin, proxy):
    one, other = origin(), origin()
    more = f"""
[[rule]]
name = "first"
host = "*.key.test"
profile = "http1"
via = "direct"
[[rule]]
name = "second"
host = "a.key.test"
profile = "tls12"
address = "127.0.0.1:{other.port}"
"""
    running = proxy(one.port, more=more)
    client = Http1Client(running.port, host="a.key.test", absolute="https://a.key.test")
    client.request("GET", "/")  # the certificate is for another name: the hello is enough
    (record,) = running.records()
    assert record["rules"] == ["first", "second"] and record["rule"] == "first"
    assert other.hellos[0].alpn == ["http/1.1"] and one.hellos == []


def test_address_keeps_the_name(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    assert get(running, port=running.port, host="deep.origin.test", absolute="https://deep.origin.test").status == 200
    assert behind.hellos[0].server_name == "deep.origin.test"
    assert behind.requests[0][2] == "deep.origin.test"


@pytest.mark.parametrize("scheme, truncate, transports", [("", False, {"udp"}), ("udp://", False, {"udp"}), ("tcp://", False, {"tcp"}),
                                                          ("udp://", True, {"udp", "tcp"})])
def test_resolver(origin, proxy, dns, authority, scheme, truncate, transports):
    behind, server = origin(identity=authority.issue("named.test")), dns({"named.test": ["127.0.0.1"]}, truncate=truncate)
    running = proxy(1, to=f"https://named.test:{behind.port}",
                    more=f'[[rule]]\nhost = "named.test"\nresolver = "{scheme}127.0.0.1:{server.port}"\nvia = "direct"\n')
    assert get(running).status == 200
    assert {transport for transport, *_ in server.questions} == transports
    assert {name for _, name, _ in server.questions} == {"named.test"}
    target = running.records()[0]["target"]
    assert target["address"] == "127.0.0.1" and str(server.port) in target["resolver"]


def test_a_resolver_that_knows_no_such_name(proxy, dns):
    server = dns({})
    running = proxy(1, to="https://unknown.test",
                    more=f'[[rule]]\nhost = "unknown.test"\nresolver = "127.0.0.1:{server.port}"\nvia = "direct"\n')
    assert get(running).status == 502
    (record,) = running.records()
    assert (record["failure"]["phase"], record["failure"]["kind"]) == ("resolve", "dns")


def test_the_next_address_is_tried(origin, proxy, dns, authority):
    """127.9.9.9 refuses; the other one answers (RFC 8305)."""
    behind, server = origin(identity=authority.issue("named.test")), dns({"named.test": ["127.9.9.9", "127.0.0.1"]})
    running = proxy(1, to=f"https://named.test:{behind.port}",
                    more=f'[[rule]]\nhost = "named.test"\nresolver = "127.0.0.1:{server.port}"\nvia = "direct"\n')
    assert get(running).status == 200
    assert running.records()[-1]["target"]["address"] == "127.0.0.1"


@pytest.fixture
def connect_proxy():
    running = []

    def start_one(**options):
        running.append(ConnectProxy(**options))
        return running[-1]

    yield start_one
    for one in running:
        one.stop()


def test_via_with_credentials(origin, proxy, connect_proxy):
    behind = origin()
    way = connect_proxy(connect_to=("127.0.0.1", behind.port), credentials="me:p@ss")
    running = proxy(behind.port, via=f'via = "http://me:p%40ss@127.0.0.1:{way.port}"')
    assert get(running).status == 200
    ((method, target, _),) = way.requests
    assert method == "CONNECT" and target == f"127.0.0.1:{behind.port}"
    (record,) = running.records()
    assert record["target"]["via"] == f"http://127.0.0.1:{way.port}"
    assert "p@ss" not in running.log + running.record_file.read_text() and "p%40ss" not in running.log


def test_via_passes_the_name_on(origin, proxy, connect_proxy, authority):
    behind = origin(identity=authority.issue("named.test"))
    way = connect_proxy(connect_to=("127.0.0.1", behind.port))
    running = proxy(1, to="https://named.test", more=f'[[rule]]\nhost = "named.test"\nvia = "http://127.0.0.1:{way.port}"\n')
    assert get(running).status == 200
    assert way.requests[0][1] == "named.test:443"


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_via_that_refuses(origin, proxy, connect_proxy, status):
    behind = origin()
    way = connect_proxy(status=status)
    running = proxy(behind.port, via=f'via = "http://127.0.0.1:{way.port}"')
    response = get(running)
    assert response.status == 502
    failure = running.records()[0]["failure"]
    assert failure["phase"] == "proxy_connect" and str(status) in failure["detail"]
    assert behind.connections == []


@pytest.mark.parametrize("no_proxy, through", [("", True), ("named.test", False), (".test", False), ("*", False), ("named.test:443", False),
                                               (".other.test, named.test:8443", True)])
def test_via_env(origin, proxy, connect_proxy, authority, no_proxy, through):
    behind = origin(identity=authority.issue("named.test"))
    way = connect_proxy(connect_to=("127.0.0.1", behind.port))
    running = proxy(1, to="https://named.test", HTTPS_PROXY=f"http://127.0.0.1:{way.port}", NO_PROXY=no_proxy)
    assert get(running).status == (200 if through else 502), "without it the name is looked up, and there is none"
    assert bool(way.requests) is through


def test_env_that_names_ourselves_is_ignored(origin, proxy):
    behind, port = origin(), free_port()
    running = proxy(behind.port, via='via = "env"', flags=["--listen", f"127.0.0.1:{port}"], HTTPS_PROXY=f"http://127.0.0.1:{port}")
    assert get(running).status == 200
    assert running.records()[0]["target"]["via"] == "direct"


def test_block(origin, proxy):
    behind = origin()
    running = proxy(behind.port, rule='mode = "block"')
    response = get(running)
    assert response.status == 403 and "http_request_denied" in response.field("proxy-status")
    assert behind.connections == []


@pytest.mark.parametrize("h2c, protocol", [("true", "h2"), ("false", "http/1.1")])
def test_plain_origins(origin, proxy, h2c, protocol):
    behind = origin(identity=None)
    running = proxy(behind.port, rule=f"h2c = {h2c}", to="http://origin.test")
    response = get(running)
    assert response.status == 200 and f'"protocol": "{protocol}"'.encode() in response.body
    assert running.records() == []


@pytest.mark.tsan
def test_a_change_takes_effect_without_a_restart(origin, proxy):
    behind = origin()
    running = proxy(behind.port, 'alpn = ["h2"]')
    get(running)
    mark = running.mark()
    running.policy.write_text(running.policy.read_text().replace('alpn = ["h2"]', 'alpn = ["http/1.1"]'))
    running.wait_for("policy loaded again", since=mark)
    get(running)
    assert [hello.alpn for hello in behind.hellos] == [["h2"], ["http/1.1"]]


@pytest.mark.tsan
def test_sighup_under_load(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    client = Http1Client(running.mapped)
    for number in range(60):
        if number % 20 == 10:
            running.signal(signal.SIGHUP)
        assert client.request("GET", f"/{number}").status == 200
    assert len(behind.hellos) == 1, "a reload that changes nothing costs no connection"


def test_a_wrong_reload_keeps_the_old_policy(origin, proxy):
    behind = origin()
    running = proxy(behind.port, 'alpn = ["http/1.1"]')
    mark = running.mark()
    running.policy.write_text('[[rule]]\nhots = "origin.test"\n')
    running.wait_for("hots", since=mark)
    assert get(running).status == 200
    assert behind.hellos[0].alpn == ["http/1.1"]


def test_until(origin, proxy):
    """Once the rule is over its address no longer holds: the name is looked up, and there is none."""
    running = proxy(origin().port, 'alpn = ["http/1.1"]', rule='until = "2s"')
    assert get(running).status == 200
    wait_until(lambda: get(running).status == 502, "the end of the rule")
    assert running.records()[-1]["failure"]["phase"] == "resolve"
