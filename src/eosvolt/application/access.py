"""Accounts, unknown chargers and stored answers: values that are kept outside the history."""

from datetime import datetime
from typing import NamedTuple

import msgspec

from eosvolt.application.permissions import NOTHING, Grants

# The minimum length of users' passwords, in characters.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256

INVITED_ALREADY = "Somebody with this e-mail address has been invited already."
CANNOT_INVITE = "Whoever invited may not invite anybody any more."


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account of a user. Personal data is stored here, outside the history.

    ``grants`` are a copy of what the events of the admin say, stored in the same transaction with them.
    """

    account: str
    company: int
    email: str
    name: str
    owner: bool
    grants: Grants = NOTHING


class AdminPerson(msgspec.Struct, frozen=True, kw_only=True):
    """Who an admin is: the personal data of an account, or of an open invitation (``invited``).

    ``before``: the account was made before admins had permissions, and its events may say nothing of it.
    """

    account: str
    company: int
    first_name: str
    last_name: str
    email: str
    invited: bool = False
    owner: bool = False
    before: bool = False
    active: bool = True
    last_seen_at: datetime | None = None

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.first_name} {self.last_name}".strip()


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
