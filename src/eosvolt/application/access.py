"""Accounts, unknown chargers and stored answers: values that are kept outside the history."""

from datetime import datetime
from typing import NamedTuple

import msgspec

# The minimum length of users' passwords, in characters.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account of a user. Personal data is stored here, outside the history."""

    account: str
    company: int
    email: str
    name: str
    owner: bool


class UnknownCharger(msgspec.Struct, frozen=True, kw_only=True):
    """An unknown charger that tried to connect.

    ``offered``: the subprotocols of its last attempt. ``secure``: it connected over TLS.
    """

    charge_box_id: str
    first_seen: datetime
    last_seen: datetime
    attempts: int
    address: str
    offered: str
    secure: bool


class RememberedAnswer(NamedTuple):
    """The stored answer to a request. ``digest`` is the SHA-256 of that request."""

    digest: str
    status: int
    headers: dict[str, str]
    body: bytes
