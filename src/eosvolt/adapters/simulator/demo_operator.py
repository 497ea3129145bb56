"""The operator of the demo's past: acknowledges open faults and solves recovered ones.

The operator looks twice a day, so most faults are solved some hours to a day after they recovered. A fault
that recurs later is a new entry.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from eosvolt.adapters.simulator.clock import PastClock
from eosvolt.adapters.simulator.fault_injection import INJECTED_FAULTS
from eosvolt.adapters.simulator.notes import note_on
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.rng import stream
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
from eosvolt.domain.faults.decider import FaultRecord, faults, subject
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.reactions.faults import NO_CONTACT, STOP_NOT_OBEYED, suppressed
from eosvolt.domain.reactions.faults_power import POWER_LOSS, UNEXPECTED_REBOOT

# A fault that has just recovered is not solved yet.
SETTLES = timedelta(hours=2)
# Which faults of the last days are the newest is known at the end only.
LAST_DAYS = timedelta(days=2)
LEFT_OVER = 3
ROUNDS = ((time(8, 20), time(15, 30)), (time(10, 40), time(17, 10)))
SPREAD_MINUTES = 55
SNOOZED_FOR = timedelta(days=1)
COMES_BACK_WITHIN = timedelta(minutes=1)


class OperatorAccount(NamedTuple):
    """The application, and the account ``by`` that events name."""

    application: Application
    by: str


class Unsolved(NamedTuple):
    """A fault that is not solved, and the operator who is responsible."""

    last_at: datetime
    subject: str
    entry: FaultRecord
    operator: "DemoOperator"

    @property
    def is_open(self) -> bool:
        """Whether the fault is still present."""
        return self.entry.state == "open"


class DemoOperator:
    """Handles one charger's faults in rounds. The same seed gives the same rounds and notes."""

    def __init__(
        self, operator: OperatorAccount, plan: ChargerPlan, since: datetime, until: datetime, seed: int
    ) -> None:
        """There are no rounds in the last days before ``until``; ``leave_a_few`` handles their faults."""
        self._account = operator
        self._plan = plan
        self._rng = stream(seed, plan.key, "operator")
        self._until = until
        self._rounds = self._days(since)
        self._round = self._next()
        self._at_hand: list[tuple[datetime, Unsolved]] = []
        self._left: set[tuple[str, int]] = set()

    @property
    def due(self) -> datetime:
        """The time of the next round, or of the next fault of this round."""
        return self._at_hand[0][0] if self._at_hand else self._round

    async def look(self, clock: PastClock) -> None:
        """Begin a round, or handle the next fault of the current one."""
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
                at += timedelta(seconds=self._rng.randint(20, 240))
                self._at_hand.append((at, one))
        self._round = self._next()

    def leave(self, one: Unsolved) -> None:
        """Leave this fault unsolved."""
        self._left.add((one.subject, one.entry.number))

    async def unsolved(self) -> list[Unsolved]:
        """The faults of this charger that are not solved, including open ones."""
        found = []
        for each in self._subjects():
            entry = await self._account.application.state(faults, each)
            left = isinstance(entry, FaultRecord) and (each, entry.number) in self._left
            if isinstance(entry, FaultRecord) and entry.state != "solved" and not left:
                found.append(Unsolved(entry.last_at, each, entry, self))
        return found

    async def solve(self, one: Unsolved, at: datetime) -> None:
        """Solve a fault at ``at``, usually with a note."""
        note = note_on(one.subject.rpartition("/")[2], self._rng)
        by = self._account.by
        await self._does(one, SolveFault(number=one.entry.number, at=at, by=by, note=note))

    async def acknowledge(self, one: Unsolved, at: datetime) -> None:
        """Acknowledge an open fault at ``at`` and become its owner."""
        number, by = one.entry.number, self._account.by
        await self._does(one, AcknowledgeFault(number=number, at=at, by=by, note="Looking into it"))
        await self._does(one, AssignFault(number=number, at=at, by=by, owner=by))

    async def put_off(self, one: Unsolved, at: datetime) -> None:
        """Acknowledge an open fault and snooze it."""
        await self.acknowledge(one, at)
        await self.snooze(one, at)

    async def snooze(self, one: Unsolved, at: datetime) -> None:
        """Snooze an open fault for a day."""
        until, number, by = at + SNOOZED_FOR, one.entry.number, self._account.by
        await self._does(one, SnoozeFault(number=number, at=at, by=by, until=until, note="Part ordered"))

    async def _does(self, one: Unsolved, command: FaultCommand) -> None:
        why = Provenance(company=self._plan.company, by=self._account.by, cause="demo")
        await self._account.application.execute(faults, one.subject, command, why)

    async def catch_up(self, one: Unsolved) -> None:
        """Solve a fault of the last days at the time of the round that would have handled it."""
        ended_at = one.entry.ended_at
        if ended_at is not None:
            settled = ended_at + SETTLES
            at = next(at for at in self._days(settled) if at >= settled)
            # A round cannot be in the future.
            await self.solve(one, at if at < self._until else max(ended_at, self._until - SETTLES))

    def _next(self) -> datetime:
        """The next round that is not in the last days before ``until``."""
        at = next(self._rounds)
        while self._until - LAST_DAYS <= at < self._until:
            at = next(self._rounds)
        return at

    def _days(self, since: datetime) -> Iterator[datetime]:
        """All rounds from the day of ``since`` on, in the charger's time zone."""
        day = since.astimezone(self._plan.zone).date()
        while True:
            for at in ROUNDS[day.weekday() >= 5]:
                about = timedelta(minutes=self._rng.randrange(SPREAD_MINUTES))
                yield (datetime.combine(day, at, self._plan.zone) + about).astimezone(UTC)
            day += timedelta(days=1)

    def _subjects(self) -> Iterable[str]:
        for code in (UNEXPECTED_REBOOT, NO_CONTACT):
            yield subject(self._plan.key, 0, code)
        for plug in self._plan.plugs:
            for code in (POWER_LOSS, STOP_NOT_OBEYED, *(fault.code for fault in INJECTED_FAULTS)):
                yield subject(self._plan.key, plug.number, code)


