"""TLS over a socket by memory BIOs: each byte of the wire is seen, and the server's flight can be cut anywhere."""
import socket
import ssl
import struct
import threading

from . import client_hello


class Cut(Exception):
    """The connection ended."""


def reset(sock):
    """Closes with RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def read_hello(sock):
    """(ClientHello, the bytes on the wire). None instead of the hello when the peer leaves before it is complete."""
    wire = b""
    while True:
        found = client_hello.complete_message(wire)
        if found:
            return client_hello.parse(*found), wire
        data = sock.recv(65536)
        if not data:
            return None, wire
        wire += data


class TlsSocket:
    """recv() and sendall() of plaintext; the two may be called by two threads."""

    def __init__(self, sock, context, received):
        self.sock = sock
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self._in.write(received)
        self._lock = threading.RLock()

    def first_flight(self):
        """The server's answer to the hello, not yet sent."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self._flush()
            raise
        return self._out.read()

    def handshake(self):
        while True:
            try:
                self._tls.do_handshake()
                return self._flush()
            except ssl.SSLWantReadError:
                self._flush()
                self._fill()
            except ssl.SSLError:
                self._flush()
                raise

    def recv(self, size=65536):
        """b"" at the end, however it came."""
        while True:
            with self._lock:
                try:
                    data = self._tls.read(size)
                    self._flush()
                    return data
                except ssl.SSLWantReadError:
                    self._flush()
                except (ssl.SSLError, OSError):
                    return b""
            try:
                self._fill()
            except (Cut, OSError):
                return b""

    def sendall(self, data):
        with self._lock:
            for at in range(0, len(data), 65536):
                self._tls.write(data[at:at + 65536])
                self._flush()

    def close(self):
        with self._lock:
            try:
                self._tls.unwrap()
            except (ssl.SSLError, OSError):
                pass
            try:
                self._flush()
            except OSError:
                pass
            self.sock.close()

    def _fill(self):
        data = self.sock.recv(65536)
        if not data:
            raise Cut
        with self._lock:
            self._in.write(data)

    def _flush(self):
        with self._lock:
            data = self._out.read()
            if data:
                self.sock.sendall(data)

    def alpn(self):
        return self._tls.selected_alpn_protocol()

    def about(self):
        return {"version": self._tls.version().removeprefix("TLSv"), "cipher_suite": self._tls.cipher()[0], "alpn": self.alpn(),
                "resumed": self._tls.session_reused, "client_certificate": self._tls.getpeercert(binary_form=True) is not None}
