"""What the framework needs of whoever builds the application: nothing that is about one capability."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, Self

from eosvolt.adapters.http.framework.accounts import Accounts
from eosvolt.application.operations.operation import Operations
from eosvolt.application.ports import Clock


class KnownKey(Protocol):
    """A program's access, which ends at ``revoked_at``."""

    @property
    def key_id(self) -> str:
        """Its name, which is no secret."""
        ...

    @property
    def company(self) -> int:
        """The company that the program acts for."""
        ...

    @property
    def revoked_at(self) -> datetime | None:
        """Since when it is taken away."""
        ...


class ReadModels(Protocol):
    """The read models, as far as they say who asks and how far they have come."""

    def narrowed(self, within: frozenset[str] | None) -> Self:
        """The same questions about these locations alone, as if nothing were elsewhere; ``None`` for all."""
        ...

    async def company(self, company: int) -> object | None:
        """A company, if it is registered."""
        ...

    async def api_key(self, digest: str) -> KnownKey | None:
        """A program's access by the SHA-256 of its key, also one that was taken away."""
        ...

    async def settled(self, seconds: float = 2.0) -> None:
        """Wait until the read models know what this process stored before the call, or for ``seconds``."""
        ...

    async def caught_up(self, seconds: float = 2.0) -> bool:
        """Wait until the read models know what any process stored before the call; ``False`` if too long."""
        ...


class Backend(Protocol):
    """Everything that the framework answers requests with."""

    @property
    def operations(self) -> Operations:
        """What carries out operations."""
        ...

    @property
    def queries(self) -> ReadModels:
        """The read models."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Accounts, uses of API keys, remembered answers."""
        ...

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def readiness(self) -> Callable[[], Awaitable[Sequence[str]]]:
        """Gives the reasons why the system cannot answer well just now, none when all is well."""
        ...

    @property
    def secure(self) -> bool:
        """Whether browsers reach the system by https."""
        ...
