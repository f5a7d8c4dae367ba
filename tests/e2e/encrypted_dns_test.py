"""Names looked up within TLS, by DoT and DoH, at unbound; and what becomes of servers that cannot be asked so."""
import json
import subprocess

import pytest

from clients import Http1Client
from origin.certificates import Authority
from peers import free_port

pytestmark = pytest.mark.tsan


def resolvers(server, host="127.0.0.1"):
    return {"tls": f"tls://{host}:{server.port}", "https": f"https://{host}:{server.https}/dns-query"}


@pytest.fixture
def resolved(authority, proxy):
    """resolved(resolver, port) -> an alert40 that looks https://named.test up there."""
    def start_one(resolver, port=1, **options):
        return proxy(1, to=f"https://named.test:{port}",
                     more=f'[[rule]]\nhost = "named.test"\nresolver = "{resolver}"\nvia = "direct"\n', **options)
    return start_one


def get(running):
    client = Http1Client(running.mapped)
    response = client.request("GET", "/")
    client.close()
    return response


def failure(running):
    assert get(running).status == 502
    failure = running.records()[-1]["failure"]
    assert failure["phase"] == "resolve"
    return failure


@pytest.mark.parametrize("way", ["tls", "https"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_name_is_looked_up_within_tls(origin, peers, authority, resolved, way, host):
    behind = origin(identity=authority.issue("named.test"))
    server = peers.unbound({"named.test": ["127.0.0.1"]}, identity=authority.issue("localhost", "127.0.0.1"))
    resolver = resolvers(server, host)[way]
    running = resolved(resolver, behind.port)
    assert get(running).status == 200
    target = running.records()[-1]["target"]
    assert (target["address"], target["resolver"]) == ("127.0.0.1", resolver)
    server.wait_for(r"named\.test\. A IN")
    server.wait_for(r"named\.test\. AAAA IN")


@pytest.mark.parametrize("way", ["tls", "https"])
def test_a_name_that_does_not_exist(peers, authority, resolved, way):
    server = peers.unbound({}, identity=authority.issue("127.0.0.1"))
    found = failure(resolved(resolvers(server)[way]))
    assert found["kind"] == "dns" and "no such name (NXDOMAIN)" in found["detail"] and way + "://" in found["detail"]


@pytest.mark.parametrize("way", ["tls", "https"])
def test_a_server_whose_certificate_is_not_trusted(peers, resolved, tmp_path, way):
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other", name="somebody else")
    server = peers.unbound({"named.test": ["127.0.0.1"]}, identity=other.issue("127.0.0.1"))
    found = failure(resolved(resolvers(server)[way]))
    assert found["kind"] == "dns" and "cannot be asked" in found["detail"] and "(certificate)" in found["detail"]


def test_a_server_for_another_name(peers, authority, resolved):
    server = peers.unbound({"named.test": ["127.0.0.1"]}, identity=authority.issue("dns.test"))
    assert "cannot be asked" in failure(resolved(resolvers(server)["tls"]))["detail"]


def test_a_web_server_is_no_name_server(peers, authority, resolved):
    web = peers.nginx(identity=authority.issue("127.0.0.1"))
    assert "status 404" in failure(resolved(f"https://127.0.0.1:{web.port}/dns-query"))["detail"]
    old = peers.nginx(h2=False, identity=authority.issue("127.0.0.1"))
    assert "alert 120" in failure(resolved(f"https://127.0.0.1:{old.port}/dns-query"))["detail"]
    mute = peers.openssl(identity=authority.issue("127.0.0.1"))
    assert "does not speak HTTP/2" in failure(resolved(f"https://127.0.0.1:{mute.port}/dns-query"))["detail"]
    found = failure(resolved(f"tls://127.0.0.1:{old.port}"))
    assert found["kind"] == "dns"  # "HTTP/1.1 400 ..." is no message, or the connection ends


def test_nobody_there(resolved):
    assert "refused" in failure(resolved(f"tls://127.0.0.1:{free_port()}"))["detail"]


def test_a_diagnosis_asks_such_a_server_too(origin, peers, authority, binary, environment):
    server = peers.unbound({"named.test": ["127.0.0.1"]}, identity=authority.issue("127.0.0.1"))
    behind = origin(identity=authority.issue("named.test"))
    for resolver in resolvers(server).values():
        done = subprocess.run([binary, "diagnose", f"named.test:{behind.port}", "--resolver", resolver, "--via", "direct", "--json"],
                              env=environment | {"SSL_CERT_FILE": str(authority.file)}, capture_output=True, text=True, timeout=60)
        found = json.loads(done.stdout)
        assert found["outcome"] in ("healthy", "noticed"), found
        assert {trial["handshake"]["target"]["resolver"] for trial in found["trials"] if not trial["changes"]} == {resolver}


def ask_for(running, name, port):
    client = Http1Client(running.port, host=name, absolute=f"https://{name}:{port}")
    response = client.request("GET", "/")
    client.close()
    return response.status


@pytest.mark.parametrize("answers_each, connections", [(None, 1), (2, 3)], ids=["kept", "ended by the server"])
def test_a_connection_is_kept_for_the_next_questions_and_replaced_when_it_ends(origin, proxy, authority, dns, answers_each, connections):
    names = ["a.test", "b.test", "c.test"]
    behind = origin(identity=authority.issue(*names))
    server = dns({name: ["127.0.0.1"] for name in names}, identity=authority.issue("127.0.0.1"), answers_each=answers_each)
    running = proxy(1, more=f'[[rule]]\nhost = "*.test"\nresolver = "tls://127.0.0.1:{server.port}"\nvia = "direct"\n', threads=1)
    assert [ask_for(running, name, behind.port) for name in names] == [200, 200, 200]
    assert server.connections == connections
    assert [name for _, name, _ in server.questions] == [name for name in names for _ in range(2)]
