"""The certificate store of a simulated charger: root certificates and its own certificate."""

from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

ACCEPTED, REJECTED, FAILED, NOT_FOUND = "Accepted", "Rejected", "Failed", "NotFound"
MOST_ROOTS = 10
_HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {
    "SHA256": hashes.SHA256,
    "SHA384": hashes.SHA384,
    "SHA512": hashes.SHA512,
}


class CertificateStore:
    """Root certificates by use, the charger's certificate, and the key of a pending signing request."""

    def __init__(self) -> None:
        """Start without certificates."""
        self.own: x509.Certificate | None = None
        self._roots: list[tuple[str, x509.Certificate]] = []
        self._key: ec.EllipticCurvePrivateKey | None = None

    def install(self, use: str, pem: str) -> str:
        """Install a root certificate (PEM). Returns the status of InstallCertificate.conf."""
        try:
            root = x509.load_pem_x509_certificate(pem.encode())
        except ValueError:
            return REJECTED
        if (use, root) in self._roots:
            return ACCEPTED
        if len(self._roots) >= MOST_ROOTS:
            return FAILED
        self._roots.append((use, root))
        return ACCEPTED

    def installed(self, use: str) -> list[dict[str, str]]:
        """The CertificateHashData of all roots of one use."""
        return [_named(root, "SHA256") for kind, root in self._roots if kind == use]

    def delete(self, named: Mapping[str, Any]) -> str:
        """Remove a root. Returns the status of DeleteCertificate.conf."""
        wanted = {name: str(value).casefold() for name, value in named.items()}
        kept = [
            (use, root)
            for use, root in self._roots
            if {k: v.casefold() for k, v in _named(root, str(named["hash_algorithm"])).items()} != wanted
        ]
        found = len(kept) < len(self._roots)
        self._roots = kept
        return ACCEPTED if found else NOT_FOUND

    def request(self, common_name: str, organization: str) -> str:
        """Make a new key and return its certificate signing request (PEM)."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
                x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            ]
        )
        request = x509.CertificateSigningRequestBuilder().subject_name(subject)
        return request.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def take(self, chain: str) -> str:
        """Take the signed certificate (PEM chain). Returns the status of CertificateSigned.conf."""
        try:
            own = x509.load_pem_x509_certificates(chain.encode())[0]
        except ValueError:
            return REJECTED
        if self._key is None or own.public_key() != self._key.public_key():
            return REJECTED
        self.own, self._key = own, None
        return ACCEPTED


def _named(root: x509.Certificate, algorithm: str) -> dict[str, str]:
    """The CertificateHashData of a root (OCPP 1.6 security whitepaper §6.1), which is its own issuer."""
    asked = ocsp.OCSPRequestBuilder().add_certificate(root, root, _HASHES[algorithm]()).build()
    return {
        "hash_algorithm": algorithm,
        "issuer_name_hash": asked.issuer_name_hash.hex(),
        "issuer_key_hash": asked.issuer_key_hash.hex(),
        "serial_number": f"{root.serial_number:x}",
    }
