"""A name server on loopback, UDP and TCP on one port (RFC 1035), or TLS instead of TCP (RFC 7858). `names`: host -> IPv4
addresses; others do not exist."""
import contextlib
import math
import socket
import ssl
import struct
import threading

from origin.listening import Listening

A, AAAA, TRUNCATED, NO_SUCH_NAME = 1, 28, 0x0200, 3


class DnsServer:
    """truncate=True: UDP answers say that TCP must be asked. silent=True: UDP never answers. `identity`: TLS; `answers_each`:
    a connection ends after so many."""

    def __init__(self, names, truncate=False, silent=False, identity=None, answers_each=None):
        self.names, self._truncate, self._silent, self._answers_each = names, truncate, silent, answers_each
        self.questions = []  # (transport, name, type)
        self.connections = 0
        self._tls = None
        if identity:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(identity.cert, identity.key)
        self._tcp = Listening(self._converse)
        self.port = self._tcp.port
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        threading.Thread(target=self._serve_udp, daemon=True).start()

    def stop(self):
        self._tcp.stop()
        with contextlib.suppress(OSError):
            self._udp.shutdown(socket.SHUT_RDWR)
        self._udp.close()

    def _serve_udp(self):
        while True:
            try:
                query, peer = self._udp.recvfrom(4096)
                if not query:
                    return
                answer = self._answer("udp", query)
                if not self._silent:
                    self._udp.sendto(answer, peer)
            except (OSError, ValueError):
                return

    def _converse(self, sock):
        self.connections += 1
        left = self._answers_each or math.inf
        with (self._tls.wrap_socket(sock, server_side=True) if self._tls else sock) as sock, sock.makefile("rb") as stream:
            while left and len(length := stream.read(2)) == 2:
                left -= 1
                answer = self._answer("tcp", stream.read(int.from_bytes(length, "big")))
                sock.sendall(struct.pack(">H", len(answer)) + answer)

    def _answer(self, transport, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        question, kind = query[12:at + 5], int.from_bytes(query[at + 1:at + 3], "big")
        name = ".".join(labels).lower()
        self.questions.append((transport, name, kind))
        known = name in self.names
        found = self.names.get(name, ()) if kind == A else ()
        flags = 0x8180 | (0 if known else NO_SUCH_NAME)
        if transport == "udp" and self._truncate:
            flags, found = flags | TRUNCATED, ()
        records = b"".join(struct.pack(">HHHIH", 0xC00C, A, 1, 60, 4) + socket.inet_aton(address) for address in found)
        return query[:2] + struct.pack(">HHHHH", flags, 1, len(found), 0, 0) + question + records
