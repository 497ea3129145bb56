"""Reads a handshake request: charge box id, credentials, subprotocol (OCPP-J 1.6 §3.1, §6.2.2)."""

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from eosvolt.application.registration import company_number

PREFIX = b"ocpp"
LONGEST_IDENTITY = 255


class Address(NamedTuple):
    """The charger that a URL names; ``company`` is ``None`` where the URL leaves it out."""

    company: int | None
    charge_box_id: str


class Login(NamedTuple):
    """HTTP Basic credentials as bytes: passwords of OCPP 1.6 are random bytes (OCPP-J 1.6 §6.2.2)."""

    user: bytes
    password: bytes


def addresses(raw_path: bytes) -> list[Address]:
    """The chargers that ``/ocpp/242/CP-1`` or ``/ocpp/CP-1`` may name, the most likely first.

    Empty for other paths. ``raw_path`` is the percent-encoded path without the query (OCPP-J 1.6 §3.1.1).
    Chargers append their id to the configured URL in different ways: empty segments are ignored, and where a
    firmware inserts a segment of its own the id is the last segment.
    """
    root, *segments = [segment for segment in raw_path.split(b"/") if segment] or [b""]
    if root != PREFIX:
        return []
    company = None
    if len(segments) > 1 and (number := company_number(segments[0].decode("latin-1"))):
        company = number
        segments = segments[1:]
    names = dict.fromkeys((b"/".join(segments), segments[-1])) if segments else {}
    return [Address(company, name) for each in names if (name := _identity(each))]


def _identity(encoded: bytes) -> str:
    """The decoded charge box id; empty where it is not usable."""
    try:
        identity = unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return ""
    usable = identity.strip() and len(identity) <= LONGEST_IDENTITY and identity.isprintable()
    return identity if usable else ""


def login(authorization: bytes | None) -> Login | None:
    """The credentials of an ``Authorization`` header; ``None`` where it holds none as HTTP Basic."""
    if authorization is None:
        return None
    scheme, _, encoded = authorization.strip().partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        return None
    user, colon, password = decoded.partition(b":")
    return Login(user, password) if colon else None


def subprotocol(offered: Sequence[str], spoken: Sequence[str]) -> str | None:
    """The first offered subprotocol that we support, as the client spelled it (RFC 6455 §4.2.2)."""
    ours = {name.casefold() for name in spoken}
    return next((offer for offer in offered if offer.strip().casefold() in ours), None)
