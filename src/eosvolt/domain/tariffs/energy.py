"""The energy of a session at every instant, from readings that may come late, repeated or unordered."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from msgspec import Struct

from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.tariffs.pauses import CountedTime, Pause, full_at, merged


class EnergyPoint(Struct, frozen=True):
    """The energy in Wh that the session had delivered at an instant; 0 at its start."""

    at: datetime
    wh: int


class EnergyCurve(Struct, frozen=True, omit_defaults=True):
    """Readings in time order that never fall, one per instant.

    No energy is delivered before the first reading or after the last. Between two of them energy is spread
    evenly over the time outside ``still``, or over all of it if ``still`` covers it.
    """

    readings: tuple[EnergyPoint, ...] = ()
    still: tuple[Pause, ...] = ()

    @property
    def wh(self) -> int:
        """The energy in Wh of the whole session so far."""
        return self.readings[-1].wh if self.readings else 0

    def add(self, reading: EnergyPoint) -> "EnergyCurve":
        """The curve with one more reading, at any place in time.

        Of two readings for the same instant the higher counts, because a meter never falls. A reading lower
        than an earlier one or higher than a later one is dropped. Readings that agree with each other give
        the same curve in any order.
        """
        known = self.readings
        index = bisect_left(known, reading.at, key=_at)
        earlier, later = known[:index], known[index:]
        if later and later[0].at == reading.at:
            if later[0].wh >= reading.wh:
                return self
            later = later[1:]
        if (earlier and earlier[-1].wh > reading.wh) or (later and later[0].wh < reading.wh):
            return self
        return EnergyCurve((*earlier, reading, *later), self.still)

    def ended(self, at: datetime) -> "EnergyCurve":
        """The curve of a session that ended at ``at``: the energy of later readings was delivered by then."""
        known = self.readings
        if not known or known[-1].at <= at:
            return self
        kept = known[: bisect_left(known, at, key=_at)]
        return EnergyCurve((*kept, EnergyPoint(at, known[-1].wh)), self.still)

    def delivered(self, instants: Iterable[datetime]) -> list[Fraction]:
        """The exact energy in Wh that had been delivered before each instant."""
        counted = CountedTime(self.still)
        return [self._delivered_before(at, counted) for at in instants]

    def energy_between(self, since: datetime, until: datetime) -> Fraction:
        """The exact energy in Wh delivered in ``[since, until)``; zero where that is empty."""
        if until <= since:
            return Fraction(0)
        before, after = self.delivered((since, until))
        return after - before

    def reached(self, wh: int) -> datetime | None:
        """The instant at which ``wh`` (above 0) had been delivered, cut to microseconds; ``None``: never."""
        index = bisect_left(self.readings, wh, key=_wh)
        if index == len(self.readings):
            return None
        after = self.readings[index]
        if not index:
            return after.at
        before = self.readings[index - 1]
        still = tuple(merged(self.still))
        whole = CountedTime(still).between(before.at, after.at)
        if not whole:
            whole, still = after.at - before.at, ()
        needed = whole * (wh - before.wh) // (after.wh - before.wh)
        return full_at(before.at, needed, still) or after.at

    def _delivered_before(self, at: datetime, counted: CountedTime) -> Fraction:
        index = bisect_left(self.readings, at, key=_at)
        if index in (0, len(self.readings)):
            return Fraction(self.wh if index else 0)
        before, after = self.readings[index - 1], self.readings[index]
        whole, part = counted.between(before.at, after.at), counted.between(before.at, at)
        if not whole:
            whole, part = after.at - before.at, at - before.at
        return before.wh + (after.wh - before.wh) * Fraction(part // MICROSECOND, whole // MICROSECOND)


def _at(reading: EnergyPoint) -> datetime:
    return reading.at


def _wh(reading: EnergyPoint) -> int:
    return reading.wh
