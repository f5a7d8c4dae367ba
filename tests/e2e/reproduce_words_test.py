"""The circle, for each failure of docs/words.md: one alert40 plays the broken origin, one only watches what passes between it and
the app, and what it has on record makes a third one fail the app in the same words."""
import dataclasses
import json
import pathlib
import re
import subprocess

import pytest

import words_clients as clients
from origin.server import Origin
from running_proxy import RunningProxy
from tunnels import our_authority  # noqa: F401
from words import WORKS
from words_test import FAULT, POLICY, ROWS, greet

CLIENTS = {"curl": clients.curl, "Python": clients.python}
HANDSHAKES = [row for row in ROWS if not row.after_the_handshake]

WATCHES = """
[listen]
proxy = "127.0.0.1:0"

[[rule]]
host = "*.words.test"
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
    """Three proxies, one after the other, in one folder."""
    binary: pathlib.Path
    ca: str
    folder: pathlib.Path
    environment: dict

    def run(self, name, policy):
        (self.folder / f"{name}.toml").write_text(policy)
        return RunningProxy(self.binary, ["--config", self.folder / f"{name}.toml", "--record", self.folder / f"{name}.jsonl"],
                            self.environment)

    def reproduce(self, record, *flags):
        return subprocess.run([self.binary, "reproduce", self.folder / "watches.jsonl", "--id", record["id"], *flags],
                              env=self.environment, capture_output=True, text=True)


@dataclasses.dataclass
class Way:
    """What a client of words_clients is led by."""
    port: int
    ca: str

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


def same(said):
    """Without what differs from run to run."""
    return re.sub(r"0x[0-9a-f]+|\d+ milliseconds|port \d+", "...", said)


def policy_of(stage, record, row):
    """What is asked for is what the app's own words tell. Nothing: it is no policy's to make."""
    done = stage.reproduce(record)
    for flag, of in {"--certificate": r'certificate = "(\w+)"', "--alert": r'alert = "?(\w+)"?'}.items():
        known = re.search(of, row.fault)
        if done.returncode == 1 and known and flag in done.stderr:
            done = stage.reproduce(record, flag, known[1])
    assert done.returncode in (0, 1), done.stderr
    return done.stdout if done.returncode == 0 else None


@dataclasses.dataclass
class Circle:
    client: str
    first: dict  # host -> what the app said
    again: dict
    policies: dict  # host -> text, or None
    stage: Stage


@pytest.fixture(scope="module", params=CLIENTS)
def circle(request, binary, our_authority, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("circle")
    ask = CLIENTS[request.param]
    environment = clients.plain_environment() | {"SSL_CERT_FILE": str(our_authority.file), "XDG_RUNTIME_DIR": str(folder),
                                                 "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    stage = Stage(binary, str(our_authority.file), folder, environment)
    ours, origin = our_authority.identity(), Origin(our_authority.issue("*.words.test"), resources={"test.Echo": greet})
    faults = "\n".join(FAULT.format(row=row) for row in HANDSHAKES)
    running = [stage.run("breaks", POLICY.format(ours=ours, faults=faults, port=origin.port))]
    running.append(stage.run("watches", WATCHES.format(port=running[0].port)))
    first = ask(HANDSHAKES, Way(running[1].port, stage.ca))
    running[1].stop()
    # Those of an app that tries again are alike: the last one stands for all.
    records = {record["target"]["host"]: record for record in running[1].records()
               if record["outcome"] == "failed" or first[record["target"]["host"]] != WORKS}
    policies = {row.host: policy_of(stage, records[row.host], row) for row in HANDSHAKES
                if first[row.host] != WORKS and row.host in records}
    reproduced = "\n".join(policy.replace('name = "reproduced"', f'name = "{host}"') for host, policy in policies.items() if policy)
    running.append(stage.run("reproduces", REPRODUCES.format(ours=ours, reproduced=reproduced, port=origin.port)))
    again = ask(HANDSHAKES, Way(running[2].port, stage.ca))
    yield Circle(request.param, first, again, policies, stage)
    for proxy in running:
        proxy.stop()
    origin.stop()


def alike(row, circle):
    """The same words; or another way to say it, where a race decides between those of the page."""
    first, again = circle.first[row.host], circle.again[row.host]
    ways = row.words[circle.client]
    return same(first) == same(again) or (len(ways) > 1 and row.accepts(circle.client, first) and row.accepts(circle.client, again))


# A watch does not count them: the app might as well have connected in advance. A capture tells (reproduce_test.py).
UNSEEN = {"reset-before-the-clienthello", "closed-before-the-clienthello"}
# Under the keys of the handshake, in TLS 1.3: a watch sees that something came, and not always what it may have been.
ENCRYPTED = {"alert-40-after-the-serverhello", "alert-80-in-place-of-the-certificate"}
# The app refuses what the server said: its alert is on record, not what in the server's flight it was about.
# Where it is the name in the certificate, some apps look at it only when the handshake is over: their record may say that it passed.
THE_APPS_OWN = {"another-name", "an-alpn-that-nobody-offered", "a-server-without-rfc-5746-tls-1-2"}


def test_the_app_says_the_same_again(circle):
    failed = [row for row in HANDSHAKES if circle.first[row.host] != WORKS and row.name not in UNSEEN | ENCRYPTED | THE_APPS_OWN]
    assert len(failed) > 20
    without = [row.name for row in failed if not circle.policies.get(row.host)]
    assert not without, "no policy for these"
    other = [f"{row.name}\n  first {circle.first[row.host]!r}\n  again {circle.again[row.host]!r}\n{circle.policies[row.host]}"
             for row in failed if not alike(row, circle)]
    assert not other, "\n".join(other)


def test_each_policy_alone_is_one_that_check_accepts(circle, binary, tmp_path):
    files = []
    for host, policy in circle.policies.items():
        if policy:
            files.append(tmp_path / f"{host}.toml")
            files[-1].write_text(policy)
    done = subprocess.run([binary, "check", "--json", *files], env=circle.stage.environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert all(json.loads(line)["ok"] for line in done.stdout.splitlines())
