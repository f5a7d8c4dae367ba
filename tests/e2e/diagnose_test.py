"""alert40 diagnose, against the ground truth: each broken origin of the lab; and what else the command does."""
import json
import pathlib
import re
import signal
import subprocess

import pytest

from ground_truth import PATIENCE, WORKS, Truth, check, diagnose
from lab_test import ENTRIES, lab  # noqa: F401

# Every entry of the lab is here. (Those that change the ALPN of an answer keep no sessions.)
LAB = {
    "alert-after-finished": Truth("unmendable", ["http-broken"]),
    "alert-after-server-hello": Truth("unmendable", ["refused-behind-the-hello"], confidence="medium"),
    "alpn-forced": Truth("noticed", ["alpn-forced", "session-declined"]),
    "alpn-refused": Truth("fails", ["no-common-application-protocol"], ["no-alpn"]),
    "alpn-stripped": Truth("noticed", ["alpn-not-answered", "session-declined"]),
    "big-hello-reset": Truth("noticed", ["large-hello"], handshakes=80),
    "body-stalled": Truth("noticed", ["body-unfinished"]),
    "body-throttled": Truth("noticed", ["body-unfinished"]),
    "body-truncated": Truth("unmendable", ["http-broken"]),
    "certificate-expired": Truth("unmendable", ["certificate-expired"], handshakes=5),
    "certificate-not-yet-valid": Truth("unmendable", ["certificate-not-yet-valid"], handshakes=5),
    "certificate-other-name": Truth("unmendable", ["certificate-other-name"], handshakes=5),
    "certificate-rsa-1024": Truth("unmendable", ["weak-certificate"], handshakes=5),
    "certificate-self-signed": Truth("unmendable", ["certificate-self-signed"], handshakes=5),
    "certificate-sha1": Truth("unmendable", ["weak-certificate"], handshakes=5),
    # The lab makes certificates for any name as it goes, and that shows where nobody knows who signs them.
    "certificate-unknown-issuer": Truth("unmendable", ["intercepting-proxy"], handshakes=6),
    "chain-incomplete": Truth("unmendable", ["certificate-chain-incomplete", "intercepting-proxy"], confidence="medium", handshakes=6),
    "chain-too-long": Truth("unmendable", ["certificate-chain-invalid"], handshakes=5),
    "cipher-none-in-common": Truth("fails", ["no-common-cipher-suite"], ["suite"]),
    "client-certificate-tls12": Truth("unmendable", ["client-certificate-required"], handshakes=5),
    "client-certificate-tls13": Truth("unmendable", ["client-certificate-required"], handshakes=5),
    "dh-1024": Truth("fails", ["weak-dh"], ["security-level-1"]),
    "garbage": Truth("unmendable", ["not-a-tls-port"], handshakes=5),
    "group-none-in-common": Truth("fails", ["no-common-group"], ["group"]),
    "grpc-unavailable": WORKS,  # a GET is none of its calls
    "h2-alert-40": Truth("fails", ["h2-refused"], ["alpn-http1"], handshakes=15),
    "h2-http11-required": Truth("fails", ["http2-broken"], ["alpn-http1"], handshakes=15),
    "h2-inadequate-security": Truth("fails", ["http2-broken"], ["alpn-http1"], handshakes=15),
    "h2-settings-unanswered": Truth("noticed", ["settings-unanswered"]),
    "h2-stream-reset": Truth("fails", ["http2-broken"], ["alpn-http1"], handshakes=15),
    "h2-upload-stalls": Truth("noticed", ["no-upload-window"]),
    "hello-in-segments": Truth("noticed", ["hello-in-segments"]),
    "name-filtered": Truth("unmendable", ["name-filtered"], ["no-server-name"], target="blocked.test"),
    "no-secure-renegotiation": Truth("unmendable", ["no-secure-renegotiation"]),
    "no-sni-alert-40": Truth("fails", ["server-name-required"], ["server-name"], target="127.0.0.1"),
    "no-sni-alert-80": Truth("fails", ["server-name-required"], ["server-name"], target="127.0.0.1"),
    "old-versions-only": Truth("fails", ["no-common-version"], ["old-versions"]),
    "one-backend-of-three": Truth("intermittent", ["one-bad-backend"]),
    "plain-http": Truth("unmendable", ["not-a-tls-port"], handshakes=5),
    "scsv-refused": WORKS,
    "silence": Truth("unmendable", ["path-or-backend-silent"], confidence="medium"),
    "status-503": Truth("noticed", ["server-error"]),
    "tickets-forgotten": Truth("noticed", ["session-declined"]),
    "tls13-alert-40": Truth("fails", ["tls13-broken-on-the-way"], ["tls12"], confidence="medium"),  # it answers a SCSV by 86
    "tls13-reset": Truth("fails", ["tls13-broken-on-the-way"], ["tls12"], confidence="medium"),  # it answers a SCSV by 86
    "unrecognized-name": Truth("unmendable", ["name-unknown"]),
    "websocket-cut": Truth("unmendable", ["http-broken"]),
}


