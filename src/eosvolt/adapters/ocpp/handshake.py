"""What a charger's HTTP request says before it becomes a WebSocket: who, what password, which protocol."""

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

PREFIX = b"/ocpp/"
LONGEST_IDENTITY = 255
COMPANY_DIGITS = 9


class Address(NamedTuple):
    """The charger that a URL names; ``company`` is ``None`` where the URL leaves it out."""

    company: int | None
    charge_box_id: str


class Login(NamedTuple):
    """HTTP Basic credentials as they came: bytes, because 1.6 passwords are random ones."""

    user: bytes
    password: bytes


def address(raw_path: bytes) -> Address | None:
    """The charger of ``/ocpp/242/CP-1`` or ``/ocpp/CP-1``; ids are percent-encoded.

    ``raw_path`` is the path as it was on the wire, without the query. ``None`` where it names nobody.
    """
    if not raw_path.startswith(PREFIX):
        return None
    segments = raw_path[len(PREFIX) :].strip(b"/").split(b"/")
    company = None
    if len(segments) > 1 and segments[0].isdigit() and len(segments[0]) <= COMPANY_DIGITS:
        company = int(segments[0])
        segments = segments[1:]
    try:
        identity = unquote_to_bytes(b"/".join(segments)).decode()
    except UnicodeDecodeError:
        return None
    if not identity.strip() or len(identity) > LONGEST_IDENTITY or not identity.isprintable():
        return None
    return Address(company, identity)


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
    """The first of the client's offers that we speak, in the spelling that it wants to read back."""
    ours = {name.casefold() for name in spoken}
    return next((offer for offer in offered if offer.strip().casefold() in ours), None)
