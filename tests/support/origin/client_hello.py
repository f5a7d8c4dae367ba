"""ClientHello from bytes, written apart from the product's parser so that one can prove the other (RFC 8446 section 4.1.2)."""
import dataclasses
import hashlib

HANDSHAKE = 22
GREASE = {0x0A0A + 0x1010 * n for n in range(16)}
FALLBACK_SCSV = 0x5600
VERSIONS = {0x0301: "1.0", 0x0302: "1.1", 0x0303: "1.2", 0x0304: "1.3"}

SERVER_NAME, SUPPORTED_GROUPS, EC_POINT_FORMATS, SIGNATURE_ALGORITHMS = 0, 10, 11, 13
ALPN, SESSION_TICKET, PRE_SHARED_KEY, SUPPORTED_VERSIONS, RENEGOTIATION_INFO = 16, 35, 41, 43, 0xFF01


class NotTls(Exception):
    """The bytes are no TLS record."""


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise NotTls("a length points past the end")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def block(self, size_of_length):
        return Reader(self.take(self.number(size_of_length)))

    def numbers(self, size):
        return [self.number(size) for _ in iter(lambda: self.at < len(self.data), False)]

    def more(self):
        return self.at < len(self.data)


def complete_message(wire):
    """(ClientHello body, bytes on the wire, records) once all of it is in `wire`; None before."""
    reader, message, records = Reader(wire), b"", 0
    while len(message) < 4 or len(message) < 4 + int.from_bytes(message[1:4], "big"):
        if len(wire) - reader.at >= 1 and wire[reader.at] != HANDSHAKE:
            raise NotTls("no handshake record")
        if len(wire) - reader.at < 5:
            return None
        length = int.from_bytes(wire[reader.at + 3:reader.at + 5], "big")
        if len(wire) - reader.at < 5 + length:
            return None
        reader.take(5)
        message += reader.take(length)
        records += 1
    return message[4:], reader.at, records


@dataclasses.dataclass
class ClientHello:
    version: int
    suites: list
    extensions: list
    alpn: list
    server_name: str
    groups: list
    point_formats: list
    signature_algorithms: list
    versions: list
    offers_session: bool
    bytes: int
    records: int

    @property
    def scsv(self):
        return FALLBACK_SCSV in self.suites

    @property
    def max_version(self):
        return VERSIONS[max(number for number in self.versions if number in VERSIONS)]

    @property
    def ja3(self):
        """https://github.com/salesforce/ja3: the text, hashed."""
        parts = ([self.version], self.suites, self.extensions, self.groups, self.point_formats)
        text = ",".join("-".join(str(number) for number in part if number not in GREASE) for part in parts)
        return hashlib.md5(text.encode()).hexdigest()

    def as_json(self):
        return {"bytes": self.bytes, "records": self.records, "alpn": self.alpn, "server_name": self.server_name,
                "versions": [VERSIONS.get(number, hex(number)) for number in self.versions], "suites": self.suites,
                "groups": self.groups, "signature_algorithms": self.signature_algorithms, "extensions": self.extensions,
                "scsv": self.scsv, "offers_session": self.offers_session, "ja3": self.ja3}


def parse(body, size, records=1):
    reader = Reader(body)
    version = reader.number(2)
    reader.take(32)
    session_id = reader.block(1).data
    suites = reader.block(2).numbers(2)
    reader.block(1)
    found = {}
    if reader.more():
        extensions = reader.block(2)
        while extensions.more():
            kind = extensions.number(2)
            found[kind] = extensions.block(2)

    def numbers(kind, size, length=2):
        return found[kind].block(length).numbers(size) if kind in found else []

    alpn = []
    if ALPN in found:
        names = found[ALPN].block(2)
        while names.more():
            alpn.append(names.block(1).data.decode("latin-1"))
    name = None
    if SERVER_NAME in found:
        names = found[SERVER_NAME].block(2)
        names.number(1)
        name = names.block(2).data.decode("latin-1")
    ticket = SESSION_TICKET in found and bool(found[SESSION_TICKET].data)
    below_13 = SUPPORTED_VERSIONS not in found
    return ClientHello(
        version=version, suites=suites, extensions=list(found), alpn=alpn, server_name=name,
        groups=numbers(SUPPORTED_GROUPS, 2), point_formats=numbers(EC_POINT_FORMATS, 1, 1),
        signature_algorithms=numbers(SIGNATURE_ALGORITHMS, 2),
        versions=numbers(SUPPORTED_VERSIONS, 2, 1) or [version],
        offers_session=PRE_SHARED_KEY in found or ticket or (below_13 and bool(session_id)), bytes=size, records=records)
