"""Where keys and certificates are kept: files that only their owner can read, made once for all processes."""

import contextlib
import os
import secrets
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from eosvolt.adapters.certificates.authority import (
    CertificateAuthority,
    PrivateKey,
    new_authority,
    new_key,
    now,
)

OWNER_ONLY = 0o600


class Unusable(Exception):  # noqa: N818 - the operator reads it as a finding about a file
    """A key or certificate cannot be used. The text names the file and says why."""


def authority(folder: Path, kind: str, lasts: timedelta) -> CertificateAuthority:
    """The authority whose key is in ``folder``, made there when there is none yet.

    ``kind`` is ``ecdsa`` or ``rsa``; what it signs for chargers lasts for ``lasts``.
    """
    file = folder / f"authority-{kind}.pem"
    if not file.exists():
        key = new_key(kind)
        _keep(file, _private(key) + _public(new_authority(key, now())))
    return given_authority(file, file, lasts)


def given_authority(certificate: Path, key: Path, lasts: timedelta) -> CertificateAuthority:
    """The authority of two PEM files, which may be one and the same. Raises ``Unusable``."""
    read, private = read_certificate(certificate), read_key(key)
    if read.public_key() != private.public_key():
        raise Unusable(f"{key} is not the key of the certificate in {certificate}.")
    with contextlib.suppress(x509.ExtensionNotFound):
        if read.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return CertificateAuthority(private, read, lasts)
    raise Unusable(f"{certificate} is not the certificate of an authority.")


def server_files(folder: Path, kind: str, issuer: CertificateAuthority, hosts: list[str]) -> Path:
    """One file with key and certificate by which a server shows that it is ``hosts``; renewed in time."""
    file = folder / f"server-{kind}.pem"
    if not _serves(file, issuer, hosts):
        key = new_key(kind)
        certificate = issuer.server_certificate(key.public_key(), hosts, now())
        _replace(file, _private(key) + _public(certificate) + issuer.pem.encode())
    return file


def read_certificate(file: Path) -> x509.Certificate:
    """The first certificate of a PEM file. Raises ``Unusable``."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())[0]
    except (OSError, ValueError) as error:
        raise Unusable(f"{file} holds no certificate in PEM: {error}") from None


def read_key(file: Path) -> PrivateKey:
    """The private key of a PEM file. Raises ``Unusable``."""
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise Unusable(f"{file} holds no private key in PEM without a password: {error}") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise Unusable(f"{file} holds a key that is neither ECDSA nor RSA.")
    return key


def _serves(file: Path, issuer: CertificateAuthority, hosts: list[str]) -> bool:
    """Whether the file's certificate is the issuer's, for these hosts, and does not end within a month."""
    try:
        certificate = read_certificate(file)
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (Unusable, x509.ExtensionNotFound):
        return False
    there = {str(name.value) for name in names}
    lasts = certificate.not_valid_after_utc - now() > timedelta(days=30)
    return lasts and set(hosts) <= there and certificate.issuer == issuer.certificate.subject


def _private(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _draft(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
    return draft


def _keep(file: Path, content: bytes) -> None:
    """Of several processes that start at once, one makes the file and all read that one."""
    draft = _draft(file, content)
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()


def _replace(file: Path, content: bytes) -> None:
    _draft(file, content).replace(file)
