"""The dependencies of the framework; none is about one capability."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, Self

from eosvolt.adapters.http.framework.accounts import Accounts
from eosvolt.adapters.http.framework.second_steps import StepFactors
from eosvolt.adapters.http.framework.staff import StaffAccounts
from eosvolt.application.drivers import DriverAccounts
from eosvolt.application.operations.operation import Operations
from eosvolt.application.ports import Clock
from eosvolt.domain.granted_access import GrantedAccess


class KnownKey(Protocol):
    """A stored API key, valid until ``revoked_at`` or ``expires_at``, whichever comes first."""

    @property
    def key_id(self) -> str:
        """The id of the key, which is no secret."""
        ...

    @property
    def company(self) -> int:
        """The key's company."""
        ...

    @property
    def revoked_at(self) -> datetime | None:
        """When the key was revoked; ``None`` if it is valid."""
        ...

    @property
    def expires_at(self) -> datetime | None:
        """When the key ends; ``None`` for never."""
        ...

    @property
    def access(self) -> GrantedAccess | None:
        """What the key may do; ``None`` for everything."""
        ...

    @property
    def responsible(self) -> str:
        """The account that answers for the key; empty for none."""
        ...


class ReadModels(Protocol):
    """The read models of companies and API keys, and their position."""

    def narrowed(self, within: frozenset[str] | None) -> Self:
        """The same queries restricted to these locations; ``None`` for all locations."""
        ...

    async def company(self, company: int) -> object | None:
        """A company; ``None`` if it is not registered."""
        ...

    async def api_key(self, digest: str) -> KnownKey | None:
        """An API key by its SHA-256 in hex, revoked or not."""
        ...

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait, at most ``seconds``, until the read models show what this process stored before the call."""
        ...

    async def caught_up(self, seconds: float = 2.0) -> bool:
        """Wait until the read models show what any process stored before the call; ``False`` on timeout."""
        ...


class Backend(Protocol):
    """The dependencies of request handling."""

    @property
    def operations(self) -> Operations:
        """The runner of operations."""
        ...

    @property
    def queries(self) -> ReadModels:
        """The read models."""
        ...

    @property
    def accounts(self) -> Accounts:
        """Accounts, uses of API keys, stored answers."""
        ...

    @property
    def second_factors(self) -> StepFactors:
        """Second factors of accounts."""
        ...

    @property
    def staff(self) -> StaffAccounts:
        """Accounts of platform staff."""
        ...

    @property
    def staff_factors(self) -> StepFactors:
        """Second factors of platform staff."""
        ...

    @property
    def drivers(self) -> DriverAccounts:
        """Drivers, and what they are signed in with."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock."""
        ...

    @property
    def readiness(self) -> Callable[[], Awaitable[Sequence[str]]]:
        """A function that returns the reasons why the system is not ready; empty if it is."""
        ...

    @property
    def secure(self) -> bool:
        """Whether browsers use https."""
        ...
