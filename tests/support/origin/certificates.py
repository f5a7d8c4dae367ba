"""Authorities and certificates, made at run time."""
import dataclasses
import datetime
import ipaddress
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KEYS = {
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
    "rsa": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "rsa1024": lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),
}
DAY = datetime.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Identity:
    """Two PEM files."""
    cert: pathlib.Path
    key: pathlib.Path


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general_name(text):
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _private_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


class Authority:
    def __init__(self, folder, name="alert40 test authority"):
        self.folder, self.name = pathlib.Path(folder), name
        self._key = KEYS["ec"]()
        now = datetime.datetime.utcnow()
        certificate = (self._start(name, self._key.public_key(), now - DAY, now + 30 * DAY)
                       .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                       .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True)
                       .sign(self._key, hashes.SHA256()))
        self.file = self._write("authority.pem", certificate.public_bytes(serialization.Encoding.PEM))

    def identity(self):
        """The authority itself, for who is to issue certificates by it; the key is for its owner alone."""
        key = self._write("authority.key", _private_pem(self._key))
        key.chmod(0o600)
        return Identity(self.file, key)

    def _start(self, subject, public_key, not_before, not_after):
        return (x509.CertificateBuilder().subject_name(_name(subject)).issuer_name(_name(self.name)).public_key(public_key)
                .serial_number(x509.random_serial_number()).not_valid_before(not_before).not_valid_after(not_after))

    def _write(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def issue(self, *names, key="ec", days=(-1, 30), client=False, sha1=False):
        """A leaf for DNS names and addresses, valid from and to so many days from now."""
        private = KEYS[key]()
        now = datetime.datetime.utcnow()
        usage = ExtendedKeyUsageOID.CLIENT_AUTH if client else ExtendedKeyUsageOID.SERVER_AUTH
        certificate = (self._start(names[0], private.public_key(), now + days[0] * DAY, now + days[1] * DAY)
                       .add_extension(x509.SubjectAlternativeName(list(map(_general_name, names))), critical=False)
                       .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                       .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
                       .sign(self._key, hashes.SHA1() if sha1 else hashes.SHA256()))
        stem = f"{names[0]}-{key}-{certificate.serial_number:x}"
        return Identity(self._write(stem + ".pem", certificate.public_bytes(serialization.Encoding.PEM)),
                        self._write(stem + ".key", _private_pem(private)))
