"""Until when certificates in files are valid, and what is said of a file that holds none."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from eosvolt.adapters.certificates.authority import new_authority, new_key
from eosvolt.adapters.certificates.validity import validities
from eosvolt.application.installation import CertificateValidity
from eosvolt.composition.installation import certificates
from eosvolt.config import Settings

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("kind", "algorithm"), [("ecdsa", "ECDSA"), ("rsa", "RSA")])
def test_a_certificate_s_end_and_kind_of_key_are_read(tmp_path: Path, kind: str, algorithm: str) -> None:
    certificate = new_authority(new_key(kind), NOW)
    file = tmp_path / "authority.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    (found,) = validities("authority", [file])
    assert found == CertificateValidity("authority", algorithm, certificate.not_valid_after_utc)
    assert found.valid_until is not None
    assert found.valid_until > NOW + timedelta(days=365)


def test_a_file_without_a_certificate_is_reported_as_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "server.pem"
    file.write_text("nothing of use")
    assert validities("server", [file, tmp_path / "not there.pem"]) == [
        CertificateValidity("server", "", None),
        CertificateValidity("server", "", None),
    ]


def test_where_a_proxy_ends_tls_there_are_no_certificates_and_none_are_made(
    tmp_path: Path,
) -> None:
    assert certificates(Settings(data_dir=tmp_path)) == []
    assert list(tmp_path.iterdir()) == []


def test_a_given_certificate_is_shown_instead_of_our_own(tmp_path: Path) -> None:
    certificate = new_authority(new_key("ecdsa"), NOW)
    given = tmp_path / "given.pem"
    given.write_bytes(certificate.public_bytes(Encoding.PEM))
    settings = Settings(data_dir=tmp_path, tls_port=8443, tls_certificate=str(given))
    assert certificates(settings) == [CertificateValidity("server", "ECDSA", certificate.not_valid_after_utc)]
