"""TLS for chargers: presented and trusted certificates, and their renewal while the system runs."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from eosvolt.adapters.certificates.authority import CertificateAuthority
from eosvolt.adapters.certificates.contexts import Pair, server_context, show
from eosvolt.adapters.certificates.keeping import Unusable, authority, given_authority, server_files
from eosvolt.config import ConfigError, Settings

log = structlog.get_logger("eosvolt")

LOOK_EVERY_SECONDS = 60.0
KINDS = ("ecdsa", "rsa")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


@dataclass(frozen=True, slots=True)
class Tls:
    """The TLS contexts of the configured listeners."""

    settings: Settings
    authority: CertificateAuthority | None
    password: ssl.SSLContext | None
    certificate: ssl.SSLContext | None


def tls(settings: Settings) -> Tls:
    """The TLS contexts of the settings. Raises ``ConfigError`` for unusable files."""
    try:
        signer = signing_authority(settings)
        shown = pairs(settings) if settings.tls_port or settings.mtls_port else ()
        static_rsa = settings.tls_static_rsa
        password = server_context(shown, static_rsa=static_rsa) if settings.tls_port else None
        certificate = None
        if settings.mtls_port and signer is not None:
            trusted = [signer.pem]
            if settings.mtls_ca:
                trusted.append(Path(settings.mtls_ca).read_text(encoding="ascii"))
            certificate = server_context(shown, static_rsa=static_rsa, trusted=trusted)
    except (Unusable, OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"TLS cannot be set up: {error}") from None
    return Tls(settings, signer, password, certificate)


def signing_authority(settings: Settings) -> CertificateAuthority | None:
    """The authority that signs chargers' certificates; ``None`` if no listener requests them."""
    lasts = timedelta(days=settings.charger_certificate_days)
    if settings.authority_certificate:
        key = settings.authority_key or settings.authority_certificate
        return given_authority(Path(settings.authority_certificate), Path(key), lasts)
    return authority(folder(settings), "ecdsa", lasts) if settings.mtls_port else None


def pairs(settings: Settings) -> Sequence[Pair]:
    """The server's certificates: the configured ones, else one per key type from our own authority."""
    given = [
        Pair(Path(certificate), Path(key or certificate))
        for certificate, key in (
            (settings.tls_certificate, settings.tls_key),
            (settings.tls_rsa_certificate, settings.tls_rsa_key),
        )
        if certificate
    ]
    if given:
        return given
    lasts = timedelta(days=settings.charger_certificate_days)
    place = folder(settings)
    files = [server_files(place, kind, authority(place, kind, lasts), hosts(settings)) for kind in KINDS]
    return [Pair(file, file) for file in files]


def folder(settings: Settings) -> Path:
    """The folder of our own keys."""
    return settings.data_dir / "certificates"


def hosts(settings: Settings) -> list[str]:
    """The host names and addresses of this server for chargers; the public one first."""
    public = urlsplit(settings.base_url).hostname or "localhost"
    named = [public, settings.host, "localhost", "127.0.0.1", "::1"]
    return list(dict.fromkeys(host for host in named if host not in EVERYWHERE))


class Renewal:
    """Presents renewed certificates to new connections; unusable files are ignored."""

    def __init__(self, contexts: Tls) -> None:
        """Renew the certificates of ``contexts`` when their files change."""
        self._contexts = contexts
        self._seen: list[tuple[Path, int]] = []

    async def look(self) -> None:
        """Load the files if they have changed. Raises ``Unusable`` or ``OSError`` for unusable files."""
        settings = self._contexts.settings
        now = _stamps(settings)
        self._seen = self._seen or now
        if now == self._seen:
            return
        for context in (self._contexts.password, self._contexts.certificate):
            if context is not None:
                show(context, pairs(settings))
        self._seen = now
        log.info("certificates were renewed", files=[str(file) for file, _ in now])


def _stamps(settings: Settings) -> list[tuple[Path, int]]:
    files = sorted({file for pair in pairs(settings) for file in pair})
    return [(file, file.stat().st_mtime_ns) for file in files]
