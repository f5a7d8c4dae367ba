"""The circle, for each failure of docs/words.md: one alert40 plays the broken origin, another one stands between it and the app, as
a customer's would, and what that has on record makes a third one fail the app in the same words. What fails in the handshake is watched
there, and what fails later is intercepted; what no record shows is taken from packets."""
import concurrent.futures
import dataclasses
import json
import pathlib
import re
import subprocess

import pytest

import words_clients as clients
from origin.server import Origin
from packet_tap import PacketTap
from running_proxy import RunningProxy
from tunnels import our_authority  # noqa: F401
from words import WORKS
from words_test import FAULT, POLICY, ROWS, greet

CLIENTS = {"curl": clients.curl, "Python": clients.python, "Node": clients.node("https"), "grpc-js": clients.node("grpc-js")}
WATCHED = [row for row in ROWS if not row.after_the_handshake]
INTERCEPTED = [row for row in ROWS if row.after_the_handshake]

BETWEEN = """
[listen]
proxy = "127.0.0.1:0"

[authority]
cert = "{ours.cert}"
key = "{ours.key}"

[[rule]]
host = "*.words.test"
mode = "{mode}"
via = "http://127.0.0.1:{port}"
"""
REPRODUCES = """
[listen]
proxy = "127.0.0.1:0"

[authority]
cert = "{ours.cert}"
key = "{ours.key}"

{reproduced}
[[rule]]
host = "*.words.test"
address = "127.0.0.1:{port}"
via = "direct"
"""


@dataclasses.dataclass
class Stage:
    """Proxies, in one folder."""
    binary: pathlib.Path
    ca: str
    folder: pathlib.Path
    environment: dict
    running: list = dataclasses.field(default_factory=list)

    def run(self, name, policy):
        (self.folder / f"{name}.toml").write_text(policy)
        flags = ["--config", self.folder / f"{name}.toml", "--record", self.folder / f"{name}.jsonl"]
        self.running.append(RunningProxy(self.binary, flags, self.environment))
        return self.running[-1]

    def reproduce(self, recorded, *flags):
        return subprocess.run([self.binary, "reproduce", recorded, *flags], env=self.environment, capture_output=True, text=True)

    def way_to(self, port):
        return Way(port, self.ca)


@dataclasses.dataclass
class Way:
    """What a client of words_clients is led by."""
    port: int
    ca: str

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


def same(said):
    """Without what differs from run to run: the origin's page, which names its connection, and ports, times, threads."""
    said = re.sub(r"(DEADLINE_EXCEEDED).*|(by rule ).*", r"\1\2", said)
    return re.sub(r"0x[0-9a-f]+|\b[0-9A-F]{16}:|\d+ milliseconds|port \d+|\d+ more expected|out of \d+", "...", said)


def host_of(record):
    return record["target"]["host"]


def told_by(said, row):
    """What the app's words tell to whom knows this page: a flag -> its value."""
    alert = re.search(r"alert ([a-z ]+[a-z])", said)
    certificate = re.search(r'certificate = "(\w+)"', row.fault)
    return {"--certificate": certificate and certificate[1], "--alert": alert and alert[1].replace(" ", "_"),
            "--alpn": "spdy/3" if "bad extension" in said else None}


def policy_of(stage, row, said, recorded, identity):
    """What is asked for is answered. Where there is none: why, as a comment."""
    done = stage.reproduce(recorded, "--id", identity)
    for flag, value in told_by(said, row).items():
        if done.returncode == 1 and value and flag in done.stderr:
            done = stage.reproduce(recorded, "--id", identity, flag, value)
    return done.stdout or f"# {done.stderr}"


@dataclasses.dataclass
class Circle:
    client: str
    first: dict  # host -> what the app said
    again: dict
    policies: dict  # host -> text
    stage: Stage

    @property
    def failed(self):
        return [row for row in ROWS if self.first[row.host] != WORKS]


def failures_of(proxy):
    """host -> the last record of it that tells of a failure: of an app that tries again, it stands for all."""
    records = [record for record in proxy.records() if record["outcome"] == "failed"] + proxy.records("connection_failure")
    return {host_of(record): record["id"] for record in sorted(records, key=lambda record: record["id"])}


