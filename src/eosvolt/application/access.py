"""Who may sign in, and answers that were given before: values that are kept outside the history."""

from typing import NamedTuple

import msgspec


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in. Personal data lives here, outside the history."""

    account: str
    company: int
    email: str
    name: str
    owner: bool


class Remembered(NamedTuple):
    """An answer given before. ``digest`` is the SHA-256 of the request that it answered."""

    digest: str
    status: int
    headers: dict[str, str]
    body: bytes
