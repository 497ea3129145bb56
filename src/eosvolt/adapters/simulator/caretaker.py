"""The operator of the demo's past: acknowledges faults that are open, and solves those that are over.

Somebody looks twice a day, so that most entries are dealt with some hours to a
day after they recovered. What comes back afterwards is a new entry, as it is for any operator.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from eosvolt.adapters.simulator.chance import stream
from eosvolt.adapters.simulator.clock import PastClock
from eosvolt.adapters.simulator.notes import note_on
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.troubles import TROUBLES
from eosvolt.application.executor import Application, Plan
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.explanations import Why
from eosvolt.domain.faults.commands import (
    AcknowledgeFault,
    AssignFault,
    FaultCommand,
    SnoozeFault,
    SolveFault,
)
from eosvolt.domain.faults.decider import Entry, faults, subject
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.reactions.faults import NO_CONTACT, STOP_NOT_OBEYED, suppressed
from eosvolt.domain.reactions.faults_power import POWER_LOSS, UNEXPECTED_REBOOT

# What ended just now is watched for a while first.
SETTLES = timedelta(hours=2)
# Of the last days it is not known before their end which entries are the newest.
LAST_DAYS = timedelta(days=2)
LEFT_OVER = 3
ROUNDS = ((time(8, 20), time(15, 30)), (time(10, 40), time(17, 10)))
SPREAD_MINUTES = 55
SNOOZED_FOR = timedelta(days=1)
COMES_BACK_WITHIN = timedelta(minutes=1)


class Operator(NamedTuple):
    """Who works with the history's chargers. ``by`` is an account, as events name it."""

    application: Application
    by: str


class Unsolved(NamedTuple):
    """An entry that nobody dealt with yet, and whose it is to do so."""

    last_at: datetime
    subject: str
    entry: Entry
    caretaker: "Caretaker"

    @property
    def is_open(self) -> bool:
        """Whether it is still wrong."""
        return self.entry.state == "open"


