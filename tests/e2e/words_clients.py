"""Client libraries, each as its users run it: what it says of a host. All hosts are asked at once, as far as it can.

A client is a function (rows, through) -> {host: what it said}, or WORKS, or WAITS.
"""
import concurrent.futures
import http.client
import os
import ssl
import subprocess
import threading

import requests

from chromium import LedChromium
from node_clients import NodeProcess, plain_environment
from words import WAITS, WORKS

AT_ONCE = 16
PATIENCE = 60  # seconds; nobody waits so long for a failure
SHORT = 4  # for a host that says nothing: less than alert40 itself waits for SETTINGS


def patience(row):
    return SHORT if row.endless else PATIENCE


def one_by_one(say):
    """A client from what it says of one host: say(row, through)."""

    def ask(rows, through):
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            return dict(zip((row.host for row in rows), pool.map(lambda row: say(row, through), rows)))

    return ask


def _answered(status):
    return WORKS if status == 200 else f"HTTP {status}"


def _run(*command, limit, **options):
    """All that it said, and whether it ended well; WAITS where it did not end."""
    words = ["timeout", limit, *command]
    done = subprocess.run(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          env=plain_environment() | {"LC_ALL": "C"}, **options)
    return (WAITS if done.returncode == 124 else done.stdout), done.returncode == 0


@one_by_one
def curl(row, through):
    said, well = _run("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", patience(row), "-x", through.url,
                      "--cacert", through.ca, f"https://{row.host}/", limit=PATIENCE)
    return _answered(int(said)) if well else said


@one_by_one
def python(row, through):
    connection = http.client.HTTPSConnection("127.0.0.1", through.port, timeout=patience(row),
                                             context=ssl.create_default_context(cafile=through.ca))
    connection.set_tunnel(row.host, 443)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        return _answered(answer.status)
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()


@one_by_one
def python_requests(row, through):
    try:
        answer = requests.get(f"https://{row.host}/", proxies={"https": through.url}, verify=through.ca, timeout=patience(row))
        return _answered(answer.status_code)
    except requests.exceptions.RequestException as error:
        return f"{type(error).__name__}: {error}"


@one_by_one
def gnutls(row, through):
    """It knows no proxies: it comes by a listener that reads the host in its hello."""
    words, held_open = os.pipe()  # it would end with its input, before the answer is there
    os.write(held_open, f"GET / HTTP/1.1\r\nHost: {row.host}\r\nConnection: close\r\n\r\n".encode())
    try:
        said, _ = _run("gnutls-cli", "--port", through.by_name, "--sni-hostname", row.host, "--verify-hostname", row.host,
                       "--x509cafile", through.ca, "--alpn", "http/1.1", "127.0.0.1", limit=patience(row), stdin=words)
    finally:
        os.close(words)
        os.close(held_open)
    return WORKS if "HTTP/1.1 200" in said else said


def _boringssl_program(binary):
    """The build makes it where BoringSSL is."""
    return binary.parent / "tests/support/boringssl/boringssl_client"


@one_by_one
def boringssl(row, through):
    said, well = _run(_boringssl_program(through.binary), through.port, through.ca, row.host, limit=patience(row))
    return WORKS if well else said


def missing(binary):
    """client -> why it is not here."""
    if _boringssl_program(binary).exists():
        return {}
    return {"BoringSSL": "this build has no boringssl_client: android-libboringssl-dev was not there, or no tests were wanted"}


def node(client):

    def ask(rows, through):
        process = NodeProcess("words_client", plain_environment() | {"https_proxy": through.url}, client=client, proxy=through.url,
                              ca=through.ca)
        try:
            for row in rows:
                process.say(f"{row.host} {patience(row) * 1000}")
            process.hang_up()
            said = {fact["host"]: fact["words"] for fact in process.rest()}
            assert len(said) == len(rows), process.complaints()
            return said
        finally:
            process.stop()

    return ask


def chromium(rows, through):
    """Its own time limit for a handshake is half a minute; for what comes after it there is none."""

    def words(row):
        found = outcome[f"https://{row.host}/"]
        gave_up = row.after_the_handshake and row.endless and found == "net::ERR_ABORTED"
        return WAITS if gave_up else found if isinstance(found, str) else _answered(found)

    browser = LedChromium(through.folder / "chromium", through.url, through.ca)
    watchdog = threading.Timer(2 * PATIENCE, browser.stop)
    watchdog.start()
    try:
        outcome = browser.fetch({f"https://{row.host}/": patience(row) if row.after_the_handshake else None for row in rows})
    finally:
        watchdog.cancel()
        browser.close()
    return {row.host: words(row) for row in rows}
