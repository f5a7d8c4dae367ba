"""An upstream proxy: CONNECT, with Basic credentials if `credentials` ("user:password") is set. Notes what it was asked."""
import base64
import socket
import threading

from origin.listening import Listening

REFUSAL = b"HTTP/1.1 %d Refused\r\nContent-Length: 0\r\n\r\n"


class ConnectProxy(Listening):
    """`connect_to`: where every tunnel really goes; without it, where it was asked to. `status`: refuse all by it."""

    def __init__(self, connect_to=None, credentials=None, status=None):
        self._connect_to, self._status = connect_to, status
        self._expected = credentials and "Basic " + base64.b64encode(credentials.encode()).decode()
        self.requests = []  # (target, fields)
        super().__init__(self._run)

    def _run(self, sock):
        head = b""
        while b"\r\n\r\n" not in head:
            data = sock.recv(65536)
            if not data:
                return
            head += data
        head, _, rest = head.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.requests.append((method, target, fields))
        if self._status or (self._expected and fields.get("proxy-authorization") != self._expected):
            return sock.sendall(REFUSAL % (self._status or 407))
        host, _, port = target.rpartition(":")
        try:
            upstream = socket.create_connection(self._connect_to or (host.strip("[]"), int(port)))
        except OSError:
            return sock.sendall(REFUSAL % 502)
        sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with upstream:
            upstream.sendall(rest)
            there = threading.Thread(target=pump, args=(sock, upstream), daemon=True)
            there.start()
            pump(upstream, sock)
            there.join()


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass
