"""The state of a simulated charger that outlives its connections."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from ocpp.v16 import call

from eosvolt.adapters.simulator.background_jobs import BackgroundJobs
from eosvolt.adapters.simulator.certificates import CertificateStore
from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.configuration import Configuration
from eosvolt.adapters.simulator.events import ChargerEvent, Started, Status, StatusChanged
from eosvolt.adapters.simulator.limits import Limits, Outlet
from eosvolt.adapters.simulator.local_list import ChargerLocalList
from eosvolt.adapters.simulator.ocpp_encoding import OcppEncoder
from eosvolt.adapters.simulator.outbox import Message, Outbox
from eosvolt.adapters.simulator.station import Station


@dataclass(slots=True)
class PersistentState:
    """The station, its configuration, lists and undelivered messages.

    ``cards`` is the authorization cache. ``wanted`` are the charging profiles of remote starts, by card.
    ``last_messages`` is the last status message of each kind of job. ``deliver`` sends events to the system.
    """

    station: Station
    clock: ParkClock
    deliver: Callable[[Iterable[ChargerEvent]], None]
    encoder: OcppEncoder
    outbox: Outbox
    configuration: Configuration = field(default_factory=Configuration)
    cards: set[str] = field(default_factory=set)
    local_list: ChargerLocalList = field(default_factory=ChargerLocalList)
    limits: Limits = field(default_factory=Limits)
    wanted: dict[str, dict[str, Any]] = field(default_factory=dict)
    certificates: CertificateStore = field(default_factory=CertificateStore)
    jobs: BackgroundJobs = field(default_factory=BackgroundJobs)
    last_messages: dict[str, Any] = field(default_factory=dict)

    def statuses(self) -> list[Message]:
        """StatusNotifications of the charger (connector 0) and of all plugs."""
        now = self.clock.now()
        whole = StatusChanged(now, 0, Status.AVAILABLE)
        return [
            Message(partial(self.encoder.status, message)) for message in (whole, *self.station.statuses(now))
        ]

    def outlets(self) -> dict[int, Outlet]:
        """The plugs as the charging limits need them."""
        plugs = self.station.plugs.items()
        return {number: Outlet(plug.spec.max_power_w, plug.delivery) for number, plug in plugs}

    def limit(self, started: Started) -> None:
        """Apply the charging profile of the remote start that led to this start."""
        profile = self.wanted.pop(started.delivery.token.upper(), None)
        if profile is not None:
            self.limits.take(started.plug, profile, self.outlets())

    def knows_card(self, card: str) -> bool:
        """Whether a card is accepted offline: the local list decides before the cache (OCPP 1.6 §3.5)."""
        if not self.configuration.claims("LocalAuthorizeOffline"):
            return False
        listed = self.local_list.verdict(card) if self.configuration.claims("LocalAuthListEnabled") else None
        return card in self.cards if listed is None else listed == "Accepted"

    def news(self, kind: str, message: Any) -> None:  # noqa: ANN401 - a message of the package
        """Queue a status message of a job. It is repeated on request."""
        self.last_messages[kind] = message
        self.outbox.put(Message(lambda: message, kept=True))

    def alarm(self, kind: str, info: str = "") -> None:
        """Queue a SecurityEventNotification."""
        at = self.encoder.instant(self.clock.now())
        event = call.SecurityEventNotification(type=kind, timestamp=at, tech_info=info or None)
        self.outbox.put(Message(lambda: event, kept=True))

    async def sleep_until(self, at: datetime) -> None:
        """Wait until a time of the simulated clock."""
        while self.clock.now() < at:
            await self.clock.wait_until(at, asyncio.Event())
