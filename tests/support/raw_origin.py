"""A TLS origin that reads one request head and answers with given bytes, whatever they are, and a close_notify."""
import socket
import ssl
import threading

from origin.server import server_context


class RawOrigin:
    def __init__(self, identity, answer, alpn=("http/1.1",)):
        self._context, self.answer = server_context(identity, alpn), answer
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
        try:
            with self._context.wrap_socket(sock, server_side=True) as tls:
                head = b""
                while b"\r\n\r\n" not in head and (data := tls.recv(65536)):
                    head += data
                tls.sendall(self.answer)
                tls.unwrap()
        except (OSError, ssl.SSLError):
            pass