def captured(stage, ask, rows, port):
    """On the app's way to that port: the file, and host -> the number of its connection."""
    tap = PacketTap(port)
    ask(rows, stage.way_to(tap.port))
    tap.stop()
    file = stage.folder / "captured.pcap"
    file.write_bytes(tap.pcap())
    lines = [line.split() for line in stage.reproduce(file, "--list").stdout.splitlines()]
    return file, {host.removesuffix(":443"): number for number, host, *_ in lines}


def policies_for(stage, ask, first, watches, intercepts):
    # An app that looks at the name in a certificate only after the handshake leaves a record of one that passed.
    watched = {host_of(record): record["id"] for record in watches.records()} | failures_of(watches)
    intercepted = failures_of(intercepts)
    failed = [row for row in ROWS if first[row.host] != WORKS]
    unseen = [row for row in failed if row in WATCHED and row.host not in watched]
    capture, numbers = captured(stage, ask, unseen, watches.port)

    def policy(row):
        if row in INTERCEPTED:
            return policy_of(stage, row, first[row.host], intercepts.record_file, intercepted.get(row.host, "none"))
        if row in unseen:
            return policy_of(stage, row, first[row.host], capture, numbers[row.host])
        return policy_of(stage, row, first[row.host], watches.record_file, watched[row.host])

    return {row.host: policy(row) for row in failed}


@pytest.fixture(scope="module", params=CLIENTS)
def circle(request, binary, our_authority, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("circle")
    ask = CLIENTS[request.param]
    environment = clients.plain_environment() | {"SSL_CERT_FILE": str(our_authority.file), "XDG_RUNTIME_DIR": str(folder),
                                                 "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    stage = Stage(binary, str(our_authority.file), folder, environment)
    ours, origin = our_authority.identity(), Origin(our_authority.issue("*.words.test"), resources={"test.Echo": greet})
    faults = "\n".join(FAULT.format(row=row) for row in ROWS)
    breaks = stage.run("breaks", POLICY.format(ours=ours, faults=faults, port=origin.port))
    watches, intercepts = (stage.run(mode, BETWEEN.format(ours=ours, mode=mode, port=breaks.port)) for mode in ("watch", "intercept"))
    with concurrent.futures.ThreadPoolExecutor() as pool:
        # An app's own words about what fails later are those that it has of the broken origin itself.
        asked = [pool.submit(ask, rows, stage.way_to(proxy.port))
                 for rows, proxy in ((WATCHED, watches), (INTERCEPTED, breaks), (INTERCEPTED, intercepts))]
    first = asked[0].result() | asked[1].result()
    intercepts.stop()
    policies = policies_for(stage, ask, first, watches, intercepts)
    reproduced = "\n".join(policy.replace('name = "reproduced"', f'name = "{host}"') for host, policy in policies.items())
    again = stage.run("reproduces", REPRODUCES.format(ours=ours, reproduced=reproduced, port=origin.port))
    yield Circle(request.param, first, ask(ROWS, stage.way_to(again.port)), policies, stage)
    for proxy in stage.running:
        proxy.stop()
    origin.stop()


def alike(row, circle):
    """The same words; or another way to say it, where a race decides between those of the page."""
    first, again = circle.first[row.host], circle.again[row.host]
    ways = row.words[circle.client]
    return same(first) == same(again) or (len(ways) > 1 and row.accepts(circle.client, first) and row.accepts(circle.client, again))


def test_the_app_says_the_same_again(circle):
    assert len(circle.failed) > 30
    other = [f"{row.name}\n  first {circle.first[row.host]!r}\n  again {circle.again[row.host]!r}\n{circle.policies[row.host]}"
             for row in circle.failed if not alike(row, circle)]
    assert not other, "\n".join(other)


def test_each_policy_alone_is_one_that_check_accepts(circle, binary, tmp_path):
    files = []
    for host, policy in circle.policies.items():
        files.append(tmp_path / f"{host}.toml")
        files[-1].write_text(policy)
    done = subprocess.run([binary, "check", "--json", *files], env=circle.stage.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert all(json.loads(line)["ok"] for line in done.stdout.splitlines())
