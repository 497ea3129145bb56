"""Passkeys (WebAuthn): what is stored of them."""

from datetime import datetime
from typing import NamedTuple

from eosvolt.domain.kernel import Rejected

MOST_PASSKEYS = 20


class Passkey(NamedTuple):
    """A passkey of an account. ``credential`` is its id at the authenticator, ``id`` ours for addresses."""

    id: str
    account: str
    credential: bytes
    name: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    made_at: datetime
    last_used_at: datetime | None


class NewPasskey(NamedTuple):
    """A passkey that was verified and is to be added."""

    credential: bytes
    name: str
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...] = ()


def not_right() -> Rejected:
    """The refusal of an answer: forged, sent before, too late, or of a copied passkey."""
    return Rejected("The answer of the passkey is not right. Please try again.")


def too_many() -> Rejected:
    """The refusal of more passkeys than an account may have."""
    return Rejected(f"An account has at most {MOST_PASSKEYS} passkeys.")


def known_already() -> Rejected:
    """The refusal of a passkey that an account has already."""
    return Rejected("This passkey is registered already.")
