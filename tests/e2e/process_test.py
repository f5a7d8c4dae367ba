"""The process as its machine treats it: full disks, signals, files that vanish, and what is left in the records."""
import os
import resource
import signal
import socket
import subprocess
import threading

import pytest

from clients import Ended, Http1Client, Http2Client
from running_proxy import wait_until

pytestmark = pytest.mark.tsan


def get(running, path="/"):
    client = Http1Client(running.mapped)
    try:
        return client.request("GET", path)
    finally:
        client.close()


def test_sigterm_right_after_the_greeting_ends_it_well(start):
    for _ in range(10):
        running = start()
        running.signal(signal.SIGTERM)
        assert running.wait() == 0


@pytest.mark.parametrize("flag", ["--http1.1", "--http2-prior-knowledge"])
def test_sigterm_lets_what_is_under_way_finish(origin, proxy, flag):
    """The rest of the response still comes; nothing new is taken."""
    behind = origin()
    running = proxy(behind.port)
    curl = subprocess.Popen(["curl", "-sSN", flag, f"http://127.0.0.1:{running.mapped}/stream/one"], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    behind.streams.push("one", b"before")
    assert curl.stdout.read(6) == b"before"
    mark = running.mark()
    running.signal(signal.SIGTERM)
    running.wait_for("finishing", since=mark)
    wait_until(lambda: refuses(running.mapped), "the end of listening")
    behind.streams.push("one", b" after")
    behind.streams.push("one", None)
    rest, error = curl.communicate(timeout=60)
    assert (curl.returncode, rest, error) == (0, b" after", b"")
    assert running.wait() == 0


def test_sigterm_says_goaway(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    client = Http2Client(running.mapped)
    client.open("GET", "/stream/one", body=False).head()  # hyper-h2 takes no response after a GOAWAY
    running.signal(signal.SIGTERM)
    client.pump_until(lambda: client.goaway)
    assert client.goaway.error_code == 0
    behind.streams.push("one", None)
    assert running.wait() == 0
    client.close()


def refuses(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return False
    except OSError:
        return True


def test_a_drain_ends_though_somebody_does_not(origin, proxy):
    """After ten seconds at the latest."""
    behind = origin()
    running = proxy(behind.port)
    client = Http1Client(running.mapped)
    client.open("GET", "/stream/never", body=False)
    behind.wait_for(lambda seen: seen.requests)
    running.signal(signal.SIGTERM)
    assert running.wait() == 0
    client.close()


def test_a_second_sigterm_stops_at_once(origin, proxy):
    behind = origin()
    running = proxy(behind.port)
    client = Http1Client(running.mapped)
    client.open("GET", "/stream/never", body=False)
    behind.wait_for(lambda seen: seen.requests)
    mark = running.mark()
    running.signal(signal.SIGTERM)
    running.wait_for("finishing", since=mark)
    running.signal(signal.SIGTERM)
    running.wait()
    running.killed = True
    client.close()


def test_sigterm_under_load_loses_no_record(origin, proxy):
    """Each connection that the origin saw completed has its line."""
    behind = origin(alpn=["http/1.1"])
    running = proxy(behind.port)
    stop = threading.Event()

    def load():
        while not stop.is_set():
            try:
                get(running)
            except (OSError, Ended):
                return

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    behind.wait_for(lambda seen: len(seen.requests) > 100)
    running.signal(signal.SIGTERM)
    assert running.wait() == 0
    stop.set()
    for thread in threads:
        thread.join()
    used = {seen.number for seen in behind.connections if seen.requests}
    assert len(running.records()) >= len(used)


def test_kill_keeps_what_was_logged(origin, proxy):
    running = proxy(origin(alpn=["http/1.1"]).port)
    for _ in range(5):
        get(running)
    running.kill()
    logged = running.log.count(" upstream origin.test:443 ")
    assert len(running.records()) == logged > 0


def test_a_full_disk_does_not_stop_the_proxy(origin, proxy, tmp_path):
    """The record file may not grow beyond 2000 bytes; said once, and the requests go on."""
    behind = origin(alpn=["http/1.1"])
    running = proxy(behind.port, prefix=["prlimit", "--fsize=2000:2000"], threads=1)
    one, two, three = (Http1Client(running.mapped) for _ in range(3))
    held = [client.open("GET", f"/held/{number}", body=False) for number, client in enumerate((one, two, three))]
    behind.wait_for(lambda seen: len(seen.requests) == 3)
    for number, exchange in enumerate(held):
        behind.streams.push(str(number), None)
        assert exchange.response().status == 200
    running.wait_for(r"records\d+\.jsonl")
    assert running.record_file.stat().st_size <= 2000
    assert get(running).status == 200


def test_a_full_disk_that_has_room_again_says_how_many_are_missing(origin, proxy, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk],
                                                   capture_output=True).returncode == 0
    if not mounted:
        pytest.skip("needs to mount a tmpfs")
    try:
        (disk / "ballast").write_bytes(b"x" * 12288)
        behind = origin("alert:40")
        record_file = disk / "records.jsonl"
        running = proxy(behind.port, 'extends = "modern"', record=record_file)
        for _ in range(20):
            assert get(running).status == 502
        assert record_file.stat().st_size <= 4096
        (disk / "ballast").unlink()
        mark = running.mark()
        assert get(running).status == 502
        running.wait_for(r"\d+ .*(missing|lost|not written)", since=mark)
        assert record_file.read_text().endswith("}\n")
        running.stop()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_the_policy_is_removed_while_requests_pass(origin, proxy):
    running = proxy(origin().port)
    assert get(running).status == 200
    mark = running.mark()
    running.policy.unlink()
    running.wait_for("is gone", since=mark)
    assert get(running).status == 200


def test_an_address_in_use_even_with_reuseport(binary, environment):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run([binary, "run", "--listen", str(port)], env=environment, text=True, capture_output=True, timeout=60)
    assert result.returncode == 1 and f"127.0.0.1:{port}" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_thousand_idle_connections(origin, proxy):
    """Each holds no buffer: a few KiB in all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    running = proxy(origin().port)
    warm = [Http1Client(running.mapped) for _ in range(20)]
    for client in warm:
        client.request("GET", "/")
    before = running.memory()
    idle = [Http1Client(running.mapped) for _ in range(1000)]
    for client in idle[::50]:
        assert client.request("GET", "/").status == 200
    assert running.memory() - before < 64 << 20
    for client in warm + idle:
        client.close()
