"""What operations ask of the world beside the history, and what they change there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from eosvolt.application.access import Account, UnknownCharger
from eosvolt.application.commands.gateway import Gateway
from eosvolt.application.commands.request import CommandRequests
from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.notification_messages import ChangingTargets
from eosvolt.application.ports import Alongside, Credentials, Estate, People


class AccountBook(People, Protocol):
    """Where accounts are kept, outside the history."""

    async def creation(
        self, *, account: str, company: int, email: str, name: str, password: str, owner: bool
    ) -> tuple[Account, Alongside]:
        """An account under an id of its own that will be there with whatever is stored with it.

        Raises ``Rejected`` for no e-mail and for too short a password; an e-mail that is taken is found out
        when it is stored.
        """
        ...


class UnknownChargerStore(Protocol):
    """Chargers that tried to connect and are not known."""

    async def one(self, company: int, charge_box_id: str) -> UnknownCharger | None:
        """One of them."""
        ...

    def forgotten(self, company: int, charge_box_id: str) -> Alongside:
        """Take one off the list, until it tries again."""
        ...


class FailedJobActions(Protocol):
    """Work that failed."""

    async def one(self, company: int, number: int) -> FailedJob | None:
        """A company's own failed job that was not dismissed."""
        ...

    def tried_again(self, job: FailedJob, at: datetime) -> Alongside:
        """Try it at once, with all attempts before it."""
        ...

    def dismissed(self, job: FailedJob, at: datetime, by: str) -> Alongside:
        """Leave it undone: it is not tried again and not shown."""
        ...


class _Missing:
    """Stands for what this process does not have; whoever asks it was wired wrongly."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it has nothing of any type
        raise LookupError(f"{name}: this process has no part that does this")


_MISSING: Any = _Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The parts of this process that operations use. A command that ends at once needs few of them.

    ``estate`` tells what stands where, ``targets`` where messages of notification rules go. ``commands``
    makes requests to chargers, whose connections ``gateway`` has; ``credentials`` are chargers' passwords.
    """

    accounts: AccountBook = _MISSING
    estate: Estate = _MISSING
    targets: ChangingTargets = _MISSING
    commands: CommandRequests = _MISSING
    gateway: Gateway = _MISSING
    credentials: Credentials = _MISSING
    unknown_chargers: UnknownChargerStore = _MISSING
    failed_jobs: FailedJobActions = _MISSING
