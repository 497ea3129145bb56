"""Drivers: people who charge and sign in with a code that is mailed to them.

A driver is known by an e-mail address, across the companies of the installation. At each of them the driver
is the customer with this address, if there is one. Nothing that says who a driver is goes into the history.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple, Protocol

import msgspec

# Codes have eight digits, so that nobody guesses one in the minutes in which it works.
CODE_DIGITS = 8
CODE_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(days=180)
# A driver who was not seen for so long signs in again.
SESSION_IDLE = timedelta(days=60)
LONGEST_NAME = 200


class Driver(msgspec.Struct, frozen=True):
    """Somebody who gets the mails to an address. ``name`` may be empty, ``language`` is ISO 639-1."""

    id: str
    email: str
    name: str
    language: str


class DriverCustomer(NamedTuple):
    """The customer of a company that a driver is."""

    company: int
    customer: str


class PlaceFilter(NamedTuple):
    """Which locations a driver looks for.

    ``near`` is a place in decimal degrees (WGS 84), from which they are sorted by distance; without it they
    are sorted by name. ``companies`` are those where the driver is a customer: of these also locations are
    looked through that are not public. ``plug_type`` is a type of plug; ``free``: with a free plug.
    """

    search: str = ""
    near: tuple[float, float] | None = None
    companies: tuple[int, ...] = ()
    plug_type: str = ""
    free: bool = False


class HomeOfCode(NamedTuple):
    """The home charger for which a code was issued."""

    company: int
    home: str


class DriverAccounts(Protocol):
    """Drivers, their codes and what they are signed in with."""

    async def mail_code(self, email: str, language: str) -> None:
        """Mail a code with which the address can sign in for ``CODE_LASTS``; earlier codes stay valid."""
        ...

    async def sign_in(self, email: str, code: str, language: str) -> str | None:
        """Take a code, once, and return the secret of the driver who is signed in; ``None`` for a wrong one.

        A driver who was not there before is made.
        """
        ...

    async def by_secret(self, secret: str) -> Driver | None:
        """The driver who is signed in with this secret, or ``None``."""
        ...

    async def sign_out(self, secret: str) -> None:
        """Make a secret worthless."""
        ...

    async def change(self, driver: Driver) -> None:
        """Keep another name or language."""
        ...

    async def erase(self, driver: Driver) -> None:
        """Delete a driver with all codes and secrets."""
        ...

    async def customers(self, driver: Driver) -> Sequence[DriverCustomer]:
        """The customers who have the driver's address, by company."""
        ...


def app_token(company: int, customer: str) -> str:
    """The uid of the token with which a customer charges without a card (at most 20 characters)."""
    digest = sha256(f"{company}/{customer}".encode()).hexdigest()
    return f"APP-{digest[:16].upper()}"
