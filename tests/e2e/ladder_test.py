"""Falling back: what moves a dial on, what is remembered, what the client gets when every step failed."""
import json
import subprocess
import threading

import pytest

from clients import Http1Client, Http2Client
from origin.rules import rule
from peers import free_port
from running_proxy import wait_until

pytestmark = pytest.mark.tsan

QUICK = """
[ladder.quick]
retry = 0
steps = ["modern", "http1"]
timeouts = { connect = "5s", handshake = "500ms", total = "20s" }
"""


def get(running, fields=(), client=Http1Client, path="/"):
    one = client(running.mapped)
    response = one.request("GET", path, fields)
    one.close()
    return response


def profiles(running):
    return [record["profile"] for record in running.records()]


@pytest.fixture
def ask(binary, environment):
    def run(*words):
        return subprocess.run([binary, *words], env=environment, text=True, capture_output=True, timeout=60)

    return run


def learned(ask):
    return json.loads(ask("status", "--json").stdout)["learned"]


@pytest.mark.parametrize("client", [Http1Client, Http2Client], ids=["h1", "h2"])
@pytest.mark.parametrize("action", ["alert:40", "alert:70", "alert:80", "alert:112", "alert:120", "reset", "close"])
def test_an_origin_that_refuses_h2(origin, proxy, action, client):
    behind = origin(rule(action, when="alpn=h2"))
    running = proxy(behind.port)
    assert get(running, client=client).status == 200
    assert profiles(running) == ["modern", "modern", "http1"]
    assert [hello.alpn for hello in behind.hellos] == [["h2", "http/1.1"], ["h2", "http/1.1"], ["http/1.1"]]
    assert len(behind.requests) == 1


def test_what_was_found_is_remembered_and_costs_nothing(origin, proxy, ask):
    behind = origin(rule("alert:40", when="alpn=h2"))
    running = proxy(behind.port)
    get(running)
    (entry,) = learned(ask)
    assert (entry["host"].split(":")[0], entry["ladder"], entry["profile"]) == ("origin.test", "standard", "http1")
    assert "40" in entry["reason"]
    for _ in range(5):
        assert get(running).status == 200
    assert all(hello.alpn == ["http/1.1"] for hello in behind.hellos[3:])
    assert sum(record["outcome"] == "failed" for record in running.records()) == 2


def test_forget(origin, proxy, ask):
    behind = origin(rule("alert:40", when="alpn=h2"))
    running = proxy(behind.port, rule='ladder = "once"', more='[ladder.once]\nretry = 0\nsteps = ["modern", "http1"]\n')
    get(running)
    answer = ask("forget", "origin.test")
    assert answer.returncode == 0 and "1" in answer.stdout
    assert learned(ask) == []
    # A connection that stands is used on; a new one starts from the top.
    behind.rules = []
    assert get(running).status == 200


def test_memory_expires(origin, proxy, ask):
    behind = origin(rule("alert:40", when="alpn=h2,first=1"))
    running = proxy(behind.port, rule='ladder = "short"',
                    more='[ladder.short]\nretry = 0\nsteps = ["modern", "http1"]\nremember = "1s"\n')
    get(running)
    wait_until(lambda: learned(ask) == [], "the end of what was learned")
    behind.stop()


def test_a_remembered_step_that_fails_starts_from_the_top(origin, proxy):
    behind = origin(rule("alert:40", when="alpn=h2,first=1"), rule("close", when="nth=2", at="request"), rule("alert:40", when="nth=3"))
    running = proxy(behind.port, rule='ladder = "quick"', more=QUICK)
    one = Http1Client(running.mapped)
    one.request("POST", "/", body=b"once")  # its connection is closed by the origin
    assert get(running).status == 200
    assert profiles(running)[:4] == ["modern", "http1", "http1", "modern"]


def test_nothing_but_the_first_step_is_nothing_to_remember(origin, proxy, ask):
    running = proxy(origin().port)
    get(running)
    assert learned(ask) == []
    assert profiles(running) == ["modern"]


def test_one_retry_without_resumption_is_enough_for_a_passing_fault(origin, proxy, ask):
    running = proxy(origin(rule("alert:40", when="first=1")).port)
    assert get(running).status == 200
    assert profiles(running) == ["modern", "modern"]
    assert learned(ask) == []


CAUSES = {  # what the origin dislikes, and the step that it likes
    "alpn=h2": "http1",
    "max-version=1.3": "tls12",
    "sni": "no-sni",
    "hello-over=240": "small-hello",
}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_step_mends_its_cause(origin, proxy, cause):
    step = CAUSES[cause]
    behind = origin(rule("alert:40", when=cause))
    running = proxy(behind.port, rule='ladder = "one"', more=f'[ladder.one]\nretry = 0\nsteps = ["modern", "{step}"]\n')
    assert get(running).status == 200, (behind.hellos, running.log)
    tried = profiles(running)
    assert tried == ["modern", step] + ["tls12"] * (step == "tls12"), "1.2 is answered by 86 first, and probed"


