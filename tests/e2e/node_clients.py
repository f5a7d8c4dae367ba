"""The clients and origins of tests/support/clients, as processes that print a JSON object a line. The fixtures are imported."""
import json
import os
import pathlib
import queue
import subprocess
import threading

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "tests/support/clients"
PACKAGES = ROOT / "build/clients/node_modules"
PATIENCE = 60  # seconds


class NodeProcess:
    """NodeProcess("ws_client", url=..., ca=...): the options become --url ... --ca ...; None leaves one out."""

    def __init__(self, script, environment, **options):
        assert PACKAGES.is_dir(), "scripts/install-dependencies test installs the packages of Node"
        words = [str(word) for name, value in options.items() if value is not None for word in (f"--{name}", value)]
        self.process = subprocess.Popen(["node", SCRIPTS / f"{script}.js", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env={"NODE_PATH": str(PACKAGES)} | environment)
        self._facts, self._complaints = queue.Queue(), []
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read_facts, self._read_complaints)]
        for reader in self._readers:
            reader.start()

    def _read_facts(self):
        for line in self.process.stdout:
            self._facts.put(json.loads(line))
        self._facts.put(None)

    def _read_complaints(self):
        self._complaints.extend(self.process.stderr)

    def next(self):
        """What it says next."""
        fact = self._next()
        assert fact is not None, f"it ended\n{self.complaints()}"
        return fact

    def rest(self):
        """All that it says until it ends."""
        return list(iter(self._next, None))

    def _next(self):
        try:
            return self._facts.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"it says nothing\n{self.complaints()}") from None

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hang_up(self):
        self.process.stdin.close()

    def complaints(self):
        return "".join(self._complaints)

    def stop(self):
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


def plain_environment():
    """Of this process, without what points anywhere."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy") and name != "NODE_EXTRA_CA_CERTS"}


@pytest.fixture
def node():
    """node("fetch_client", variables={...}, url=...) -> a NodeProcess, which ends with the test."""
    running = []

    def start(script, variables=None, **options):
        running.append(NodeProcess(script, plain_environment() | (variables or {}), **options))
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture(scope="module")
def node_service(identity):
    """node_service("grpc_origin") -> its port, over TLS; for all tests of a file."""
    running = []

    def start(script):
        running.append(NodeProcess(script, plain_environment(), cert=identity.cert, key=identity.key))
        return running[-1].next()["port"]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def steps(node):
    """steps("grpc_client", ...) -> {step: its result, or the text of its error}, once all steps are over."""

    def run(script, **options):
        client = node(script, **options)
        said = {fact["step"]: fact.get("result", fact.get("error")) for fact in client.rest()}
        assert said, client.complaints()
        return said

    return run
