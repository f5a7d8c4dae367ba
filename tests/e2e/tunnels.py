"""Proxies whose tunnels are watched or intercepted, and what an app has to be told to come through them.

Test files import the fixtures: `tunnel` is made for each mode in turn, `tunnel(port)` is a Tunnel to the origin on that port.
"""
import dataclasses
import pathlib

import pytest

from origin.certificates import Authority
from running_proxy import RunningProxy, wait_until

MODES = ["watch", "intercept"]
ALERT_40 = {"id": 40, "name": "handshake_failure", "level": "fatal", "direction": "received"}


@dataclasses.dataclass
class Tunnel:
    """`ca`: what the app has to trust: in watch mode the origin's own authority, in intercept mode ours."""
    running: RunningProxy
    mode: str
    ca: pathlib.Path

    @property
    def intercepted(self):
        return self.mode == "intercept"

    @property
    def url(self):
        return f"http://127.0.0.1:{self.running.port}"

    @property
    def variables(self):
        """What points an app here, as most of them read it."""
        return {"HTTPS_PROXY": self.url, "https_proxy": self.url, "SSL_CERT_FILE": str(self.ca), "CURL_CA_BUNDLE": str(self.ca),
                "REQUESTS_CA_BUNDLE": str(self.ca), "NODE_EXTRA_CA_CERTS": str(self.ca), "GIT_SSL_CAINFO": str(self.ca),
                "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(self.ca)}

    def handshakes(self, side, **expected):
        """The records of handshakes with or for origin.test, as they are so far."""
        return [record for record in self.running.records()
                if record["side"] == side and record["target"]["host"] == "origin.test"
                and all(record.get(key) == value for key, value in expected.items())]

    def passed(self):
        """The app reached the origin: in watch mode by its own handshake, in intercept mode by one with us and one of ours."""
        if not self.intercepted:
            record = self.record("upstream", mode="watch", outcome="passed")
            assert "profile" not in record and record["offered"]["server_name"] == "origin.test"
            return record
        record = self.record("downstream", mode="intercept", outcome="established")
        self.record("upstream", outcome="established")
        return record

    def refused(self):
        """The origin's alert 40 is on record: in watch mode against the app's own hello, in intercept mode against our first one."""
        mode = {} if self.intercepted else {"mode": "watch"}
        record = self.record("upstream", outcome="failed", **mode)
        failure = record["failure"]
        assert (failure["by"], failure["kind"], failure["phase"]) == ("upstream", "alert", "client_hello"), failure
        assert failure["alert"] == ALERT_40
        if self.intercepted:
            self.running.wait_for(r"upstream origin\.test.* alert 40 handshake_failure received")
        else:
            assert "profile" not in record
            self.running.wait_for(r"upstream origin\.test.* watched.* alert 40 handshake_failure from the server.*hint: .*intercept")
        return record

    def spoke(self, protocol):
        """In an intercepted tunnel the app agreed on that ALPN name; TLS 1.3 hides it from who watches."""
        negotiated = self.passed()["negotiated"]
        assert negotiated["version"] == "1.3"
        assert negotiated.get("alpn", "") == (protocol if self.intercepted else "")

    def mended(self):
        """The origin refused first, and a later step of the ladder got through."""
        assert "next" in self.refused()
        record = self.record("upstream", outcome="established")
        assert record["attempt"] > 1
        return record

    def record(self, side, **expected):
        """The first of them, once it is there."""
        return wait_until(lambda: self.handshakes(side, **expected), f"a record {side} {expected}")[0]


@pytest.fixture(scope="session")
def our_authority(tmp_path_factory):
    """By which the proxy issues certificates for intercepted hosts."""
    return Authority(tmp_path_factory.mktemp("our-authority"), "alert40 intercepts, says the test")


@pytest.fixture(params=MODES)
def mode(request):
    return request.param


RULES = """
[authority]
cert = "{ours.cert}"
key = "{ours.key}"

{first}

[[rule]]
name = "tunnels"
host = ["origin.test", "127.0.0.1"]
mode = "{mode}"
"""


@pytest.fixture
def open_tunnel(proxy, authority, our_authority):
    """open_tunnel(mode, port, first=..., ...): a Tunnel to the origin on that port.

    `first`: rules before the one of the mode; the rest goes to the fixture `proxy`.
    """

    def open_one(mode, port, first="", more="", **options):
        rules = RULES.format(ours=our_authority.identity(), mode=mode, first=first)
        running = proxy(port, more=rules + more, **options)
        return Tunnel(running, mode, (our_authority if mode == "intercept" else authority).file)

    return open_one


@pytest.fixture
def tunnel(mode, open_tunnel):
    return lambda port, **options: open_tunnel(mode, port, **options)


LAB = pathlib.Path(__file__).parents[2] / "configs/lab"
BROKEN_AS_IN_THE_LAB = """
[[map]]
listen = "127.0.0.1:0"
to = "https:sni"

{entry}

[[rule]]
host = "origin.test"
mode = "watch"
address = "127.0.0.1:{port}"
via = "direct"
"""


@pytest.fixture
def broken_as_in_the_lab(start, tmp_path):
    """broken_as_in_the_lab(port, "h2-alert-40"): a port where the real server on that port, which no setting of its own makes fail so, is
    broken by an entry of the lab. Whom that lets pass meets the server itself, with its own certificate."""

    def start_one(port, name):
        entry = (LAB / f"{name}.toml").read_text().replace(f'"{name}.lab"', '"origin.test"')
        assert '"origin.test"' in entry
        policy = tmp_path / f"{name}.toml"
        policy.write_text(BROKEN_AS_IN_THE_LAB.format(entry=entry, port=port))
        return start("--config", policy).ports[1]

    return start_one
