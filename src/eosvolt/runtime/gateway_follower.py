"""Follows the log for the chargers that are connected to this process.

It handles commands, changes of connection policies, disabled chargers, and states that are cached too long.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, get_args

import structlog

from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.executor import Application
from eosvolt.domain.bookings.events import BookerEvent, BookingEvent, CalendarEvent
from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointBooted,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    Conformance,
    ConnectionPolicyChanged,
    PasswordChanged,
)
from eosvolt.domain.commands.events import (
    CommandExpired,
    CommandFailed,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.companies.events import (
    AdoptionChanged,
    CertificateOrganizationChanged,
    CompanyRegistered,
    CompanyRenamed,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.events import BookingRulesChanged, LocationChanged, TariffChanged
from eosvolt.domain.maintenance.events import CertificatesRevoked, FileReceived, UploadOpened
from eosvolt.domain.tokens.events import TokenEvent
from eosvolt.domain.vocabulary import tags
from eosvolt.runtime.command_dispatcher import CommandDispatcher
from eosvolt.runtime.log_follower import FromNow, Log, LogFollower, LogPage, Outage

log = structlog.get_logger("eosvolt")

# What other processes change, by which this one answers chargers: operators, and sessions at other gateways.
OTHERS_EVENTS = (
    ChargePointAdded,
    ChargePointChanged,
    ChargePointRemoved,
    PasswordChanged,
    ConnectionPolicyChanged,
    CompanyRegistered,
    CompanyRenamed,
    AdoptionChanged,
    CertificateOrganizationChanged,
    CertificatesRevoked,
    LocationChanged,
    TariffChanged,
    BookingRulesChanged,
    *get_args(BookingEvent),
    *get_args(CalendarEvent),
    *get_args(BookerEvent),
    *get_args(TokenEvent),
    UploadOpened,
    FileReceived,
)
# The events that the command dispatcher needs.
OF_COMMANDS = (
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandFailed,
    CommandTimedOut,
    CommandExpired,
    ChargePointConnected,
    ChargePointBooted,
    ChargePointDisconnected,
)
FOLLOWED = tags(*OF_COMMANDS, *OTHERS_EVENTS)


class Connections(Protocol):
    """The chargers' connections to this process."""

    def treat(self, charge_point: str, conformance: Conformance, *, held: bool = False) -> None:
        """Apply ``conformance`` to the charger's messages; ``held``: its registration is pending."""
        ...

    async def disconnect(self, charge_point: str, before: datetime | None = None) -> None:
        """Close the charger's connection; with ``before`` only one that was opened before that instant."""
        ...


class Unfinished(Protocol):
    """The commands without an outcome."""

    async def commands(self) -> Sequence[str]:
        """The unfinished commands, the earliest deadline first."""
        ...


class GatewayFollower:
    """Passes commands to the dispatcher, and the changes of operators to connections and caches."""

    def __init__(
        self,
        log: Log,
        application: Application,
        dispatch: CommandDispatch,
        connections: Connections,
        unfinished: Unfinished,
        dispatcher: CommandDispatcher,
    ) -> None:
        """``dispatcher`` sends the commands over ``connections`` of this process."""
        self._application = application
        self._dispatch = dispatch
        self._connections = connections
        self._unfinished = unfinished
        self._dispatcher = dispatcher
        self._under_way: set[asyncio.Task[None]] = set()
        self.follower = LogFollower(log, FromNow(log.head), self._handle, tags=FOLLOWED)

    async def run(self, outage: Outage) -> None:
        """Queue the unfinished commands, then follow the log for ever."""
        try:
            await self.follower.begin()
            for command in await self._unfinished.commands():
                request = await self._dispatch.waiting(command)
                if request is not None:
                    self._dispatcher.take(request)
            await self.follower.run(outage)
        finally:
            await self._dispatcher.stop()

    async def _handle(self, page: LogPage) -> None:
        for fact in page.facts:
            self._application.learnt(fact.stream, fact.version)
            inform(self._dispatcher, fact)
            task = asyncio.create_task(self._concerning(fact))
            self._under_way.add(task)
            task.add_done_callback(self._ended)

    async def _concerning(self, fact: Fact) -> None:
        match fact.event:
            case CommandRequeued():
                request = await self._dispatch.waiting(fact.key)
                if request is not None:
                    self._dispatcher.take(request, again=True)
            case ConnectionPolicyChanged(conformance=conformance, held=held):
                self._connections.treat(fact.key, conformance, held=held)
            case ChargePointRemoved() | ChargePointChanged(disabled=True):
                await self._connections.disconnect(fact.key)
            case PasswordChanged() | CertificatesRevoked():
                # Connections opened since then were authenticated by the present rules.
                await self._connections.disconnect(fact.key, before=fact.recorded_at)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a change could not be applied to a connection", exc_info=task.exception())


def inform(dispatcher: CommandDispatcher, fact: Fact) -> None:
    """Pass one event to the dispatcher; to be called in log order."""
    match fact.event:
        case CommandRequested() as request:
            dispatcher.take(request)
        case (
            CommandSent(charge_point=charge_point)
            | CommandFailed(charge_point=charge_point)
            | CommandTimedOut(charge_point=charge_point)
            | CommandExpired(charge_point=charge_point)
        ):
            dispatcher.drop(charge_point, fact.key)
        case ChargePointConnected():
            dispatcher.arrived(fact.key)
        case ChargePointBooted():
            dispatcher.arrived(fact.key, started=True)
        case ChargePointDisconnected():
            dispatcher.left(fact.key)
