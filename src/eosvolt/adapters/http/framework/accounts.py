"""Who may sign in, which API keys were used, and which answers are remembered."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from eosvolt.application.access import Account, RememberedAnswer


class Accounts(Protocol):
    """Who may sign in, and who is signed in."""

    async def by_password(self, email: str, password: str) -> Account | None:
        """Whose e-mail and password these are. An unknown e-mail takes as long as a wrong password."""
        ...

    async def open_session(self, account: str, *, address: str, agent: str) -> str:
        """A new secret for the cookie; only its SHA-256 is stored."""
        ...

    async def by_session(self, secret: str) -> Account | None:
        """Who is signed in with this secret."""
        ...

    async def names(self, company: int) -> Mapping[str, str]:
        """The names of a company's people by the ids of their accounts."""
        ...

    async def close_session(self, secret: str) -> None:
        """Sign out."""
        ...

    async def key_used(self, key_id: str, company: int, at: datetime) -> None:
        """An API key was used then. Kept outside the history: it is the newest use alone that counts."""
        ...

    async def key_uses(self, company: int) -> Mapping[str, datetime]:
        """When the company's API keys were used last, by their ids, to the minute."""
        ...

    async def repeated(self, company: int, key: str, digest: str) -> RememberedAnswer | None:
        """The first answer to a request with this ``Idempotency-Key``, if there was one in the last 24 hours.

        ``None`` makes the caller the one who answers; until it has, others find a ``status`` of 0.
        """
        ...

    async def remember(self, company: int, key: str, digest: str, answer: RememberedAnswer) -> None:
        """Keep the answer for whoever sends the request again."""
        ...

    async def forget(self, company: int, key: str) -> None:
        """The caller did not answer after all; the key is free again."""
        ...