class Caretaker:
    """Goes through one charger's faults, round by round. The same seed gives the same rounds and notes."""

    def __init__(
        self, operator: Operator, plan: ChargerPlan, since: datetime, until: datetime, seed: int
    ) -> None:
        """Rounds pause for some days before ``until``, after which ``leave_a_few`` sees to what is left."""
        self._operator = operator
        self._plan = plan
        self._chance = stream(seed, plan.key, "caretaker")
        self._until = until
        self._rounds = self._days(since)
        self._round = self._next()
        self._at_hand: list[tuple[datetime, Unsolved]] = []
        self._left: set[tuple[str, int]] = set()

    @property
    def due(self) -> datetime:
        """The next round, or the next entry of this one."""
        return self._at_hand[0][0] if self._at_hand else self._round

    async def look(self, clock: PastClock) -> None:
        """Do what is due: begin a round, or solve the next entry of the one under way."""
        clock.set(self.due)
        if self._at_hand:
            at, one = self._at_hand.pop(0)
            if one in await self.unsolved():
                await (self.put_off(one, at) if one.is_open else self.solve(one, at))
            return
        at = self._round
        for one in await self.unsolved():
            settled = one.entry.ended_at is not None and one.entry.ended_at <= at - SETTLES
            if settled or (one.is_open and not one.entry.attention.acknowledged):
                at += timedelta(seconds=self._chance.randint(20, 240))
                self._at_hand.append((at, one))
        self._round = self._next()

    def leave(self, one: Unsolved) -> None:
        """Nobody deals with this entry."""
        self._left.add((one.subject, one.entry.number))

    async def unsolved(self) -> list[Unsolved]:
        """The entries of this charger that nobody dealt with, those that are still open among them."""
        found = []
        for each in self._subjects():
            entry = await self._operator.application.state(faults, each)
            left = isinstance(entry, Entry) and (each, entry.number) in self._left
            if isinstance(entry, Entry) and entry.state != "solved" and not left:
                found.append(Unsolved(entry.last_at, each, entry, self))
        return found

    async def solve(self, one: Unsolved, at: datetime) -> None:
        """Deal with an entry at ``at``, and mostly say how."""
        note = note_on(one.subject.rpartition("/")[2], self._chance)
        by = self._operator.by
        await self._does(one, SolveFault(number=one.entry.number, at=at, by=by, note=note))

    async def acknowledge(self, one: Unsolved, at: datetime) -> None:
        """Take care of an entry that is open at ``at``, as its owner."""
        number, by = one.entry.number, self._operator.by
        await self._does(one, AcknowledgeFault(number=number, at=at, by=by, note="Looking into it"))
        await self._does(one, AssignFault(number=number, at=at, by=by, owner=by))

    async def put_off(self, one: Unsolved, at: datetime) -> None:
        """Take care of an entry that is open, but not today."""
        await self.acknowledge(one, at)
        await self.snooze(one, at)

    async def snooze(self, one: Unsolved, at: datetime) -> None:
        """Leave an entry that is open at ``at`` alone for a day."""
        until, number, by = at + SNOOZED_FOR, one.entry.number, self._operator.by
        await self._does(one, SnoozeFault(number=number, at=at, by=by, until=until, note="Part ordered"))

    async def _does(self, one: Unsolved, command: FaultCommand) -> None:
        why = Provenance(company=self._plan.company, by=self._operator.by, cause="demo")
        await self._operator.application.execute(faults, one.subject, command, why)

    async def catch_up(self, one: Unsolved) -> None:
        """Deal with an entry of the last days on the round on which it would have been, to be sorted in."""
        ended_at = one.entry.ended_at
        if ended_at is not None:
            settled = ended_at + SETTLES
            at = next(at for at in self._days(settled) if at >= settled)
            # Of a round that lies ahead nobody can tell yet.
            await self.solve(one, at if at < self._until else max(ended_at, self._until - SETTLES))

    def _next(self) -> datetime:
        """The next round; of the days before ``until`` there is none."""
        at = next(self._rounds)
        while self._until - LAST_DAYS <= at < self._until:
            at = next(self._rounds)
        return at

    def _days(self, since: datetime) -> Iterator[datetime]:
        """All rounds from the day of ``since`` on, at the charger's place."""
        day = since.astimezone(self._plan.zone).date()
        while True:
            for at in ROUNDS[day.weekday() >= 5]:
                about = timedelta(minutes=self._chance.randrange(SPREAD_MINUTES))
                yield (datetime.combine(day, at, self._plan.zone) + about).astimezone(UTC)
            day += timedelta(days=1)

    def _subjects(self) -> Iterable[str]:
        for code in (UNEXPECTED_REBOOT, NO_CONTACT):
            yield subject(self._plan.key, 0, code)
        for plug in self._plan.plugs:
            for code in (POWER_LOSS, STOP_NOT_OBEYED, *(trouble.code for trouble in TROUBLES)):
                yield subject(self._plan.key, plug.number, code)


async def leave_a_few(caretakers: Sequence[Caretaker]) -> None:
    """Solve what is left of the last days but the newest entries, and one that came back."""
    every = [one for caretaker in caretakers for one in await caretaker.unsolved()]
    every.sort(key=lambda one: (one.last_at, one.subject), reverse=True)
    returned = next((one for one in every if one.entry.number > 1), None)
    left = every[:LEFT_OVER]
    if returned is not None and returned not in left:
        left[-1:] = [returned]
    for one in every:
        if one in left:
            one.caretaker.leave(one)
        else:
            await one.caretaker.catch_up(one)


async def look_after_a_few(caretakers: Sequence[Caretaker], at: datetime) -> None:
    """Of what is left at the end: one is acknowledged, one that is open is snoozed, the others wait."""
    every = [one for caretaker in caretakers for one in await caretaker.unsolved()]
    every.sort(key=lambda one: (not one.is_open, one.last_at, one.subject))
    still_open = [one for one in every if one.is_open]
    if len(still_open) > 1:
        await still_open[-1].caretaker.snooze(still_open[-1], at)
    if every:
        await every[0].caretaker.acknowledge(every[0], at)


async def suppress_pause(
    application: Application, plans: Sequence[ChargerPlan], now: datetime, why: Provenance
) -> None:
    """No charger is blamed for having been out of contact up to now, nor while it comes back."""

    async def plan() -> Plan[None]:
        keys = [each.key for each in plans if known(await application.state(charge_points, each.key))]
        until, why = now + COMES_BACK_WITHIN, Why.DEMO_SWITCHED_OFF
        return Plan([suppressed(key, NO_CONTACT, now, until, why) for key in keys], None)

    await application.perform(plan, why)
