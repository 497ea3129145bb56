"""What the authority signs and refuses to sign, what its files look like, and renewal without a restart."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from eosvolt.adapters.certificates.authority import CertificateAuthority
from eosvolt.adapters.certificates.contexts import Pair, server_context, show
from eosvolt.adapters.certificates.keeping import (
    Unusable,
    authority,
    given_authority,
    read_certificate,
    server_files,
)
from eosvolt.domain.kernel import Rejected

NOW = datetime.now(UTC).replace(microsecond=0)
QUARTER = timedelta(days=90)
ANY_KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def ours(tmp_path: Path) -> CertificateAuthority:
    return authority(tmp_path, "ecdsa", QUARTER)


def request(key: object, *names: str) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in names])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    signed = builder.sign(key, algorithm)  # type: ignore[arg-type]  # also with keys that are refused
    return signed.public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize("key", [ANY_KEY, rsa.generate_private_key(65537, 2048)], ids=["ecdsa", "rsa"])
def test_a_charger_s_certificate_says_who_it_is_and_is_for_that_alone(
    ours: CertificateAuthority, key: object
) -> None:
    text = request(key, "CP-1")
    asked = ours.examined(text)
    assert (asked.common_name, len(asked.digest)) == ("CP-1", 64)
    signed = ours.signed(text, common_name="CP-1", organization="Volt Harbour", at=NOW)
    own, issuer = x509.load_pem_x509_certificates(signed.chain.encode())
    own.verify_directly_issued_by(issuer)
    assert own.subject.rfc4514_string() == "CN=CP-1,O=Volt Harbour"
    assert own.not_valid_after_utc == signed.not_after == NOW + QUARTER
    assert own.fingerprint(hashes.SHA256()).hex() == signed.fingerprint
    uses = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize(
    "text",
    [
        "",
        "certificate please",
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
        request(ANY_KEY, "CP-1")[:-120] + "\n-----END CERTIFICATE REQUEST-----",
        request(rsa.generate_private_key(65537, 1024), "CP-1"),  # noqa: S505 - too weak on purpose
        request(ec.generate_private_key(ec.SECP192R1()), "CP-1"),
        request(ed25519.Ed25519PrivateKey.generate(), "CP-1"),
        request(ANY_KEY),
        request(ANY_KEY, "CP-1", "CP-2"),
        request(ANY_KEY, "CP-1") + "x" * 6000,
    ],
    ids=["empty", "words", "no request", "cut", "rsa 1024", "curve 192", "other", "nobody", "two", "long"],
)
def test_nothing_doubtful_is_signed(ours: CertificateAuthority, text: str) -> None:
    with pytest.raises(Rejected):
        ours.examined(text)


def test_a_request_whose_signature_does_not_fit_is_refused(ours: CertificateAuthority) -> None:
    der = bytearray(x509.load_pem_x509_csr(request(ANY_KEY, "CP-1").encode()).public_bytes(Encoding.DER))
    place = der.index(b"CP-1")
    der[place : place + 4] = b"CP-2"
    forged = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM).decode()
    with pytest.raises(Rejected, match="not signed with the key"):
        ours.examined(forged)


def test_the_authority_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first, again = (authority(tmp_path / "keys", "ecdsa", QUARTER) for _ in range(2))
    assert first.pem == again.pem
    assert first.name.startswith("eosvolt authority ")
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_authorities_never_have_one_name(tmp_path: Path) -> None:
    names = {authority(tmp_path / folder, "ecdsa", QUARTER).name for folder in ("a", "b")}
    assert len(names) == 2


def test_a_server_s_certificate_is_made_again_only_when_it_has_to_be(
    tmp_path: Path, ours: CertificateAuthority
) -> None:
    file = server_files(tmp_path, "ecdsa", ours, ["cpo.example", "127.0.0.1"])
    first = read_certificate(file)
    server_files(tmp_path, "ecdsa", ours, ["cpo.example"])
    assert read_certificate(file) == first
    server_files(tmp_path, "ecdsa", ours, ["other.example"])
    assert read_certificate(file) != first


def test_files_that_do_not_fit_together_are_named(tmp_path: Path, ours: CertificateAuthority) -> None:
    authority(tmp_path, "rsa", QUARTER)
    one, other = tmp_path / "authority-ecdsa.pem", tmp_path / "authority-rsa.pem"
    with pytest.raises(Unusable, match=r"authority-rsa\.pem is not the key"):
        given_authority(one, other, QUARTER)
    server = server_files(tmp_path, "ecdsa", ours, ["cpo.example"])
    with pytest.raises(Unusable, match="not the certificate of an authority"):
        given_authority(server, server, QUARTER)
    with pytest.raises(Unusable, match="holds no certificate"):
        given_authority(tmp_path / "missing.pem", one, QUARTER)
    with pytest.raises(Unusable, match="no certificate with its key"):
        server_context([Pair(one, other)])


def shown_by(context: ssl.SSLContext, trusted: str) -> bytes:
    """The certificate that a server with this context shows, as a client that trusts ``trusted`` sees it."""
    here, there = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = ssl.create_default_context(cadata=trusted)
    client = asking.wrap_bio(here, there, server_hostname="cpo.example")
    server = context.wrap_bio(there, here, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    certificate = client.getpeercert(binary_form=True)
    assert certificate is not None
    return certificate


def test_a_renewed_certificate_is_shown_without_a_restart(tmp_path: Path, ours: CertificateAuthority) -> None:
    file = server_files(tmp_path, "ecdsa", ours, ["cpo.example"])
    context = server_context([Pair(file, file)])
    first = shown_by(context, ours.pem)
    assert first == read_certificate(file).public_bytes(Encoding.DER)
    file.unlink()
    server_files(tmp_path, "ecdsa", ours, ["cpo.example"])
    show(context, [Pair(file, file)])
    second = shown_by(context, ours.pem)
    assert second == read_certificate(file).public_bytes(Encoding.DER)
    assert second != first
