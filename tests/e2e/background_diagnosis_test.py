"""A host whose ladder ends in failure is diagnosed in the background, where policy says so."""
import json

import pytest

from clients import Http1Client
from origin.rules import rule
from running_proxy import wait_until

pytestmark = pytest.mark.tsan

CONNECT = [("content-type", "application/json"), ("connect-protocol-version", "1")]
BROWSER = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")]


def ask(running, fields=(), method="GET", body=None):
    client = Http1Client(running.mapped)
    response = client.request(method, "/", fields, body=body)
    client.close()
    return response


def problem(running):
    response = ask(running)
    assert response.status == 502
    return json.loads(response.body)


@pytest.fixture
def hopeless(peers):
    """Alert 40 to every step of the ladder: a group that nobody offers."""
    return peers.openssl("-tls1_2", "-named_curve", "brainpoolP384r1")


def test_the_verdict_is_in_the_log_the_record_and_the_next_error(hopeless, proxy):
    running = proxy(hopeless.port, rule="diagnose = true")
    first = problem(running)
    assert first["verdict"].startswith("Likely: ") and "confidence" not in first

    line = running.wait_for(r"diagnosed https://origin\.test  no-common-group, confidence high: (.+)").group(0)
    assert f"alert40 diagnose https://origin.test --connect-to 127.0.0.1:{hopeless.port} --via direct says more" in line

    [record] = wait_until(lambda: running.records("diagnosis"), "the record")
    assert (record["target"], record["profile"], record["outcome"]) == ("https://origin.test", "modern", "fails")
    assert (record["causes"], record["mended_by"], record["confidence"]) == (["no-common-group"], ["group"], "high")
    assert record["failure"]["alert"]["id"] == 40
    assert 0 < record["handshakes"] <= 40 and len(record["evidence"]) > 1
    assert "brainpoolP384r1" in record["policy"]

    later = problem(running)
    assert later["verdict"] == f"Diagnosed, confidence high: {record['verdict']}."
    assert (later["causes"], later["confidence"]) == (["no-common-group"], "high")
    assert later["remedies"][0].startswith(f"{record['remedies'][0]['who']}: ")
    assert len(later["remedies"]) == len(record["remedies"])
    error = json.loads(ask(running, CONNECT, "POST", b"{}").body)
    assert error["code"] == "unavailable" and record["verdict"] in error["message"]
    assert "Diagnosed, confidence high" in ask(running, BROWSER).body.decode()


def test_one_diagnosis_for_many_failures_and_none_for_a_rule_that_wants_none(origin, proxy):
    refusing = origin("alert:40")
    more = '[[rule]]\nhost = "quiet.origin.test"\ndiagnose = false\nladder = "standard"\n'
    running = proxy(refusing.port, rule="diagnose = true", more=more)
    for host in ("quiet.origin.test", "origin.test", "origin.test"):
        client = Http1Client(running.port, host, f"https://{host}")
        assert client.request("GET", "/").status == 502
        client.close()
    wait_until(lambda: running.records("diagnosis"), "the diagnosis")
    assert problem(running)["status"] == 502
    # What would be diagnosed now waits for its turn, and has it before the host that fails last.
    client = Http1Client(running.port, "last.origin.test", "https://last.origin.test")
    assert client.request("GET", "/").status == 502
    wait_until(lambda: len(running.records("diagnosis")) > 1, "the last diagnosis")
    assert [record["target"] for record in running.records("diagnosis")] == ["https://origin.test", "https://last.origin.test"]


def test_without_the_key_nobody_is_diagnosed(origin, proxy):
    refusing = origin("alert:40")
    running = proxy(refusing.port)
    for _ in range(2):
        assert "Likely: " in problem(running)["verdict"]
    assert running.stop() is None
    assert running.records("diagnosis") == [] and len(refusing.connections) == len(running.records())


def test_the_flag_and_what_was_forgotten_is_diagnosed_anew(origin, start, authority, tmp_path, typed):
    refusing = origin("alert:40")
    running = start("--diagnose", "--host", "origin.test", "--via", "direct", "--map", "0=https://origin.test", "--connect-to",
                    f"origin.test::127.0.0.1:{refusing.port}", "--record", str(tmp_path / "records.jsonl"), SSL_CERT_FILE=str(authority.file))
    for diagnoses in (1, 2):
        assert ask(running).status == 502
        wait_until(lambda: len(running.records("diagnosis")) == diagnoses, "the diagnosis")
        assert "diagnosed\n  https://origin.test" in typed("status").stdout
        assert typed("forget", "origin.test").stdout == "forgotten: 1 entry\n"
        assert "diagnosed" not in typed("status").stdout


def test_what_fails_on_purpose_is_not_diagnosed(origin, proxy):
    healthy = origin()
    fault = '[[rule.fault]]\nas = "client"\nat = "client_hello"\ndo = { reset = true }'
    running = proxy(healthy.port, rule=f"diagnose = true\n{fault}")
    assert "on purpose" in problem(running)["detail"]
    running.stop()
    assert running.records("diagnosis") == []


def test_the_proxy_stops_in_the_middle_of_a_diagnosis(origin, proxy):
    silent = origin(rule("silence"))
    quick = '[ladder.quick]\nretry = 0\nsteps = ["modern"]\ntimeouts = { connect = "5s", handshake = "300ms", total = "5s" }\n'
    running = proxy(silent.port, rule='diagnose = true\nladder = "quick"', more=quick)
    assert ask(running).status == 504
    silent.wait_for(lambda seen: len(seen.hellos) == 2)  # the second is of the diagnosis
    running.stop()
    assert running.records("diagnosis") == []
