"""A listening socket on loopback, with a thread for each connection: serve(sock), which is closed after it."""
import contextlib
import socket
import threading


class Listening:
    """What fails on a connection ends it, and nothing else."""

    def __init__(self, serve, port=0, failures=(OSError,)):
        self._serve, self._failures = serve, failures
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=256)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        """Nobody comes in any more, and nobody stays."""
        if self._listener.fileno() != -1:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(sock)
            threading.Thread(target=self._one, args=(sock,), daemon=True).start()

    def _one(self, sock):
        with sock, contextlib.suppress(*self._failures):
            self._serve(sock)
        self._open.discard(sock)