async def leave_a_few(operators: Sequence[DemoOperator]) -> None:
    """Solve the faults of the last days, except for the newest ones and one that recurred."""
    every = [one for operator in operators for one in await operator.unsolved()]
    every.sort(key=lambda one: (one.last_at, one.subject), reverse=True)
    returned = next((one for one in every if one.entry.number > 1), None)
    left = every[:LEFT_OVER]
    if returned is not None and returned not in left:
        left[-1:] = [returned]
    for one in every:
        if one in left:
            one.operator.leave(one)
        else:
            await one.operator.catch_up(one)


async def look_after_a_few(operators: Sequence[DemoOperator], at: datetime) -> None:
    """Acknowledge one of the remaining faults and snooze one that is open."""
    every = [one for operator in operators for one in await operator.unsolved()]
    every.sort(key=lambda one: (not one.is_open, one.last_at, one.subject))
    still_open = [one for one in every if one.is_open]
    if len(still_open) > 1:
        await still_open[-1].operator.snooze(still_open[-1], at)
    if every:
        await every[0].operator.acknowledge(every[0], at)


async def suppress_pause(
    application: Application, plans: Sequence[ChargerPlan], now: datetime, why: Provenance
) -> None:
    """No charger is blamed for having been out of contact up to now, nor while it comes back."""

    async def plan() -> Plan[None]:
        keys = [each.key for each in plans if known(await application.state(charge_points, each.key))]
        until, why = now + COMES_BACK_WITHIN, Why.DEMO_SWITCHED_OFF
        return Plan([suppressed(key, NO_CONTACT, now, until, why) for key in keys], None)

    await application.perform(plan, why)
