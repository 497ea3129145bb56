"""The port to accounts, web sessions, uses of API keys and stored answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from eosvolt.adapters.http.framework.web_sessions import WebSessions
from eosvolt.application.access import Account, RememberedAnswer
from eosvolt.application.permissions import Grants


class Accounts(WebSessions, Protocol):
    """Accounts, web sessions, uses of API keys and stored answers."""

    async def by_password(self, email: str, password: str) -> Account | None:
        """The account with this e-mail and password, or ``None``; both take the same time."""
        ...

    async def by_session(self, secret: str, *, used: bool = True) -> Account | None:
        """The account that is signed in with this secret, or ``None``. ``used``: by the person just now."""
        ...

    async def names(self, company: int) -> Mapping[str, str]:
        """The names of a company's users by the ids of their accounts."""
        ...

    async def grants(self, account: str, company: int) -> Grants:
        """What an account may do now; nothing for one that is deactivated or not there."""
        ...

    async def seen(self, account: str, at: datetime) -> None:
        """Record that the user was active at ``at``; to the minute."""
        ...

    async def key_used(self, key_id: str, company: int, at: datetime) -> None:
        """Record that an API key was used at ``at``; only the last use is stored, outside the history."""
        ...

    async def key_uses(self, company: int) -> Mapping[str, datetime]:
        """The time of the last use of each of the company's API keys, by id, to the minute."""
        ...

    async def repeated(self, company: int, key: str, digest: str) -> RememberedAnswer | None:
        """The stored answer to a request with this ``Idempotency-Key`` within the last 24 hours.

        ``None``: the caller is the first and must answer. Until it has, others get a ``status`` of 0.
        """
        ...

    async def remember(self, company: int, key: str, digest: str, answer: RememberedAnswer) -> None:
        """Store the answer for repetitions of the request."""
        ...

    async def forget(self, company: int, key: str) -> None:
        """Free the key of a request that the caller did not answer."""
        ...
