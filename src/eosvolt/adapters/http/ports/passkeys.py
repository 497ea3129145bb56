"""The port to passkeys."""

from collections.abc import Sequence
from typing import Protocol

from eosvolt.application.passkeys import NewPasskey, Passkey


class Passkeys(Protocol):
    """Passkeys of accounts, and the challenges that browsers have to answer once."""

    async def challenge(self, challenge: bytes, account: str | None, browser: str) -> None:
        """Store a challenge for an account, or for whoever signs in, and the browser with this secret."""
        ...

    async def answer(self, challenge: bytes, account: str | None, browser: str) -> bool:
        """Whether the challenge was made for this and is answered for the first time, in time."""
        ...

    async def of(self, account: str) -> Sequence[Passkey]:
        """The account's passkeys, the oldest first."""
        ...

    async def by_credential(self, credential: bytes) -> Passkey | None:
        """The passkey with this id of its authenticator; ``None`` as well if its account is deactivated."""
        ...

    async def add(self, account: str, new: NewPasskey) -> tuple[str, ...]:
        """Add a passkey. Returns new recovery codes if there were none. Raises ``Rejected``."""
        ...

    async def remove(self, account: str, passkey: str) -> bool:
        """Remove one of the account's passkeys by its id; ``False`` if it has no such passkey."""
        ...

    async def used(self, passkey: Passkey, sign_count: int) -> bool:
        """Record a use; ``False`` if another one came first."""
        ...
