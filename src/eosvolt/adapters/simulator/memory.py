"""What a simulated charger remembers whatever becomes of its connection."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from ocpp.v16 import call

from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.configuration import Configuration
from eosvolt.adapters.simulator.errands import Errands
from eosvolt.adapters.simulator.happenings import Happening, Started, Status, StatusChanged
from eosvolt.adapters.simulator.limits import Limits, Outlet
from eosvolt.adapters.simulator.local_list import LocalList
from eosvolt.adapters.simulator.outbox import Message, Outbox
from eosvolt.adapters.simulator.station import Station
from eosvolt.adapters.simulator.trust import Trust
from eosvolt.adapters.simulator.wire import Wire


@dataclass(slots=True)
class Memory:
    """The charger itself, its settings and lists, and what it has to say.

    ``cards`` it has seen accepted; ``wanted`` are the profiles of remote starts, by card; ``said`` is the
    last news of each kind of work.
    """

    station: Station
    clock: ParkClock
    tell: Callable[[Iterable[Happening]], None]
    wire: Wire
    outbox: Outbox
    configuration: Configuration = field(default_factory=Configuration)
    cards: set[str] = field(default_factory=set)
    local_list: LocalList = field(default_factory=LocalList)
    limits: Limits = field(default_factory=Limits)
    wanted: dict[str, dict[str, Any]] = field(default_factory=dict)
    trust: Trust = field(default_factory=Trust)
    errands: Errands = field(default_factory=Errands)
    said: dict[str, Any] = field(default_factory=dict)

    def statuses(self) -> list[Message]:
        """How all plugs are, the charger as a whole first."""
        now = self.clock.now()
        whole = StatusChanged(now, 0, Status.AVAILABLE)
        return [Message(partial(self.wire.status, said)) for said in (whole, *self.station.statuses(now))]

    def outlets(self) -> dict[int, Outlet]:
        """The plugs as their limits see them."""
        plugs = self.station.plugs.items()
        return {number: Outlet(plug.spec.max_power_w, plug.delivery) for number, plug in plugs}

    def limit(self, started: Started) -> None:
        """Keep the profile with which this start was asked for."""
        profile = self.wanted.pop(started.delivery.token.upper(), None)
        if profile is not None:
            self.limits.take(started.plug, profile, self.outlets())

    def knows_card(self, card: str) -> bool:
        """Whether a card is good while nobody can be asked: the list decides before the memory does."""
        if not self.configuration.claims("LocalAuthorizeOffline"):
            return False
        listed = self.local_list.verdict(card) if self.configuration.claims("LocalAuthListEnabled") else None
        return card in self.cards if listed is None else listed == "Accepted"

    def news(self, kind: str, said: Any) -> None:  # noqa: ANN401 - a message of the package
        """Say how some work gets on, after all the rest; it is told again when somebody asks."""
        self.said[kind] = said
        self.outbox.put(Message(lambda: said, kept=True))

    def alarm(self, kind: str, info: str = "") -> None:
        """Say that something happened that matters for security."""
        at = self.wire.instant(self.clock.now())
        event = call.SecurityEventNotification(type=kind, timestamp=at, tech_info=info or None)
        self.outbox.put(Message(lambda: event, kept=True))

    async def sleep_until(self, at: datetime) -> None:
        """Wait for an instant of the park's time."""
        while self.clock.now() < at:
            await self.clock.wait_until(at, asyncio.Event())
