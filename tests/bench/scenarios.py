"""What is measured, as a table; the names are those of the targets."""
import dataclasses
import re
import resource
import socket
import statistics
import subprocess
import time

H1, H2C = ("--h1", "-c", "64"), ("-c", "16", "-m", "32", "-w", "20", "-W", "24")
IDLE = 1000  # connections
REST = 1  # second: until a connection with nothing to do is idle


@dataclasses.dataclass(frozen=True)
class Metric:
    name: str
    text: str
    more_is_better: bool = False


CPU = Metric("cpu", "CPU a request, us")
RATE = Metric("rate", "requests a second", more_is_better=True)
CPU_GB = Metric("cpu_gb", "CPU seconds a GB")
P50, P99 = Metric("p50", "latency p50 at 200 a second, us"), Metric("p99", "latency p99 at 200 a second, us")
MEMORY = Metric("memory", "memory an idle connection, bytes")


def h2load(machine, contestant, flags, requests, path):
    """Runs it; fails if a response was not fine."""
    command = ["taskset", "-c", str(machine.load_core), "h2load", "-t", "1", *flags, "-n", str(requests),
               f"http://127.0.0.1:{contestant.port}{path}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    fine = rf"{requests} done, .* 0 errored, 0 timeout\nstatus codes: \d+ 2xx, 0 3xx, 0 4xx, 0 5xx\n"
    if not re.search(fine, output):  # h2load does not count a status line without a reason phrase as 2xx, which HAProxy writes
        raise SystemExit(f"{type(contestant).__name__}: {' '.join(command)}: not every response was fine\n{output}")
    return float(re.search(r"finished in .*, ([\d.]+) req/s", output).group(1))


@dataclasses.dataclass(frozen=True)
class Load:
    name: str
    upstream: str
    flags: tuple
    requests: int
    path: str = "/small"

    @property
    def metrics(self):
        return (CPU_GB,) if self.path == "/large" else (CPU, RATE)

    def measure(self, machine, contestant, divisor):
        requests = self.requests // divisor
        h2load(machine, contestant, self.flags, max(64, requests // 10), self.path)
        before = contestant.cpu()
        rate = h2load(machine, contestant, self.flags, requests, self.path)
        used = contestant.cpu() - before
        return {"cpu": used / requests * 1e6, "rate": rate, "cpu_gb": used / (requests * 2**20) * 1e9}


@dataclasses.dataclass(frozen=True)
class Latency:
    """Few requests at an even pace, from h2load's own log."""
    name: str
    upstream: str
    flags: tuple
    metrics = (P50, P99)

    def measure(self, machine, contestant, divisor):
        log = machine.folder / "latency.tsv"
        log.unlink(missing_ok=True)
        h2load(machine, contestant, [*self.flags, "--rps=50", f"--log-file={log}"], 800 // divisor, "/small")
        taken = sorted(int(line.split()[2]) for line in log.read_text().splitlines())
        return {"p50": statistics.median(taken), "p99": taken[int(len(taken) * 0.99)]}


@dataclasses.dataclass(frozen=True)
class Idle:
    """Connections that had one request each, and then nothing."""
    name: str
    upstream: str
    start: bytes
    request: bytes
    metrics = (MEMORY,)

    def measure(self, machine, contestant, divisor):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
        warm = self._open(contestant.port, 100)
        before = contestant.memory()
        idle = self._open(contestant.port, IDLE)
        used = contestant.memory() - before
        for sock in warm + idle:
            sock.close()
        return {"memory": used / IDLE}

    def _open(self, port, count):
        opened = []
        for _ in range(count):
            sock = socket.create_connection(("127.0.0.1", port), 10)
            sock.sendall(self.start + self.request)
            answer = b""
            while b"hello, world\n" not in answer:
                piece = sock.recv(65536)
                if not piece:
                    raise SystemExit("an idle connection was closed")
                answer += piece
            opened.append(sock)
        time.sleep(REST)
        return opened


def h2_frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


H2_START = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + h2_frame(4, 0, 0) + h2_frame(4, 1, 0)
H2_REQUEST = h2_frame(1, 5, 1, b"\x82\x86\x04\x06/small\x01\x0borigin.test")  # GET /small by HPACK literals

SCENARIOS = (
    Load("S1", "h1", H1, 60000),
    Load("S1.h2up", "h2", H1, 60000),
    Load("S2", "h2", H2C, 120000),
    Load("S3", "h1", H2C, 60000),
    Load("S4.h1", "h1", ("--h1", "-c", "8"), 1000, "/large"),
    Load("S4.h2", "h2", ("-c", "2", "-m", "4", "-w", "20", "-W", "24"), 1000, "/large"),
    Load("S5", "close", ("--h1", "-c", "8"), 2000),
    Latency("S8.h1", "h1", ("--h1", "-c", "4")),
    Latency("S8.h2c", "h2", ("-c", "4")),
    Idle("S9.h1", "h1", b"", b"GET /small HTTP/1.1\r\nHost: origin.test\r\n\r\n"),
    Idle("S9.h2c", "h2", H2_START, H2_REQUEST),
)
