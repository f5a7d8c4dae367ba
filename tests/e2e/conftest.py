import os
import pathlib
import subprocess

import pytest

import ground_truth
from dns_server import DnsServer
from origin.certificates import Authority
from origin.rules import rule
from origin.server import Origin
from peers import Peers
from running_proxy import RunningProxy

ROOT = pathlib.Path(__file__).resolve().parents[2]

POLICY = """
[listen]
proxy = ["127.0.0.1:0"]
threads = {threads}

[[map]]
listen = "127.0.0.1:0"
to = "{to}"

{more}

[[rule]]
name = "test"
host = ["origin.test", "*.origin.test"]
address = "127.0.0.1:{port}"
{rule}
"""


def pytest_terminal_summary(terminalreporter):
    if os.environ.get("ALERT40_TRUTH") and ground_truth.TABLE:
        terminalreporter.write("\n" + "\n".join(ground_truth.table()) + "\n")


@pytest.fixture(scope="session")
def binary():
    """The program under test: ALERT40_BINARY, else the build that was made last."""
    named = os.environ.get("ALERT40_BINARY")
    if named:
        return pathlib.Path(named)
    built = sorted(ROOT.glob("build/*/alert40"), key=lambda path: path.stat().st_mtime)
    if not built:
        pytest.fail("there is no build/*/alert40; ALERT40_BINARY names one")
    return built[-1]


@pytest.fixture
def environment(tmp_path):
    """An environment in which nothing of this machine's user counts: no policy, no proxy settings, no running proxy."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    kept = {key: value for key, value in os.environ.items()
            if not key.lower().endswith("_proxy") and key not in ("NO_COLOR", "SSLKEYLOGFILE")}
    # What AddressSanitizer keeps of freed memory must not look like memory that the program holds.
    kept["ASAN_OPTIONS"] = ":".join(filter(None, (kept.get("ASAN_OPTIONS"), "quarantine_size_mb=16")))
    return kept | {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_RUNTIME_DIR": str(runtime), "HOME": str(tmp_path)}


@pytest.fixture
def start(binary, environment):
    """Starts proxies on free ports, and stops them in the end: start("--map", "0=https://...") -> RunningProxy."""
    running = []

    def start_one(*flags, listen="127.0.0.1:0", prefix=(), **changes):
        flags = ("--listen", listen) * (listen is not None) + flags
        running.append(RunningProxy(binary, flags, environment | changes, prefix))
        return running[-1]

    yield start_one
    for proxy in reversed(running):  # who has another one for an origin lets go of it first
        proxy.stop()


@pytest.fixture
def typed(binary, environment, tmp_path):
    """What a user types: typed("env", "--json") -> the process, ended; what is made once is made in a folder of this test."""
    base = environment | {"XDG_DATA_HOME": str(tmp_path / "data")}

    def run(*words, **changes):
        return subprocess.run([binary, *words], cwd=tmp_path, env=base | changes, text=True, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120)

    return run


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def identity(authority):
    """The good certificate: ECDSA, for origin.test and the names of this machine."""
    return authority.issue("origin.test", "*.origin.test", "localhost", "127.0.0.1")


@pytest.fixture
def origin(identity):
    """origin(rule("alert:40", when="alpn=h2"), alpn=..., ...) -> a running Origin."""
    running = []

    def start_one(*rules, identity=identity, **options):
        running.append(Origin(identity, [one if not isinstance(one, str) else rule(one) for one in rules], **options))
        return running[-1]

    yield start_one
    for one in running:
        one.stop()


@pytest.fixture
def proxy(start, authority, tmp_path):
    """proxy(port) -> an alert40 whose mapped listener stands for https://origin.test, which really is on that port.

    `profile`: the keys of the only profile that is dialled with; `rule`: more keys of the rule; `more`: more of the policy.
    Without a profile it is the ladder "standard". The test authority is the only one that is trusted.
    """
    count = 0

    def start_one(port, profile=None, rule="", more="", to="https://origin.test", threads=2, flags=(), via='via = "direct"',
                  record=None, **options):
        nonlocal count
        count += 1
        if profile is not None:
            more += f"\n[profile.test]\n{profile}\n"
            rule += '\nprofile = "test"\n'
        file = tmp_path / f"policy{count}.toml"
        file.write_text(POLICY.format(port=port, rule=f"{via}\n{rule}", more=more, to=to, threads=threads))
        options.setdefault("SSL_CERT_FILE", str(authority.file))
        started = start("--config", str(file), "--record", str(record or tmp_path / f"records{count}.jsonl"), *flags, listen=None, **options)
        started.policy = file
        return started

    return start_one


@pytest.fixture
def dns():
    running = []

    def start_one(names, **options):
        running.append(DnsServer(names, **options))
        return running[-1]

    yield start_one
    for server in running:
        server.stop()


@pytest.fixture
def peers(identity, tmp_path):
    """Real servers as processes; see peers.py."""
    running = Peers(identity, tmp_path)
    yield running
    running.stop()
