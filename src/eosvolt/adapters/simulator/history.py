"""The demo's past: weeks of simulated life, told to the application as a charger's messages would be.

No sockets and no inserted rows: the very same commands that the gateway gives, with instants in the past.
Each charger is told in the order of its time, all chargers side by side, so that their commits travel
together.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta

from eosvolt.adapters.simulator.caretaker import Caretaker, Operator, leave_a_few
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.happenings import (
    Happening,
    LinkBack,
    LinkLost,
    Metered,
    PlugHappening,
    Started,
    Status,
    StatusChanged,
    Stopped,
    TokenShown,
)
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.reports import (
    boot_report,
    meter_report,
    start_report,
    status_report,
    stop_report,
)
from eosvolt.adapters.simulator.station import Station
from eosvolt.application.charging import Charging
from eosvolt.domain.tokens.events import Authorization

SAMPLE_EVERY = timedelta(minutes=10)
READINGS_A_MESSAGE = 6
TRAVEL = timedelta(milliseconds=120)

_told_at: ContextVar[datetime] = ContextVar("told_at")


class HistoryClock:
    """The application's clock while history is made.

    For each charger, the instant that is being told about it.
    """

    def now(self) -> datetime:
        """The instant of the charger on whose behalf this is asked.

        Raises ``LookupError`` outside of ``produce``.
        """
        return _told_at.get()


async def produce(
    charging: Charging,
    chargers: Sequence[ChargerPlan],
    *,
    tokens: Sequence[str],
    until: datetime,
    strangers: Sequence[str] = (),
    weeks: int = 4,
    seed: int = 1,
    operator: Operator | None = None,
    progress: Callable[[float], None] | None = None,
) -> list[Station]:
    """Live ``weeks`` up to ``until`` on all ``chargers`` and return them as they are then.

    Sessions under way at ``until`` stay open: a park that goes on with the returned stations delivers their
    rest. Cards are dealt out to the chargers, because the chargers are told at different paces and no card
    may be in two places at a time. The ``operator`` solves faults all the while and leaves the newest.
    ``progress`` is given the share that is done, 0 to 1.
    """
    since = until - timedelta(weeks=weeks)
    lanes = []
    for index, plan in enumerate(chargers):
        own = list(tokens[index :: len(chargers)])
        station = Station(plan, Wallet(own, strangers), since, seed=seed)
        for plug in station.plugs.values():
            plug.sample_every = SAMPLE_EVERY
        caretaker = None if operator is None else Caretaker(operator, plan, since, until, seed)
        lanes.append(_Lane(charging, station, caretaker))
    async with asyncio.TaskGroup() as group:
        lives = [group.create_task(lane.live(since, until)) for lane in lanes]
        while progress is not None and not all(life.done() for life in lives):
            progress(sum(lane.share(since, until) for lane in lanes) / len(lanes))
            await asyncio.wait(lives, timeout=0.2)
    await leave_a_few([lane.caretaker for lane in lanes if lane.caretaker is not None])
    if progress is not None:
        progress(1.0)
    return [lane.station for lane in lanes]


class _Lane:
    """One charger's way through history."""

    def __init__(self, charging: Charging, station: Station, caretaker: Caretaker | None) -> None:
        self.station = station
        self.caretaker = caretaker
        self._charging = charging
        self._key = station.plan.key
        self._reached: datetime | None = None
        self._idle: dict[int, datetime] = {}
        self._readings: dict[int, list[Metered]] = {}
        self._offline: list[PlugHappening] | None = None
        self._gone_since: datetime | None = None
        self._cards: set[str] = set()

    def share(self, since: datetime, until: datetime) -> float:
        """How far this charger got, 0 to 1."""
        return 0.0 if self._reached is None else (self._reached - since) / (until - since)

    async def live(self, since: datetime, until: datetime) -> None:
        """Play the charger from ``since`` to ``until``."""
        await self._back(since, booted=True)
        while (at := min((self.station.due(), *self._idle.values(), *self._rounds()))) <= until:
            self._reached = at
            if self.caretaker is not None and self.caretaker.due <= at:
                await self.caretaker.look()
            await self._tell(at, self.station.advance(at))
            for plug, idle_at in list(self._idle.items()):
                if idle_at <= at:
                    del self._idle[plug]
                    if self._offline is None:
                        # Here the system's idle detection would have reached the charger: it stops.
                        await self._tell(at, self.station.plugs[plug].stop(at, "Remote"))
        for plug in list(self._readings):
            await self._read_out(plug, until)
        if self._offline is None:
            await self._disconnected(until, "The gateway restarted.")

    def _rounds(self) -> tuple[datetime, ...]:
        return () if self.caretaker is None else (self.caretaker.due,)

    async def _tell(self, at: datetime, happenings: Iterable[Happening]) -> None:
        for happening in happenings:
            match happening:
                case LinkLost():
                    for plug in list(self._readings):
                        await self._read_out(plug, at)
                    await self._disconnected(at, "The connection broke.")
                    self._offline = []
                case LinkBack(booted=booted):
                    kept, self._offline = self._offline or [], None
                    await self._back(at, booted=booted)
                    for earlier in kept:
                        await self._say(earlier, at)
                case TokenShown() if self._offline is not None:
                    await self._decide(happening, at, accepted=happening.token in self._cards)
                case StatusChanged() if self._offline is not None:
                    self._watch_idling(happening)
                case _ if self._offline is not None:
                    self._offline.append(happening)
                case _:
                    await self._say(happening, at)

    async def _back(self, at: datetime, *, booted: bool) -> None:
        """The charger connects, boots where it started anew, and says how its plugs are."""
        _told_at.set(at + TRAVEL)
        plan = self.station.plan
        admission = await self._charging.admit(plan.company, plan.charge_box_id)
        proved = admission is not None and admission.has_password
        await self._charging.connected(
            self._key, protocol="ocpp1.6", secure=False, authenticated=proved, address="127.0.0.1"
        )
        if booted:
            await self._charging.booted(self._key, boot_report(plan, at + TRAVEL))
        for said in self.station.statuses(at):
            await self._say(said, at)

    async def _disconnected(self, at: datetime, reason: str) -> None:
        _told_at.set(at + TRAVEL)
        await self._charging.disconnected(self._key, at=at + TRAVEL, reason=reason)

    async def _say(self, happening: PlugHappening, at: datetime) -> None:
        """Tell one thing that happened at ``happening.at`` and is heard at ``at``."""
        heard = at + TRAVEL
        _told_at.set(heard)
        if isinstance(happening, Metered):
            self._readings.setdefault(happening.plug, []).append(happening)
            if len(self._readings[happening.plug]) >= READINGS_A_MESSAGE:
                await self._read_out(happening.plug, at)
            return
        await self._read_out(happening.plug, at)
        match happening:
            case StatusChanged():
                self._watch_idling(happening)
                await self._charging.reported(self._key, status_report(happening, heard))
            case TokenShown():
                answer = await self._charging.authorized(self._key, happening.token)
                accepted = answer.authorization is Authorization.ACCEPTED
                if accepted:
                    self._cards.add(happening.token)
                await self._decide(happening, at, accepted=accepted)
            case Started():
                await self._start(happening, heard)
            case Stopped():
                await self._charging.stopped(self._key, stop_report(happening, heard))

    async def _decide(self, shown: TokenShown, at: datetime, *, accepted: bool) -> None:
        await self._tell(at, self.station.plugs[shown.plug].answered(at, shown.token, accepted=accepted))

    async def _start(self, started: Started, heard: datetime) -> None:
        delivery = started.delivery
        opened = await self._charging.started(self._key, start_report(started, heard))
        delivery.transaction = opened.transaction
        plug = self.station.plugs[started.plug]
        if opened.token.authorization is not Authorization.ACCEPTED and plug.delivery is delivery:
            at = max(started.at, heard - TRAVEL)
            await self._tell(at, plug.stop(at, "DeAuthorized"))

    def _watch_idling(self, happening: StatusChanged) -> None:
        minutes = self.station.plan.idle_minutes
        self._idle.pop(happening.plug, None)
        if happening.status is Status.SUSPENDED_EV and minutes is not None:
            self._idle[happening.plug] = happening.at + timedelta(minutes=minutes)

    async def _read_out(self, plug: int, at: datetime) -> None:
        """Tell the readings of a plug that have gathered, in one message."""
        gathered = self._readings.pop(plug, [])
        if gathered:
            heard = at + TRAVEL
            _told_at.set(heard)
            await self._charging.metered(self._key, meter_report(plug, gathered, heard))
