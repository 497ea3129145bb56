"""TLS as OCPP's security profiles want it: 1.2 or newer, a certificate of each kind, no compression."""

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from eosvolt.adapters.certificates.keeping import Unusable

# What the security whitepaper names; TLS 1.3 brings its own.
CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384",
)
# Without forward secrecy: for chargers that know nothing else.
STATIC_RSA = ("AES128-GCM-SHA256", "AES256-GCM-SHA384")


class Pair(NamedTuple):
    """The files of a certificate, with those that vouch for it, and of its key."""

    certificate: Path
    key: Path


def server_context(
    pairs: Sequence[Pair], *, static_rsa: bool = False, trusted: Sequence[str] = ()
) -> ssl.SSLContext:
    """A context that shows the certificate which the client can read.

    With ``trusted`` authorities (PEM) a client has to show one of theirs. Raises ``Unusable``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_ciphers(":".join(CIPHERS + STATIC_RSA if static_rsa else CIPHERS))
    show(context, pairs)
    if trusted:
        context.verify_mode = ssl.CERT_REQUIRED
        try:
            context.load_verify_locations(cadata="\n".join(trusted))
        except ssl.SSLError as error:
            raise Unusable(f"The authorities for chargers cannot be read: {error}") from None
    return context


def show(context: ssl.SSLContext, pairs: Sequence[Pair]) -> None:
    """Show these certificates from the next connection on, one for each kind of key. Raises ``Unusable``."""
    for pair in pairs:
        try:
            context.load_cert_chain(pair.certificate, pair.key)
        except (OSError, ssl.SSLError) as error:
            raise Unusable(
                f"{pair.certificate} and {pair.key} are no certificate with its key: {error}"
            ) from None