def test_a_server_that_knows_no_alpn_at_all(origin, proxy):
    running = proxy(origin(rule("alert:40", when="alpn=http/1.1")).port)
    assert get(running).status == 200
    assert profiles(running)[-1] == "no-alpn"


def test_silence_times_out_and_moves_on(origin, proxy):
    behind = origin(rule("silence", when="alpn=h2"))
    running = proxy(behind.port, rule='ladder = "quick"', more=QUICK)
    assert get(running).status == 200
    first, second = running.records()
    assert (first["failure"]["kind"], first["failure"]["phase"]) == ("timeout", "client_hello")
    assert (first["next"], second["profile"]) == ("http1", "http1")


def test_silence_for_all_is_504(origin, proxy):
    running = proxy(origin("silence").port, rule='ladder = "quick"', more=QUICK)
    response = get(running)
    assert response.status == 504
    assert "error=connection_timeout" in response.field("proxy-status") or "timeout" in response.field("proxy-status")


@pytest.mark.parametrize("action", ["garbage", "plain-http", "alert:71"])
def test_what_no_other_offer_can_change_ends_it(origin, proxy, action):
    behind = origin(action)
    running = proxy(behind.port)
    assert get(running).status == 502
    assert profiles(running) == ["modern"]


def test_a_wrong_certificate_never_starts_a_ladder(origin, proxy, authority):
    running = proxy(origin(identity=authority.issue("other.test")).port)
    response = get(running)
    assert response.status == 502
    assert profiles(running) == ["modern"]
    assert "tls_certificate_error" in response.field("proxy-status")


def test_only_what_on_names_moves_on(origin, proxy):
    ladder = '[ladder.narrow]\nretry = 0\nsteps = ["modern", "http1"]\non = ["{}"]\n'
    for trigger, tried in (("alert:70", ["modern"]), ("sent:alert:40", ["modern"]), ("received:alert:40", ["modern", "http1"]),
                           ("alert:handshake_failure", ["modern", "http1"])):
        running = proxy(origin(rule("alert:40", when="alpn=h2")).port, rule='ladder = "narrow"', more=ladder.format(trigger))
        get(running)
        assert profiles(running) == tried, trigger


BROKEN_H2 = [
    ("goaway:HTTP_1_1_REQUIRED", "preface"), ("goaway:INADEQUATE_SECURITY", "preface"), ("goaway:PROTOCOL_ERROR", "preface"),
    ("goaway:HTTP_1_1_REQUIRED", "request"), ("goaway:INADEQUATE_SECURITY", "request"),
    ("rst-stream:HTTP_1_1_REQUIRED", "request"), ("rst-stream:INADEQUATE_SECURITY", "request"),
    ("close", "preface"), ("reset", "preface"), ("garbage", "preface"), ("close", "finished"), ("reset", "finished"),
]


@pytest.mark.parametrize("client", [Http1Client, Http2Client], ids=["h1", "h2"])
@pytest.mark.parametrize("action, stage", BROKEN_H2, ids=[f"{action}-{stage}" for action, stage in BROKEN_H2])
def test_h2_that_breaks_after_the_handshake(origin, proxy, ask, action, stage, client):
    behind = origin(rule(action, when="alpn=h2", at=stage))
    running = proxy(behind.port)
    assert get(running, client=client).status == 200, running.log
    assert profiles(running)[-1] == "http1"
    assert [entry["profile"] for entry in learned(ask)] == ["http1"]


def test_a_body_goes_along_to_the_next_step(origin, proxy):
    behind = origin(rule("rst-stream:HTTP_1_1_REQUIRED", when="alpn=h2", at="request"))
    running = proxy(behind.port)
    for client in (Http1Client(running.mapped), Http2Client(running.mapped)):
        response = client.request("POST", "/", body=b"x" * 5000)
        assert json.loads(response.body)["length"] == 5000
        client.close()


def test_a_refused_stream_is_sent_again(origin, proxy):
    behind = origin(rule("rst-stream:REFUSED_STREAM", when="first=1", at="request"))
    running = proxy(behind.port)
    client = Http1Client(running.mapped)
    # The origin refuses every stream of its first connection; the request may be repeated there before it goes elsewhere.
    response = client.request("POST", "/", body=b"again")
    assert response.status in (200, 502, 503)
    assert len({request[0] for request in behind.requests}) == 1


SCSV = """
[ladder.scsv]
retry = 0
steps = ["modern", "tls12"]
scsv = "{}"
"""


@pytest.mark.parametrize("mode, status, scsv", [("probe", 200, [False, True, False]), ("strict", 502, [False, True]),
                                                ("off", 200, [False, False])])
def test_scsv(origin, proxy, mode, status, scsv):
    """An origin that speaks 1.3 and dislikes only our 1.3 hello answers the fallback by 86 (RFC 7507)."""
    behind = origin(rule("alert:40", when="max-version=1.3"), rule("alert:86", when="scsv"))
    running = proxy(behind.port, rule='ladder = "scsv"', more=SCSV.format(mode))
    response = get(running)
    assert response.status == status
    assert [hello.scsv for hello in behind.hellos] == scsv
    if mode == "probe":
        notes = " ".join(note for record in running.records() for note in record.get("notes", []))
        assert "86" in notes or "FALLBACK_SCSV" in notes
        behind.wait_for(lambda seen: len(seen.requests) == 1)
        get(running)
        assert not any(hello.scsv for hello in behind.hellos[3:])