def test_the_table_has_every_entry_of_the_lab():
    assert sorted(LAB) == ENTRIES


def test_every_cause_and_every_change_is_in_the_docs_and_nothing_else():
    root = pathlib.Path(__file__).parents[2]
    code = "".join(file.read_text() for file in (root / "diagnose/verdict").glob("*.cpp")) + (root / "record/cause_table.hpp").read_text()
    text = (root / "docs/diagnose.md").read_text()
    tables = text[text.index("\n## Causes"):text.index("\n## JSON")]
    rows = [line.split("|")[1] for line in tables.splitlines() if line.startswith("| `")]
    told = [name for row in rows for name in re.findall("`(.*?)`", row)]
    assert len(set(told)) == len(told)
    assert set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', code)) <= set(told)
    assert set(told) <= set(re.findall(r'"([a-z0-9-]+)"', code))


@pytest.mark.parametrize("name", LAB)
def test_each_broken_origin_of_the_lab_is_diagnosed_rightly(lab, binary, environment, name):  # noqa: F811
    truth = LAB[name]
    port = lab.ports[name]
    words = [f"{truth.target or 'localhost'}:{port}", "--cacert", lab.ca, "--timeout", "2"]
    if truth.target == "blocked.test":
        words += ["--connect-to", f"localhost:{port}"]
    check(diagnose(binary, environment, *words), truth, name)


def test_the_policy_that_is_written_makes_the_app_work(lab, binary, environment, start, tmp_path):  # noqa: F811
    port, policy = lab.ports["h2-alert-40"], tmp_path / "mended.toml"
    diagnose(binary, environment, f"localhost:{port}", "--cacert", lab.ca, "--write-policy", policy)
    text = policy.read_text().replace('extends = "modern"', f'extends = "modern"\nverify = {{ ca_file = "{lab.ca}" }}')
    policy.write_text('[listen]\nproxy = "127.0.0.1:0"\n' + text)
    proxy = start("--config", policy)
    done = subprocess.run(["curl", "-sS", "-x", f"http://127.0.0.1:{proxy.port}", "-k", f"https://localhost:{port}/"], capture_output=True, text=True)
    assert "nothing hindered your request" in done.stdout, done.stderr


def test_what_is_no_target_is_a_wrong_word(binary, environment):
    for words in (["http://example.com/"], ["a b"], [""], ["example.com", "--max-handshakes", "0"], ["example.com", "--resolver", "x y"],
                  ["example.com", "--cacert", "/nowhere"]):
        done = subprocess.run([binary, "diagnose", *words], env=environment, capture_output=True, text=True)
        assert done.returncode == 2 and done.stderr.startswith("alert40"), (words, done)


