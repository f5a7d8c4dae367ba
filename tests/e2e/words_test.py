"""What each client library says to each fault: every cell of docs/words.md, by the client itself."""
import concurrent.futures
import dataclasses
import json
import pathlib
import re
import subprocess

import pytest

import words
import words_clients as clients
from origin.server import Origin
from running_proxy import RunningProxy, wait_until
from tunnels import our_authority  # noqa: F401

ROWS = words.rows(words.FILE.read_text())
# Chromium first: its rows take as long as it waits for one that is silent.
CLIENTS = {
    "Chromium": clients.chromium, "curl": clients.curl, "Python": clients.python, "requests": clients.python_requests,
    "Node": clients.node("https"), "fetch": clients.node("fetch"), "grpc-js": clients.node("grpc-js"),
    "BoringSSL": clients.boringssl, "GnuTLS": clients.gnutls,
}

POLICY = """
[listen]
proxy = "127.0.0.1:0"

[[map]]
listen = "127.0.0.1:0"
to = "https:sni"

[authority]
cert = "{ours.cert}"
key = "{ours.key}"

{faults}

[[rule]]
host = "*.words.test"
mode = "watch"
address = "127.0.0.1:{port}"
via = "direct"

[[rule]]
mode = "block"
"""
FAULT = '[[rule]]\nname = "{row.name}"\nhost = "{row.host}"\n\n[[rule.fault]]\n{row.fault}'


def greet(call, streams, argument):
    """An empty message of gRPC."""
    call.start(200, [("content-type", "application/grpc")])
    call.write(bytes(5))
    call.end(trailers=[("grpc-status", "0")])


@dataclasses.dataclass
class Through:
    """The way to all hosts: a proxy, and a listener for who names the host in the hello alone."""
    running: RunningProxy
    binary: pathlib.Path
    ca: str
    folder: pathlib.Path

    @property
    def port(self):
        return self.running.port

    @property
    def by_name(self):
        return self.running.ports[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def through(binary, our_authority, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("words")
    origin = Origin(our_authority.issue("*.words.test"), resources={"test.Echo": greet})
    faults = "\n".join(FAULT.format(row=row) for row in ROWS)
    (folder / "policy.toml").write_text(POLICY.format(ours=our_authority.identity(), faults=faults, port=origin.port))
    environment = clients.plain_environment() | {"SSL_CERT_FILE": str(our_authority.file), "XDG_RUNTIME_DIR": str(folder),
                                                 "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    running = RunningProxy(binary, ["--config", folder / "policy.toml", "--record", folder / "records.jsonl"], environment)
    yield Through(running, binary, str(our_authority.file), folder)
    running.stop()
    origin.stop()


@pytest.fixture(scope="module")
def said(binary, through):
    """client -> what it said, host by host: a future, as all of them are under way at once."""
    missing = clients.missing(binary)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(ask, [row for row in ROWS if name in row.words], through)
               for name, ask in CLIENTS.items() if name not in missing}


@pytest.mark.parametrize("client", CLIENTS)
def test_it_says(binary, said, client):
    if why := clients.missing(binary).get(client):
        pytest.skip(why)
    heard = said[client].result()
    other = [f"{row.heading}\n  not {row.words[client]}\n  but {heard[row.host]!r}"
             for row in ROWS if client in row.words and not row.accepts(client, heard[row.host])]
    assert not other, "\n".join([f"{client} says", *other])


# What alert40 explain may make of words that do not say which alert it was.
MUTE = ("handshake_failed", "unnamed_alert", "closed_in_handshake", "closed", "reset")


def is_explained_as(binary, message, alert):
    done = subprocess.run([binary, "explain", "--json", "--", message], text=True, capture_output=True, timeout=60)
    found = [json.loads(line) for line in done.stdout.splitlines()]  # BoringSSL says an alert 40 in two lines
    return bool(found) and all(names_alert(one, alert, message) for one in found)


def names_alert(found, alert, message):
    if "alert" in found:
        return found["alert"] == {"id": alert, "name": found["alert"]["name"], "direction": "received"}
    return alert in found.get("alerts_possible", ()) or found["failure"] in MUTE and f"alert number {alert}" not in message


@pytest.mark.parametrize("client", CLIENTS)
def test_alert40_explain_knows_the_alert_in_its_words(binary, said, client):
    if why := clients.missing(binary).get(client):
        pytest.skip(why)
    heard = said[client].result()
    alerts = {row.host: int(fault[1]) for row in ROWS if (fault := re.fullmatch(r"do = { alert = (\d+) }\n", row.fault))}
    other = [heard[host] for host, alert in alerts.items() if not is_explained_as(binary, heard[host], alert)]
    assert len(alerts) > 20 and not other, "\n".join(other)


def test_each_failure_says_that_it_was_on_purpose(said, through):
    for future in said.values():
        future.result()

    def by_rule():
        records = through.running.records("handshake") + through.running.records("connection_failure")
        return {record["injected_by"] for record in records if "injected_by" in record}

    wait_until(lambda: by_rule() >= {row.name for row in ROWS}, "a record of each")
    assert by_rule() == {row.name for row in ROWS}


def test_the_page_has_each_client_in_each_row():
    for row in ROWS:
        # They end with TLS; and who names the host in its hello alone meets no rule for that host before it.
        without = {"BoringSSL", "GnuTLS"} if row.chapter == words.WITHIN_HTTP else {"GnuTLS"} if 'at = "connect"' in row.fault else set()
        assert set(CLIENTS) - set(row.words) == without, row.heading


def test_the_page_has_each_fault_of_the_policy():
    reference = (words.FILE.parent / "policy.md").read_text()
    tables = re.findall(r"^\| in `do` \|.* the app gets \|\n((?:\|.*\n)+)", reference, re.MULTILINE)
    known = {key for table in tables for line in table.splitlines() for key in re.findall(r"`(\w+)`", line.split("|")[1])}
    shown = {key for row in ROWS for key in re.findall(r"\b([a-z_0-9]+) = ", row.fault)}
    assert known and not known - shown, f"docs/words.md has nothing about {sorted(known - shown)}"
