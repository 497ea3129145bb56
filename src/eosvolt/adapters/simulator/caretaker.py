"""The operator of the demo's past: goes through the faults that are over, and solves them.

Somebody looks twice on working days and once at weekends, so that most entries are dealt with some hours to a
day after they recovered. What comes back afterwards is a new entry, as it is for any operator.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from eosvolt.adapters.simulator.chance import stream
from eosvolt.adapters.simulator.notes import note_on
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.troubles import TROUBLES
from eosvolt.application.execution import Application, Plan
from eosvolt.application.site import known
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.faults.commands import SolveFault
from eosvolt.domain.faults.decider import Entry, faults, subject
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.reactions.faults import NO_CONTACT, excused
from eosvolt.domain.reactions.faults_power import POWER_LOSS, UNEXPECTED_REBOOT

# What ended just now is watched for a while first.
SETTLES = timedelta(hours=2)
# Of the last days it is not known before their end which entries are the newest.
LAST_DAYS = timedelta(days=2)
LEFT_OVER = 5
ROUNDS = ((time(8, 20), time(15, 30)), (time(10, 40),))
SPREAD_MINUTES = 55
COMES_BACK_WITHIN = timedelta(minutes=1)
NEVER = datetime.max.replace(tzinfo=UTC)


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


class Caretaker:
    """Goes through one charger's faults, round by round. The same seed gives the same rounds and notes."""

    def __init__(
        self, operator: Operator, plan: ChargerPlan, since: datetime, until: datetime, seed: int
    ) -> None:
        """``due`` is the next round; the last one before ``leave_a_few`` is some days before ``until``."""
        self._operator = operator
        self._plan = plan
        self._chance = stream(seed, plan.key, "caretaker")
        self._until = until
        self._rounds = self._days(since)
        self.due = self._next()

    async def look(self) -> None:
        """Make the round that is due."""
        at = self.due
        for one in await self.unsolved():
            if one.entry.ended_at is not None and one.entry.ended_at <= at - SETTLES:
                at += timedelta(seconds=self._chance.randint(20, 240))
                await self.solve(one, at)
        self.due = self._next()

    async def unsolved(self) -> list[Unsolved]:
        """The entries of this charger that nobody dealt with, those that are still open among them."""
        found = []
        for each in self._subjects():
            entry = await self._operator.application.state(faults, each)
            if isinstance(entry, Entry) and entry.state != "solved":
                found.append(Unsolved(entry.last_at, each, entry, self))
        return found

    async def solve(self, one: Unsolved, at: datetime) -> None:
        """Deal with an entry at ``at``, and mostly say how."""
        company, by = self._plan.company, self._operator.by
        note = note_on(one.subject.rpartition("/")[2], self._chance)
        command = SolveFault(number=one.entry.number, at=at, by=by, note=note)
        why = Provenance(company=company, by=by, cause="demo")
        await self._operator.application.execute(faults, one.subject, command, why)

    async def catch_up(self, one: Unsolved) -> None:
        """Deal with an entry of the last days on the round on which it would have been."""
        ended_at = one.entry.ended_at
        if ended_at is not None:
            settled = ended_at + SETTLES
            at = next(at for at in self._days(settled) if at >= settled)
            # Of a round that lies ahead nobody can tell yet.
            await self.solve(one, at if at < self._until else max(ended_at, self._until - SETTLES))

    def _next(self) -> datetime:
        at = next(self._rounds)
        return at if at < self._until - LAST_DAYS else NEVER

    def _days(self, since: datetime) -> Iterator[datetime]:
        """All rounds from the day of ``since`` on, at the charger's place."""
        day = since.astimezone(self._plan.zone).date()
        while True:
            for at in ROUNDS[day.weekday() >= 5]:
                about = timedelta(minutes=self._chance.randrange(SPREAD_MINUTES))
                yield (datetime.combine(day, at, self._plan.zone) + about).astimezone(UTC)
            day += timedelta(days=1)

    def _subjects(self) -> Iterable[str]:
        yield subject(self._plan.key, 0, UNEXPECTED_REBOOT)
        for plug in self._plan.plugs:
            for code in (POWER_LOSS, *(trouble.code for trouble in TROUBLES)):
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
        if one not in left:
            await one.caretaker.catch_up(one)


async def excuse_pause(
    application: Application, plans: Sequence[ChargerPlan], now: datetime, why: Provenance
) -> None:
    """No charger is blamed for having been out of contact up to now, nor while it comes back."""

    async def plan() -> Plan[None]:
        keys = [each.key for each in plans if known(await application.state(charge_points, each.key))]
        until, reason = now + COMES_BACK_WITHIN, "The demo was switched off."
        return Plan([excused(key, NO_CONTACT, now, until, reason) for key in keys], None)

    await application.perform(plan, why)
