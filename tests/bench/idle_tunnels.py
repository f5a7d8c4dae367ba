#!/usr/bin/python3
"""What an idle tunnel costs: opens many, by CONNECT, and prints the memory that each of them takes in the proxy.

    tests/bench/idle_tunnels.py [--tunnels 9000] [--mode watch|intercept] [--plain] [--binary build/release/alert40]

Each tunnel takes two descriptors here and two in the proxy; the soft limit of files is raised as far as the hard one goes.
At the end every tunnel must still carry a byte there and back.
"""
import argparse
import asyncio
import pathlib
import re
import resource
import ssl
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from origin.certificates import Authority  # noqa: E402

PATIENCE = 60  # seconds
AT_ONCE = 100  # handshakes
PER_TUNNEL = 2  # descriptors, in each process
SPARE = 200  # descriptors for all else

POLICY = """
[listen]
proxy = ["127.0.0.1:0"]
threads = 1

[authority]
cert = "{ours.cert}"
key = "{ours.key}"

[[rule]]
host = "origin.test"
mode = "{mode}"
address = "127.0.0.1:{port}"
via = "direct"
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tunnels", type=int, default=1000)
    parser.add_argument("--mode", choices=["watch", "intercept"], default="watch")
    parser.add_argument("--plain", action="store_true", help="nothing but bytes in the tunnels, no TLS (watch mode only)")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/alert40")
    return parser.parse_args()


def raise_file_limit(tunnels):
    """How many tunnels the limit allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard == resource.RLIM_INFINITY:
        return tunnels
    return min(tunnels, (hard - SPARE) // PER_TUNNEL)


class Failed(Exception):
    pass


class Proxy:
    def __init__(self, binary, policy, authority):
        self._process = subprocess.Popen([binary, "run", "--config", policy], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                                         env={"SSL_CERT_FILE": str(authority.file), "HOME": str(policy.parent),
                                              "XDG_RUNTIME_DIR": str(policy.parent)})
        self.port = None
        for line in self._process.stderr:
            found = re.search(r"listens on \S+:(\d+)", line)
            if found and self.port is None:
                self.port = int(found.group(1))
            if line.startswith("  try: "):
                break
        if self.port is None:
            raise Failed(f"{binary} did not start")

    async def drain_log(self):
        """So that a full pipe never holds the proxy up."""
        await asyncio.to_thread(self._process.stderr.read)

    def memory(self):
        """Resident bytes."""
        return int(re.search(r"VmRSS:\s+(\d+)", self._status("status")).group(1)) * 1024

    def files(self):
        return len(list(pathlib.Path(f"/proc/{self._process.pid}/fd").iterdir()))

    def _status(self, name):
        return pathlib.Path(f"/proc/{self._process.pid}/{name}").read_text()

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


async def echo(reader, writer):
    """HTTP/1.1 of the simplest kind, so that an intercepted tunnel has something to say as well."""
    while head := await reader.readline():
        while head not in (b"\r\n", b""):
            head = await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere")
    writer.close()


async def open_tunnel(port, trust):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200 "):
        raise Failed(f"CONNECT: {head.splitlines()[0].decode()}")
    if trust:
        await writer.start_tls(trust, server_hostname="origin.test")
    return reader, writer


async def ask(reader, writer):
    """True if the tunnel carries something there and back."""
    writer.write(b"GET / HTTP/1.1\r\nHost: origin.test\r\n\r\n")
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    return head.startswith(b"HTTP/1.1 200 ") and await reader.readexactly(4) == b"here"


async def in_parts(jobs):
    """The results of coroutines of which only some run at once."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def run(job):
        async with gate:
            return await asyncio.wait_for(job, PATIENCE)

    results = await asyncio.gather(*map(run, jobs), return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


async def measure(options, tunnels, folder):
    authority, ours = Authority(folder), Authority(pathlib.Path(tempfile.mkdtemp(dir=folder)), "ours")
    identity = authority.issue("origin.test")
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(identity.cert, identity.key)
    origin = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=None if options.plain else served, backlog=1024)

    policy = folder / "policy.toml"
    policy.write_text(POLICY.format(ours=ours.identity(), mode=options.mode, port=origin.sockets[0].getsockname()[1]))
    trust = None if options.plain else ssl.create_default_context(cafile=(ours if options.mode == "intercept" else authority).file)
    proxy = Proxy(options.binary, policy, authority)
    drained = asyncio.create_task(proxy.drain_log())
    try:
        # What is made once for all, and not for each of them.
        warm = await in_parts(open_tunnel(proxy.port, trust) for _ in range(min(50, tunnels)))
        before, files = proxy.memory(), proxy.files()
        idle = await in_parts(open_tunnel(proxy.port, trust) for _ in range(tunnels - len(warm)))
        after = proxy.memory()
        per_tunnel = (after - before) / max(1, len(idle)) / 1024
        print(f"{len(idle) + len(warm)} idle tunnels ({options.mode}{', plain' * options.plain}): {after / 1048576:.1f} MiB in all, "
              f"{per_tunnel:.1f} KiB and {(proxy.files() - files) / max(1, len(idle)):.1f} files each", flush=True)
        alive = await in_parts(ask(*tunnel) for tunnel in warm + idle)
        print(f"{sum(alive)} of them still carry a request")
        for _, writer in warm + idle:
            writer.transport.abort()
        return all(alive)
    finally:
        proxy.stop()
        await drained
        origin.close()


def main():
    options = arguments()
    tunnels = raise_file_limit(options.tunnels)
    if tunnels < options.tunnels:
        print(f"the limit of open files allows {tunnels} tunnels, not {options.tunnels}")
    with tempfile.TemporaryDirectory(prefix="alert40-idle-") as folder:
        try:
            return 0 if asyncio.run(measure(options, tunnels, pathlib.Path(folder))) else 1
        except (Failed, OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            print(f"failed: {error!r}", file=sys.stderr)
            return 1


sys.exit(main())
