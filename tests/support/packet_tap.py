"""Stands before a server as a capture on the path would: all bytes pass, and what passed is written as packets of 10.0.0.x to
192.0.2.7:443, in pcap or pcapng, so that no capture has to be taken by root."""
import contextlib
import select
import socket
import struct
import threading
import time

from origin.listening import Listening
from origin.tls_socket import reset

SERVER = (bytes([192, 0, 2, 7]), 443)
SYN, FIN, RST, PSH_ACK, ACK = 0x02, 0x11, 0x14, 0x18, 0x10


class PacketTap(Listening):
    """PacketTap(port).pcap() -> bytes; `largest`: of a segment's payload."""

    def __init__(self, port, largest=1000):
        self._behind, self._largest, self._lock = port, largest, threading.Lock()
        self.packets, self._count = [], 0  # (seconds, IP packet)
        super().__init__(self._run)

    def pcap(self):
        head = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
        return head + b"".join(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(packet), len(packet)) + packet
                               for at, packet in self.packets)

    def pcapng(self):
        def block(kind, body):
            body += b"\0" * (-len(body) % 4)
            return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

        blocks = [block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)), block(1, struct.pack("<HHI", 101, 0, 65535))]
        for at, packet in self.packets:
            high, low = divmod(int(at * 1e6), 1 << 32)
            blocks.append(block(6, struct.pack("<IIIII", 0, high, low, len(packet), len(packet)) + packet))
        return b"".join(blocks)

    def _run(self, app):
        with self._lock:
            self._count += 1
            client = (bytes([10, 0, 0, self._count]), 40000 + self._count)
        way = {client: 1000, SERVER: 5000}
        self._packet(client, SERVER, way, SYN)
        try:
            server = socket.create_connection(("127.0.0.1", self._behind))
        except ConnectionRefusedError:
            self._packet(SERVER, client, way, RST)
            return reset(app)
        self._packet(SERVER, client, way, SYN | ACK)
        with server:
            self._pass_on({app: (server, client, SERVER), server: (app, SERVER, client)}, way)

    def _pass_on(self, ways, way):
        """In one thread: a socket that another one waits for is not reset by its close."""
        while ways:
            for source in select.select(list(ways), [], [])[0]:
                sink, sender, receiver = ways[source]
                try:
                    data = source.recv(65536)
                except ConnectionResetError:
                    self._packet(sender, receiver, way, RST)
                    return reset(sink)
                for at in range(0, len(data), self._largest):
                    self._packet(sender, receiver, way, PSH_ACK, data[at:at + self._largest])
                if not data:
                    self._packet(sender, receiver, way, FIN)
                    del ways[source]
                try:
                    with contextlib.suppress(BrokenPipeError):
                        sink.sendall(data) if data else sink.shutdown(socket.SHUT_WR)
                except ConnectionResetError:
                    self._packet(receiver, sender, way, RST)
                    return reset(source)

    def _packet(self, sender, receiver, way, flags, payload=b""):
        tcp = struct.pack(">HHIIBBHHH", sender[1], receiver[1], way[sender], way[receiver], 5 << 4, flags, 65535, 0, 0) + payload
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + sender[0] + receiver[0] + tcp
        way[sender] += len(payload) + (1 if flags & 0x03 else 0)
        with self._lock:
            self.packets.append((time.time(), ip))
