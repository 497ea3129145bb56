"""The demo's past: weeks of simulated sessions, played into the application as a charger's messages would be.

It uses no sockets and inserts no rows: it calls the same use cases as the gateway. The events of all chargers
are played in order of time, with a clock that shows the past time. Deadlines are carried out when they are
due, and every message is kept in the message log.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple, Protocol

from eosvolt.adapters.simulator.clock import PastClock
from eosvolt.adapters.simulator.demo_operator import (
    DemoOperator,
    OperatorAccount,
    leave_a_few,
    look_after_a_few,
)
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.past_charger import PastCharger
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.station import Station
from eosvolt.application.charging import ChargingService
from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.commands.gateway import Answered, CallFailed, NotConnected
from eosvolt.application.deadline_actions import DeadlineActions
from eosvolt.application.ports import Frames

SAMPLE_EVERY = timedelta(minutes=15)
# Cars stay for whole nights at home.
SAMPLE_AT_HOME_EVERY = timedelta(hours=1)
STEPS_BETWEEN_SHOWS = 200
EVER = datetime.min.replace(tzinfo=UTC)


class PastQueries(Protocol):
    """The deadlines and the requested commands of the history."""

    def next_due(self) -> datetime | None:
        """The earliest deadline."""
        ...

    def asked(self) -> Sequence[str]:
        """The commands that were requested since the last call."""
        ...


class Bookers(Protocol):
    """Drivers who book, come to what they booked, or do not."""

    def due(self) -> datetime:
        """When one of them does something next."""
        ...

    async def step(self, stations: Mapping[str, Station]) -> None:
        """Let them do what is due; ``stations`` are the chargers by charge box id."""
        ...


class PastGateway:
    """Delivers commands to the chargers of the past."""

    def __init__(self) -> None:
        """Start without chargers."""
        self._chargers: dict[str, PastCharger] = {}

    def join(self, chargers: Iterable[PastCharger]) -> None:
        """Add the chargers."""
        self._chargers |= {charger.key: charger for charger in chargers}

    def holds(self, charge_point: str) -> bool:
        """Whether the charger is connected."""
        charger = self._chargers.get(charge_point)
        return charger is not None and charger.online

    async def send(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,  # noqa: ARG002, ASYNC109 - chargers of the past answer at once
        reference: str = "",  # noqa: ARG002 - as above
    ) -> Answered:
        """Deliver a remote stop, the only command that the system sends by itself."""
        if not self.holds(charge_point):
            raise NotConnected
        if action != "remoteStop":
            raise CallFailed(f"Chargers of the past are not asked for {action}.")
        return self._chargers[charge_point].stop_asked(int(payload["transaction"]))

    async def disconnect(self, charge_point: str) -> None:
        """Do nothing: connections are not closed in the past."""

    async def obey(self) -> None:
        """Let the chargers carry out accepted commands."""
        for charger in self._chargers.values():
            await charger.obey()


class PastApplication(NamedTuple):
    """The use cases that the past is played into; ``clock`` is their clock."""

    clock: PastClock
    charging: ChargingService
    dispatch: CommandDispatch
    deadlines: DeadlineActions
    background: PastQueries
    gateway: PastGateway
    frames: Frames
    operator: OperatorAccount | None = None


async def produce(
    office: PastApplication,
    chargers: Sequence[ChargerPlan],
    *,
    tokens: Sequence[str],
    until: datetime,
    invalid_cards: Sequence[str] = (),
    weeks: int = 4,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
    before: Sequence[PastCharger] = (),
    bookers: Bookers | None = None,
) -> list[Station]:
    """Play ``weeks`` and the current day up to ``until``, and return the stations as they are then.

    Chargers that lived ``before`` live on beside the others, and are the last ones of what is returned.

    The result depends on ``seed`` and the day of ``until``: later on that day there are only more events.
    Sessions that run at ``until`` stay open; a park that continues with the returned stations ends them.
    Each charger gets a share of the cards. The operator solves faults meanwhile and leaves the newest open.
    ``progress`` is called with the share that is done, 0 to 1.
    """
    today = datetime.combine(until.astimezone(UTC), time(), UTC)
    since = today - timedelta(weeks=weeks)
    lives = []
    for station in stations(chargers, tokens, since, invalid_cards=invalid_cards, seed=seed):
        account = office.operator
        operator = None if account is None else DemoOperator(account, station.plan, since, today, seed)
        lives.append(PastCharger(office.charging, office.clock, station, office.frames, operator))
    playback = Playback(office, [*lives, *before], progress, (since, until), bookers)
    await playback.begin(since, lives)
    await playback.until(today)
    operators = [life.operator for life in lives if life.operator is not None]
    await leave_a_few(operators)
    await playback.until(until)
    await playback.end(until)
    await look_after_a_few(operators, until)
    return [life.station for life in (*lives, *before)]


async def live_before(
    office: PastApplication, beginning: Sequence[Station], since: datetime, until: datetime
) -> list[PastCharger]:
    """Play chargers that begin earlier than the others, from ``since`` to ``until``; ``produce`` goes on."""
    lives = [PastCharger(office.charging, office.clock, each, office.frames, None) for each in beginning]
    for life in lives:
        for plug in life.station.plugs.values():
            plug.sample_every = SAMPLE_AT_HOME_EVERY
    playback = Playback(office, lives)
    await playback.begin(since)
    await playback.until(until)
    return lives


def stations(
    chargers: Sequence[ChargerPlan],
    tokens: Sequence[str],
    since: datetime,
    *,
    invalid_cards: Sequence[str] = (),
    seed: int = 1,
) -> Iterator[Station]:
    """The chargers as they start at ``since``, each with its share of the cards."""
    for index, plan in enumerate(chargers):
        own = list(tokens[index :: len(chargers)])
        station = Station(plan, Wallet(own, invalid_cards), since, seed=seed)
        for plug in station.plugs.values():
            plug.sample_every = SAMPLE_EVERY
        yield station


class Playback:
    """Plays the events of all chargers in order of time."""

    def __init__(
        self,
        office: PastApplication,
        lives: Sequence[PastCharger],
        progress: Callable[[float], None] | None = None,
        between: tuple[datetime, datetime] = (EVER, EVER),
        bookers: Bookers | None = None,
    ) -> None:
        """``progress`` is called with the share of the time ``between`` that was played, 0 to 1."""
        self._office = office
        self._lives = lives
        self._progress = progress
        self._since, self._until = between
        self._bookers = bookers
        self._stations = {life.station.plan.charge_box_id: life.station for life in lives}
        self._steps = 0

    async def begin(self, at: datetime, beginning: Sequence[PastCharger] | None = None) -> None:
        """Start all chargers, or those ``beginning``: the others live already."""
        self._office.gateway.join(self._lives)
        for life in self._lives if beginning is None else beginning:
            await life.start(at)

    async def until(self, at: datetime) -> None:
        """Play everything up to and including ``at``."""
        queue = self._queue()
        while queue[0][0] <= at or self._booking_by(at) or self._due_by(at):
            now, number = queue[0]
            booking = self._booking_by(now)
            if self._due_by(now if booking is None else booking):
                await self._carry_out()
                continue
            if booking is not None and self._bookers is not None:
                self._office.clock.set(max(booking, self._office.clock.now()))
                await self._bookers.step(self._stations)
                queue = self._queue()
                continue
            await self._lives[number].step(now)
            heapq.heapreplace(queue, (self._lives[number].due(), number))
            self._show(now)

    async def end(self, at: datetime) -> None:
        """The system stops; all chargers are disconnected."""
        for life in self._lives:
            await life.end(at)
        if self._progress is not None:
            self._progress(1.0)

    def _queue(self) -> list[tuple[datetime, int]]:
        queue = [(life.due(), number) for number, life in enumerate(self._lives)]
        heapq.heapify(queue)
        return queue

    def _booking_by(self, at: datetime) -> datetime | None:
        """When drivers who book do something next, if it is not after ``at``."""
        due = None if self._bookers is None else self._bookers.due()
        return due if due is not None and due <= at else None

    def _due_by(self, at: datetime) -> bool:
        due = self._office.background.next_due()
        return due is not None and due <= at

    async def _carry_out(self) -> None:
        office = self._office
        due = office.background.next_due()
        if due is not None:
            office.clock.set(max(due, office.clock.now()))
        for one in await office.deadlines.due():
            await office.deadlines.carry_out(one.stream)
        for command in office.background.asked():
            await office.dispatch.deliver(command)
        await office.gateway.obey()

    def _show(self, now: datetime) -> None:
        self._steps += 1
        if self._progress is not None and self._steps % STEPS_BETWEEN_SHOWS == 0:
            self._progress((now - self._since) / (self._until - self._since))
