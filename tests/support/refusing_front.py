"""Stands before a server that knows no scripts: TCP that refuses the ClientHellos of a rule by its alert, and passes the others."""
import socket
import threading

from connect_proxy import pump
from origin.client_hello import NotTls
from origin.listening import Listening
from origin.rules import rule
from origin.tls_socket import read_hello


class RefusingFront(Listening):
    """RefusingFront(port, "alpn=h2") answers alert 40 to whoever offers h2. `hellos`: what was seen."""

    def __init__(self, port, when, do="alert:40"):
        self._behind, self._rule, self.hellos = port, rule(do, when), []
        self._alert = bytes([21, 3, 3, 0, 2, 2, int(self._rule.parameters[0])])
        super().__init__(self._run, failures=(NotTls, OSError))

    def _run(self, sock):
        hello, wire = read_hello(sock)
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
        while sock.recv(65536):
            pass
