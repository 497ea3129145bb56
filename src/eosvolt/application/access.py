"""Who may sign in, and answers that were given before: values that are kept outside the history."""

from datetime import datetime
from typing import NamedTuple

import msgspec

# Of people's passwords, in characters.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in. Personal data lives here, outside the history."""

    account: str
    company: int
    email: str
    name: str
    owner: bool


class UnknownCharger(msgspec.Struct, frozen=True, kw_only=True):
    """A charger that tried to connect and is not known.

    ``offered``: the protocols that it offered last. ``secure``: it came over TLS.
    """

    charge_box_id: str
    first_seen: datetime
    last_seen: datetime
    attempts: int
    address: str
    offered: str
    secure: bool


class RememberedAnswer(NamedTuple):
    """An answer given before. ``digest`` is the SHA-256 of the request that it answered."""

    digest: str
    status: int
    headers: dict[str, str]
    body: bytes
