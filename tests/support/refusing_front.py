"""Stands before a server that knows no scripts: TCP that refuses the ClientHellos of a rule by its alert, and passes the others."""
import socket
import threading

from connect_proxy import pump
from origin.client_hello import NotTls
from origin.rules import rule
from origin.tls_socket import read_hello


class RefusingFront:
    """RefusingFront(port, "alpn=h2") answers alert 40 to whoever offers h2. `hellos`: what was seen."""

    def __init__(self, port, when, do="alert:40"):
        self._behind, self._rule, self.hellos = port, rule(do, when), []
        self._alert = bytes([21, 3, 3, 0, 2, 2, int(self._rule.parameters[0])])
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._run, args=(sock,), daemon=True).start()

    def _run(self, sock):
        with sock:
            try:
                hello, wire = read_hello(sock)
            except (NotTls, OSError):
                return
            if hello is None:
                return
            self.hellos.append(hello)
            if self._rule.matches(hello, len(self.hellos)):
                return self._refuse(sock)
            with socket.create_connection(("127.0.0.1", self._behind)) as behind:
                behind.sendall(wire)
                there = threading.Thread(target=pump, args=(sock, behind), daemon=True)
                there.start()
                pump(behind, sock)
                there.join()

    def _refuse(self, sock):
        """And closes so that the alert is read before, not lost to an RST."""
        sock.sendall(self._alert)
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(10)
        try:
            while sock.recv(65536):
                pass
        except OSError:
            pass
