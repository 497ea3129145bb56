"""Until when certificates are valid that lie in files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec

from eosvolt.adapters.certificates.keeping import Unusable, read_certificate
from eosvolt.application.installation import CertificateValidity


def validities(of: Literal["server", "authority"], files: Sequence[Path]) -> list[CertificateValidity]:
    """The first certificate of each file, in the order of the files. Reads files: not for the event loop."""
    return [_validity(of, file) for file in files]


def _validity(of: Literal["server", "authority"], file: Path) -> CertificateValidity:
    try:
        certificate = read_certificate(file)
    except Unusable:
        return CertificateValidity(of, "", None)
    elliptic = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    return CertificateValidity(of, "ECDSA" if elliptic else "RSA", certificate.not_valid_after_utc)
