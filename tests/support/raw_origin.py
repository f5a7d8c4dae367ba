"""A TLS origin that reads one request head and answers with given bytes, whatever they are, and a close_notify."""
from origin.listening import Listening
from origin.server import server_context


class RawOrigin(Listening):
    def __init__(self, identity, answer, alpn=("http/1.1",)):
        self._context, self.answer = server_context(identity, alpn), answer
        super().__init__(self._run)

    def _run(self, sock):
        with self._context.wrap_socket(sock, server_side=True) as tls:
            head = b""
            while b"\r\n\r\n" not in head and (data := tls.recv(65536)):
                head += data
            tls.sendall(self.answer)
            tls.unwrap()
