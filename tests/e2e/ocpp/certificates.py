"""Keys, requests and certificates as a charger and another authority than ours would make them."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Keyring:
    """A charger's private key, and what it does with it."""

    def __init__(self, folder: Path) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self._folder = folder

    def request(self, common_name: str) -> str:
        """A signing request."""
        builder = x509.CertificateSigningRequestBuilder().subject_name(named(common_name))
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def shown(self, chain: str, trusted: Path) -> ssl.SSLContext:
        """A client context that shows this chain for the key, and trusts an authority."""
        file = self._folder / f"client-{self.key.public_key().public_numbers().x:x}.pem"
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        file.write_text(private + chain)
        context = ssl.create_default_context(cafile=str(trusted))
        context.load_cert_chain(file)
        return context


class OtherAuthority:
    """Somebody else who signs chargers' certificates, for instance their manufacturer."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(name))
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def signed(
        self, key: ec.EllipticCurvePrivateKey, common_name: str, organization: str, lasts: timedelta = DAY
    ) -> str:
        """A certificate for the key; with ``lasts`` below zero it is over already."""
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(named(common_name, organization))
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + lasts)
            .sign(self._key, hashes.SHA256())
            .public_bytes(Encoding.PEM)
            .decode()
        )


def named(common_name: str, organization: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organization:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(parts)
