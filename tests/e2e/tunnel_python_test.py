"""Python's requests and httpx through tunnels, pointed here by their environment alone."""
import httpx
import pytest
import requests

from origin.rules import rule
from origin.site import pattern
from tunnels import mode, open_tunnel, our_authority, tunnel  # noqa: F401

PATIENCE = 60
URL = "https://origin.test"


class Requests:
    """requests over HTTP/1.1; urllib3 offers http/1.1 alone, or nothing."""
    offers_h2 = False

    def __init__(self):
        self.session = requests.Session()

    def get(self, path):
        return self.session.get(URL + path, timeout=PATIENCE)

    def post(self, path, pieces):
        """As one body: before 2.29, requests forgets the proxy's CONNECT when it sends pieces."""
        return self.session.post(URL + path, data=b"".join(pieces), timeout=PATIENCE)

    def stream(self, path):
        with self.session.get(URL + path, stream=True, timeout=PATIENCE) as response:
            yield from response.iter_content(None)

    def close(self):
        self.session.close()


class Httpx:
    def __init__(self, h2):
        self.offers_h2 = h2
        self.client = httpx.Client(http2=h2, timeout=PATIENCE)

    def get(self, path):
        return self.client.get(URL + path)

    def post(self, path, pieces):
        return self.client.post(URL + path, content=pieces)

    def stream(self, path):
        with self.client.stream("GET", URL + path) as response:
            yield from response.iter_bytes()

    def close(self):
        self.client.close()


LIBRARIES = {"requests": Requests, "httpx-h1": lambda: Httpx(False), "httpx-h2": lambda: Httpx(True)}


@pytest.fixture(params=LIBRARIES)
def client(request, monkeypatch):
    """client(tunnel): a library that was told by its environment."""
    made = []

    def make(tunnel):
        for name, value in tunnel.variables.items():
            monkeypatch.setenv(name, value)
        made.append(LIBRARIES[request.param]())
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_healthy_origin(origin, tunnel, client):
    through = tunnel(origin().port)
    app = client(through)
    seen = app.get("/path").json()
    assert (seen["path"], seen["authority"]) == ("/path", "origin.test")
    assert app.get("/bytes/300000").content == pattern(300_000)
    through.passed()


def test_each_piece_arrives_before_the_next_is_sent(origin, tunnel, client):
    behind = origin()
    pieces = client(tunnel(behind.port)).stream("/stream/a")
    for piece in (b"first", b"second", b"x" * 20000):
        behind.streams.push("a", piece)
        got = next(pieces)
        while len(got) < len(piece):
            got += next(pieces)
        assert got == piece
    behind.streams.push("a", None)
    assert list(pieces) == []


def test_an_upload(origin, tunnel, client):
    body = pattern(2_000_000)
    pieces = (body[at:at + 100_000] for at in range(0, len(body), 100_000))
    assert client(tunnel(origin().port)).post("/echo", pieces).json()["length"] == 2_000_000


def test_an_origin_that_answers_alert_40_to_h2(origin, tunnel, client):
    through = tunnel(origin(rule("alert:40", when="alpn=h2")).port)
    app = client(through)
    if through.mode == "watch" and app.offers_h2:
        refused_in_its_own_words(app, through)
    else:
        # A library without h2 never runs into it; behind an interception it is the proxy that does, and mends it.
        assert app.get("/path").json()["protocol"] == "http/1.1"
        through.mended() if through.intercepted else through.passed()


def test_an_origin_that_answers_alert_40_to_tls_13(origin, tunnel, client):
    through = tunnel(origin(rule("alert:40", when="max-version=1.3")).port)
    app = client(through)
    if through.intercepted:
        assert app.get("/path").json()["path"] == "/path"
        assert through.mended()["negotiated"]["version"] == "1.2"
    else:
        refused_in_its_own_words(app, through)


def refused_in_its_own_words(app, through):
    with pytest.raises((requests.exceptions.SSLError, httpx.ConnectError)) as raised:
        app.get("/path")
    assert "HANDSHAKE_FAILURE" in str(raised.value).upper().replace(" ", "_")
    through.refused()
