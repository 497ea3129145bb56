"""A certificate authority of one's own.

It signs chargers' certificates and, where none is given, the server's.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from eosvolt.application.ports import Signed, SigningRequest
from eosvolt.domain.kernel import Rejected

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

AUTHORITY_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=397)
# Chargers' clocks are wrong; a certificate from the future is refused.
CLOCKS_DIFFER = timedelta(hours=1)
SMALLEST_CURVE, SMALLEST_MODULUS, LARGEST_MODULUS = 256, 2048, 8192
WEAK_HASHES = (hashes.MD5, hashes.SHA1)
LONGEST_NAME = 64
LONGEST_REQUEST = 5500


class CertificateAuthority:
    """Signs with one key. Its common name is unlike any other's."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate, lasts: timedelta) -> None:
        """What it signs for chargers lasts for ``lasts``, but not longer than it does itself."""
        self._key = key
        self.certificate = certificate
        self._lasts = lasts

    @property
    def name(self) -> str:
        """Its common name."""
        return _common_name(self.certificate.subject)

    @property
    def pem(self) -> str:
        """Its certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def examined(self, request: str) -> SigningRequest:
        """What a signing request (PEM) is about. Raises ``Rejected`` for one that nobody should sign."""
        asked = _read(request)
        name = _common_name(asked.subject)
        if not 0 < len(name) <= LONGEST_NAME:
            raise Rejected("The request names nobody, several, or somebody with too long a name.")
        digest = hashes.Hash(hashes.SHA256())
        digest.update(asked.public_bytes(Encoding.DER))
        return SigningRequest(digest.finalize().hex(), asked.subject.rfc4514_string(), name)

    def signed(self, request: str, *, common_name: str, organization: str, at: datetime) -> Signed:
        """A client certificate for the key of an examined request, valid from ``at``."""
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:LONGEST_NAME]),
                x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            ]
        )
        certificate = self._sign(
            subject, _strong(_read(request)), at, at + self._lasts, ExtendedKeyUsageOID.CLIENT_AUTH
        )
        return Signed(
            serial=f"{certificate.serial_number:x}",
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            not_after=certificate.not_valid_after_utc,
            chain=certificate.public_bytes(Encoding.PEM).decode() + self.pem,
        )

    def server_certificate(self, key: PublicKey, hosts: Sequence[str], at: datetime) -> x509.Certificate:
        """A certificate with which a server shows that it is ``hosts``: names and addresses."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:LONGEST_NAME])])
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        return self._sign(subject, key, at, at + SERVER_LASTS, ExtendedKeyUsageOID.SERVER_AUTH, names)

    def _sign(
        self,
        subject: x509.Name,
        key: PublicKey,
        since: datetime,
        until: datetime,
        use: x509.ObjectIdentifier,
        names: x509.SubjectAlternativeName | None = None,
    ) -> x509.Certificate:
        issuer = self.certificate
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(max(since - CLOCKS_DIFFER, issuer.not_valid_before_utc))
            .not_valid_after(min(until, issuer.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False, encrypts=isinstance(key, rsa.RSAPublicKey)), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        if names is not None:
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())


def new_key(kind: str) -> PrivateKey:
    """A private key: ``ecdsa`` on P-256, or ``rsa`` with 2048 bits."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def new_authority(key: PrivateKey, at: datetime) -> x509.Certificate:
    """The certificate of a new authority, signed by itself. Nobody else has its name."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"eosvolt authority {secrets.token_hex(6)}")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - CLOCKS_DIFFER)
        .not_valid_after(at + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True, encrypts=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _read(request: str) -> x509.CertificateSigningRequest:
    if len(request) > LONGEST_REQUEST:
        raise Rejected("The request for a certificate is too long.")
    try:
        asked = x509.load_pem_x509_csr(request.strip().encode())
        genuine = asked.is_signature_valid
        weak = isinstance(asked.signature_hash_algorithm, WEAK_HASHES)
    except (ValueError, UnsupportedAlgorithm, TypeError):
        raise Rejected("This is no request for a certificate (PKCS#10, PEM).") from None
    if not genuine:
        raise Rejected("The request for a certificate is not signed with the key that it is for.")
    if weak:
        raise Rejected("The request for a certificate is signed with a hash that is not safe any more.")
    _strong(asked)
    return asked


def _strong(asked: x509.CertificateSigningRequest) -> PublicKey:
    """The key that the request is for. Raises ``Rejected`` for a weak one."""
    try:
        key = asked.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise Rejected("The key of the request for a certificate cannot be read.") from None
    match key:
        case ec.EllipticCurvePublicKey() if key.curve.key_size >= SMALLEST_CURVE:
            return key
        case rsa.RSAPublicKey() if SMALLEST_MODULUS <= key.key_size <= LARGEST_MODULUS:
            return key
        case _:
            raise Rejected("The key is too weak: 256 bits on a curve or 2048 bits of RSA are the least.")


def _common_name(name: x509.Name) -> str:
    """The one common name; empty where there is none or several."""
    found = [str(each.value) for each in name.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return found[0] if len(found) == 1 else ""


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, signs: bool, encrypts: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs,
        crl_sign=signs,
        key_encipherment=encrypts,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def now() -> datetime:
    """The present instant to the second: certificates know no fractions."""
    return datetime.now(UTC).replace(microsecond=0)
