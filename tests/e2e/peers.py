"""Real servers, each a process on a free port of loopback that ends with the test."""
import pathlib
import re
import signal
import socket
import subprocess
import threading

from running_proxy import PATIENCE, wait_until

NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    access_log off; server_tokens off; keepalive_timeout 300; client_max_body_size 0;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl{h2};
        ssl_certificate {cert}; ssl_certificate_key {key}; ssl_protocols TLSv1.2 TLSv1.3;
        root {root};
        location / {{ }}
        location = /hello {{ return 200 "hello\\n"; }}
        {more}
    }}
}}
"""

HTTP_OF_NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    ssl_certificate {cert}; ssl_certificate_key {key};
{servers}
}}
"""

DEFAULTS_OF_HAPROXY = """
global
    tune.ssl.default-dh-param 2048
defaults
    mode http
    timeout client 30s
    timeout server 30s
    timeout connect 30s
"""


UNBOUND = """
server:
    interface: 127.0.0.1@{tls}
    interface: 127.0.0.1@{https}
    tls-port: {tls}
    https-port: {https}
    tls-service-key: "{key}"
    tls-service-pem: "{cert}"
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    log-queries: yes
    verbosity: 1
    module-config: "iterator"
    local-zone: "." refuse
    local-zone: "test." static
{data}
"""


_reserved = []


def free_port():
    """A port of loopback that the system gives nobody else, and that refuses connections until a server listens on it. It stays
    reserved while this process lives: bound, not listening, which SO_REUSEADDR lets a server overlook."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    _reserved.append(sock)
    return sock.getsockname()[1]


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Peer:
    """`output`: what it printed on both streams so far."""

    def __init__(self, command, port, ready):
        self.port, self._news, self.lines = port, threading.Condition(), []
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if isinstance(ready, str):
            self.wait_for(ready)
        else:
            wait_until(ready, f"{command[0]} on port {port}")

    def _read(self):
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line)
                self._news.notify_all()

    @property
    def output(self):
        return "".join(self.lines)

    def wait_for(self, pattern):
        with self._news:
            found = self._news.wait_for(lambda: re.search(pattern, self.output), PATIENCE)
        assert found, f"no {pattern!r} in:\n{self.output}"
        return found

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()


class Peers:
    def __init__(self, identity, folder):
        self.identity, self.folder, self._running = identity, pathlib.Path(folder), []

    def stop(self):
        for peer in self._running:
            peer.stop()

    def _start(self, command, port, ready):
        self._running.append(Peer(command, port, ready))
        return self._running[-1]

    def nginx(self, h2=True, more="", identity=None, files=()):
        """Serves /hello, and `files`: (name, bytes)."""
        identity, port = identity or self.identity, free_port()
        folder = self.folder / f"nginx{port}"
        root = folder / "root"
        root.mkdir(parents=True)
        for name, data in files:
            (root / name).write_bytes(data)
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=port, h2=" http2" * h2, cert=identity.cert, key=identity.key, root=root,
                                       more=more))
        return self._start(["nginx", "-c", config, "-p", folder], port, lambda: accepts(port))

    def nginx_of(self, servers, identity):
        """One nginx with a server block each: {name: directives} -> {name: port}. Each answers 200."""
        ports, folder = {name: free_port() for name in servers}, self.folder / "nginx-of-many"
        folder.mkdir()
        blocks = "".join(f"server {{ listen 127.0.0.1:{ports[name]} ssl; {more} location / {{ return 200 here; }} }}\n"
                         for name, more in servers.items())
        config = folder / "nginx.conf"
        config.write_text(HTTP_OF_NGINX.format(folder=folder, cert=identity.cert, key=identity.key, servers=blocks))
        self._start(["nginx", "-c", config, "-p", folder], None, lambda: all(map(accepts, ports.values())))
        return ports

    def haproxy_of(self, binds, identity):
        """One HAProxy with a frontend each: {name: words of its bind line} -> {name: port}. Each answers 200."""
        ports, config, both = {name: free_port() for name in binds}, self.folder / "haproxy.cfg", self.folder / "haproxy.pem"
        both.write_text(identity.cert.read_text() + identity.key.read_text())
        frontends = "".join(f"frontend f{port}\n    bind 127.0.0.1:{port} ssl crt {both} {binds[name]}\n"
                            "    http-request return status 200 content-type text/plain string here\n"
                            for name, port in ports.items())
        config.write_text(DEFAULTS_OF_HAPROXY + frontends)
        self._start(["haproxy", "-db", "-f", config], None, lambda: all(map(accepts, ports.values())))
        return ports

    def openssl(self, *flags, identity=None):
        """openssl s_server -www: one page that says what was negotiated. `output` has a line for each handshake."""
        identity, port = identity or self.identity, free_port()
        return self._start(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", identity.cert, "-key", identity.key,
                            "-www", *flags], port, "ACCEPT")

    def gnutls(self, priority="NORMAL", *flags, identity=None):
        """gnutls-serv --http: one page that says what was negotiated."""
        identity, port = identity or self.identity, free_port()
        return self._start(["gnutls-serv", "--http", "-p", port, "--x509certfile", identity.cert, "--x509keyfile", identity.key,
                            "--priority", priority, *flags], port, "listening on IPv4|IPv4 0.0.0.0.*done")

    def unbound(self, names, identity=None):
        """A name server by TLS (`port`) and by HTTPS (`https`); `names`: host -> addresses, others below "test" do not exist."""
        identity, tls, https = identity or self.identity, free_port(), free_port()
        data = "\n".join(f'    local-data: "{name}. {"AAAA" if ":" in address else "A"} {address}"'
                         for name, addresses in names.items() for address in addresses)
        config = self.folder / f"unbound{tls}.conf"
        config.write_text(UNBOUND.format(tls=tls, https=https, key=identity.key, cert=identity.cert, folder=self.folder, data=data))
        peer = self._start(["/usr/sbin/unbound", "-d", "-c", config], tls, "start of service")
        peer.https = https
        return peer

    def nghttpd(self, *flags, files=()):
        port, root = free_port(), self.folder / "nghttpd"
        root.mkdir()
        for name, data in files:
            (root / name).write_bytes(data)
        return self._start(["nghttpd", "-a", "127.0.0.1", "-d", root, *flags, port, self.identity.key, self.identity.cert], port,
                           lambda: accepts(port))