def test_no_more_handshakes_than_allowed(lab, binary, environment):  # noqa: F811
    found = diagnose(binary, environment, f"localhost:{lab.ports['cipher-none-in-common']}", "--cacert", lab.ca, "--max-handshakes", "5")
    assert found["handshakes"] == 5 and "5 handshakes" in found["stopped"]
    assert found["confidence"] != "high"


@pytest.mark.parametrize("name, client, causes, words", [
    ("h2-alert-40", "chromium", ["h2-refused"], "because of h2 in ALPN"),
    ("big-hello-reset", "firefox", ["large-hello"], "from 601 bytes on"),
    ("tls13-reset", "node", ["version-intolerant"], "TLS 1.3"),
    ("alpn-stripped", "java", [], "works there"),
])
def test_what_in_a_clients_hello_is_refused_is_found_without_that_client(lab, binary, environment, name, client, causes, words):  # noqa: F811
    found = diagnose(binary, environment, f"localhost:{lab.ports[name]}", "--hello", client)
    assert found["causes"] == causes and words in found["verdict"], found
    assert found["handshakes"] <= 80


def test_the_hello_of_an_app_that_failed_is_taken_from_its_record(lab, binary, environment, start, tmp_path):  # noqa: F811
    port, records = lab.ports["h2-alert-40"], tmp_path / "failing.jsonl"
    proxy = start("--listen", "127.0.0.1:0", "--record", records, "--connect-to", f"localhost:443:127.0.0.1:{port}")
    subprocess.run(["curl", "-sS", "-x", f"http://127.0.0.1:{proxy.port}", "https://localhost/"], capture_output=True)
    proxy.stop()
    for more in ([], ["--works", "go"]):
        found = diagnose(binary, environment, f"localhost:{port}", "--hello", records, *more)
        assert found["causes"] == ["h2-refused"] and "curl" in found["verdict"], found


def test_views_that_differ_are_named(lab, binary, environment):  # noqa: F811
    found = json.loads(subprocess.run([binary, "diagnose", "127.0.0.1", "--connect-to", f"127.0.0.1:{lab.ports['no-sni-alert-40']}", "--compare",
                                       "--via", "direct", "--via", "http://127.0.0.1:1", "--json"],
                                      env=environment, capture_output=True, text=True).stdout)
    assert not found["same"] and [view["failures"] for view in found["views"]] == [3, 3]
    summaries = [view["summary"] for view in found["views"]]
    assert "alert 40" in summaries[0] and "proxy" in summaries[1]


def test_an_address_without_a_way_there_is_no_difference(lab, binary, environment):  # noqa: F811
    """localhost is ::1, too, where nobody listens."""
    done = subprocess.run([binary, "diagnose", f"localhost:{lab.ports['scsv-refused']}", "--cacert", lab.ca, "--compare", "--via", "direct"],
                          env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done
    views, without = done.stdout.split("out of reach from here\n")
    assert views.startswith("one view\n") and "127.0.0.1" in views and "::1" in without


def test_whether_a_response_streams_is_told(lab, binary, environment):  # noqa: F811
    for name, words in (("body-throttled", " pieces over "), ("status-503", "in one piece")):
        found = diagnose(binary, environment, f"localhost:{lab.ports[name]}", "--cacert", lab.ca, "--timeout", "2")
        assert words in found["evidence"][0], found["evidence"]


def test_a_watch_says_what_changes(lab, binary, environment):  # noqa: F811
    watch = subprocess.Popen([binary, "diagnose", "--connect-to", f"127.0.0.1:{lab.ports['status-503']}", "localhost", "--cacert", lab.ca,
                              "--watch", "1", "--json"], env=environment, stdout=subprocess.PIPE, text=True)
    looks = [json.loads(watch.stdout.readline()) for _ in range(2)]
    watch.send_signal(signal.SIGINT)
    assert watch.wait(PATIENCE) == 0
    assert all(look["same"] and "HTTP 503" in look["views"][0]["summary"] for look in looks)