def test_requests_that_wait_share_one_run(origin, proxy):
    behind = origin(rule("alert:40", when="alpn=h2"))
    running = proxy(behind.port)
    barrier, statuses = threading.Barrier(16), []

    def one():
        client = Http1Client(running.mapped)
        barrier.wait()
        statuses.append(client.request("GET", "/").status)
        client.close()

    threads = [threading.Thread(target=one) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 16
    assert sum("h2" in hello.alpn for hello in behind.hellos) == 2, "the refused step and its retry, once for all"


def test_requests_that_wait_share_its_failure(origin, proxy):
    behind = origin("alert:40")
    running = proxy(behind.port, rule='ladder = "quick"', more=QUICK)
    client = Http2Client(running.mapped)
    exchanges = [client.open("GET", f"/{number}", body=False) for number in range(30)]
    assert {exchange.response().status for exchange in exchanges} == {502}
    assert len(behind.hellos) == 2
    client.close()


def test_a_reload_that_does_not_touch_it_keeps_what_was_learned(origin, proxy, ask):
    running = proxy(origin(rule("alert:40", when="alpn=h2")).port)
    get(running)
    mark = running.mark()
    running.policy.write_text(running.policy.read_text() + '\n[[rule]]\nhost = "other.test"\nprofile = "http1"\n')
    running.wait_for("policy loaded again", since=mark)
    assert [entry["profile"] for entry in learned(ask)] == ["http1"]


@pytest.fixture
def failing(origin, proxy):
    return proxy(origin("alert:40").port)


ALL_STEPS = ["modern", "modern", "http1", "no-alpn", "no-sni", "small-hello", "tls12"]


def test_a_failure_for_good_is_a_problem_document(failing):
    response = get(failing)
    assert (response.status, response.field("content-type")) == (502, "application/problem+json")
    status = response.field("proxy-status")
    assert "error=tls_alert_received" in status and "alert-id=40" in status and 'alert-message="handshake_failure"' in status
    problem = json.loads(response.body)
    assert problem["status"] == 502 and problem["origin"] == "https://origin.test"
    assert [attempt["profile"] for attempt in problem["attempts"]] == ALL_STEPS == profiles(failing)
    assert all("alert 40" in attempt["text"] for attempt in problem["attempts"])
    assert [attempt["record"] for attempt in problem["attempts"]] == [record["id"] for record in failing.records()]
    assert problem["remedies"]


def test_a_browser_gets_a_page(failing):
    response = get(failing, [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")], client=Http2Client)
    assert response.status == 502 and response.field("content-type").startswith("text/html")
    page = response.body.decode()
    assert "handshake_failure" in page and "<script" not in page
    assert page.count("small-hello") >= 1


def test_connect_unary(failing):
    client = Http1Client(failing.mapped)
    response = client.request("POST", "/a.B/C", [("content-type", "application/json"), ("connect-protocol-version", "1")], body=b"{}")
    assert response.status == 503
    error = json.loads(response.body)
    assert error["code"] == "unavailable" and "alert 40" in error["message"]


def test_connect_stream(failing):
    client = Http2Client(failing.mapped)
    response = client.request("POST", "/a.B/C", [("content-type", "application/connect+json"), ("connect-protocol-version", "1")],
                              body=b"\0\0\0\0\2{}")
    assert (response.status, response.field("content-type")) == (200, "application/connect+json")
    assert response.body[0] == 2
    assert int.from_bytes(response.body[1:5], "big") == len(response.body) - 5
    assert json.loads(response.body[5:])["error"]["code"] == "unavailable"


def test_grpc(failing):
    client = Http2Client(failing.mapped)
    response = client.request("POST", "/a.B/C", [("content-type", "application/grpc"), ("te", "trailers")], body=b"\0\0\0\0\0")
    both = dict(response.fields) | dict(response.trailers)
    assert response.status == 200 and response.body == b""
    assert both["grpc-status"] == "14" and "alert 40" in both["grpc-message"]


def test_head_gets_no_body(failing):
    client = Http1Client(failing.mapped)
    response = client.request("HEAD", "/")
    assert (response.status, response.body) == (502, b"")
    assert client.request("GET", "/").status == 502  # the connection still works


def test_no_connection_at_all(proxy):
    running = proxy(free_port())
    response = get(running)
    assert response.status == 502
    assert "error=connection_refused" in response.field("proxy-status")
    (record,) = running.records()
    assert (record["failure"]["phase"], record["failure"]["kind"]) == ("connect", "refused")


def test_a_name_that_does_not_exist(proxy):
    running = proxy(1, to="https://does-not-exist.invalid")
    response = get(running)
    assert response.status == 502
    assert "error=dns_error" in response.field("proxy-status") or "destination" in response.field("proxy-status")
