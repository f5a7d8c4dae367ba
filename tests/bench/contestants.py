"""The proxies that are compared, the origin behind them, and what the kernel says that a process used."""
import dataclasses
import pathlib
import socket
import subprocess
import time

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 8192; }}
http {{
    access_log off; keepalive_timeout 300; keepalive_requests 100000000;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    ssl_certificate {cert}; ssl_certificate_key {key}; ssl_protocols TLSv1.3; http2_max_concurrent_streams 256;
    root {root};
    server {{ listen 127.0.0.1:{h1} ssl backlog=4096; location = /small {{ return 200 "hello, world\\n"; }} }}
    server {{ listen 127.0.0.1:{h2} ssl http2 backlog=4096; location = /small {{ return 200 "hello, world\\n"; }} }}
    server {{ listen 127.0.0.1:{close} ssl backlog=4096; keepalive_timeout 0; location = /small {{ return 200 "hello, world\\n"; }} }}
}}
"""

POLICY = """
[listen]
proxy = []
threads = 1
[[map]]
listen = "127.0.0.1:{listen}"
to = "https://origin.test"
[profile.bench]
alpn = ["{alpn}"]
versions = ["1.3"]
resumption = {resumption}
verify = {{ ca_file = "{ca}" }}
[[rule]]
host = "origin.test"
address = "127.0.0.1:{port}"
via = "direct"
profile = "bench"
"""

HAPROXY = """
global
  nbthread 1
  maxconn 8192
  tune.h2.initial-window-size 1048576
  tune.h2.max-concurrent-streams 256
defaults
  mode http
  http-reuse always
  timeout connect 5s
  timeout client 300s
  timeout server 300s
  timeout http-keep-alive 300s
listen bench
  bind 127.0.0.1:{listen} backlog 4096
  server origin 127.0.0.1:{port} ssl verify required ca-file {ca} sni str(origin.test) alpn {alpn} {resumption}
"""

UPSTREAM = {"h1": "http/1.1", "h2": "h2", "close": "http/1.1"}


@dataclasses.dataclass
class Machine:
    folder: pathlib.Path
    proxy_core: int
    load_core: int
    authority: object
    binary: pathlib.Path


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


class Process:
    """Runs from __enter__, which waits until it accepts connections, to __exit__."""

    def __init__(self, machine, core, command, port):
        self.port = port
        self._command = ["taskset", "-c", str(core), *map(str, command)]
        self._log = (machine.folder / f"{pathlib.Path(str(command[0])).name}.log").open("ab")

    def __enter__(self):
        self.process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        for _ in range(500):
            if self.process.poll() is not None:
                raise SystemExit(f"{' '.join(self._command)} ended; its last words: {pathlib.Path(self._log.name).read_text()[-500:]}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.02)
        raise SystemExit(f"{self._command} does not listen on {self.port}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()

    def tree(self):
        """Its process and their children: /proc folders."""
        found, waiting = [], [self.process.pid]
        while waiting:
            folder = pathlib.Path(f"/proc/{waiting.pop()}")
            found.append(folder)
            for task in folder.glob("task/*/children"):
                waiting += map(int, task.read_text().split())
        return found

    def cpu(self):
        """Seconds on a core so far, of all threads."""
        return sum(int(file.read_text().split()[0]) for folder in self.tree() for file in folder.glob("task/*/schedstat")) / 1e9

    def memory(self):
        """Bytes that are its alone."""
        total = 0
        for folder in self.tree():
            for line in (folder / "smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Dirty:", "Private_Clean:")):
                    total += int(line.split()[1]) * 1024
        return total


class Origin(Process):
    def __init__(self, machine):
        root = machine.folder / "root"
        root.mkdir()
        (root / "large").write_bytes(bytes(range(256)) * 4096)
        machine.folder.chmod(0o755)
        identity = machine.authority.issue("origin.test")
        self.ports = {name: free_port() for name in UPSTREAM}
        config = machine.folder / "nginx.conf"
        config.write_text(NGINX.format(folder=machine.folder, root=root, cert=identity.cert, key=identity.key, **self.ports))
        super().__init__(machine, machine.load_core, ["nginx", "-c", config, "-p", machine.folder], self.ports["h1"])


class Alert40(Process):
    """With everything on: log, records, verification."""

    def __init__(self, machine, origin, upstream):
        port, policy = free_port(), machine.folder / "policy.toml"
        policy.write_text(POLICY.format(listen=port, port=origin.ports[upstream], alpn=UPSTREAM[upstream], ca=machine.authority.file,
                                        resumption=str(upstream != "close").lower()))
        super().__init__(machine, machine.proxy_core, [machine.binary, "run", "--config", policy, "--record",
                                                       machine.folder / "records.jsonl"], port)


class Nghttpx(Process):
    program = "nghttpx"

    def __init__(self, machine, origin, upstream):
        port = free_port()
        command = ["nghttpx", "--conf=/dev/null", "--workers=1", f"--frontend=127.0.0.1,{port};no-tls",
                   f"--backend=127.0.0.1,{origin.ports[upstream]};;tls;proto={UPSTREAM[upstream]};sni=origin.test",
                   f"--cacert={machine.authority.file}", "--frontend-http2-max-concurrent-streams=256",
                   "--frontend-http2-window-size=1M", "--frontend-http2-connection-window-size=16M", "--backend-http2-window-size=1M",
                   "--backend-http2-connection-window-size=16M", "--backend-keep-alive-timeout=300s", "--backlog=4096",
                   "--rlimit-nofile=16384", "--log-level=ERROR"]
        super().__init__(machine, machine.proxy_core, command, port)


class Haproxy(Process):
    program = "haproxy"

    def __init__(self, machine, origin, upstream):
        port, config = free_port(), machine.folder / "haproxy.cfg"
        config.write_text(HAPROXY.format(listen=port, port=origin.ports[upstream], alpn=UPSTREAM[upstream], ca=machine.authority.file,
                                         resumption="no-ssl-reuse" if upstream == "close" else ""))
        super().__init__(machine, machine.proxy_core, ["haproxy", "-db", "-f", config], port)


Alert40.program = "alert40"
CONTESTANTS = {"alert40": Alert40, "nghttpx": Nghttpx, "haproxy": Haproxy}
