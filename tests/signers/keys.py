"""RSA keys with self-signed certificates. Private keys stay out of the repository: only certificates are published."""

import datetime
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

FOLDER = Path(__file__).parents[2] / "target" / "signers"


@dataclass(frozen=True)
class Key:
    """A private key and its certificate, as PEM files and as the base64 DER that metadata carries."""

    path: Path
    certificate_path: Path

    @property
    def certificate(self) -> str:
        pem = x509.load_pem_x509_certificate(self.certificate_path.read_bytes())
        return b64encode(pem.public_bytes(serialization.Encoding.DER)).decode()


def rsa_key(name: str, bits: int) -> Key:
    """The key called `name`, made on first use and kept under target/ so that a second run changes no fixture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    key = Key(FOLDER / f"{name}.key.pem", FOLDER / f"{name}.crt.pem")
    if not key.path.exists():
        private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        certificate = _self_signed(private, name)
        key.certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        key.path.write_bytes(
            private.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return key


def _self_signed(private: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2026, 1, 1))
        .not_valid_after(datetime.datetime(2036, 1, 1))
        .sign(private, hashes.SHA256())
    )
