"""How much a session had delivered at every instant, from readings that may come late, twice or unordered."""

from bisect import bisect_left
from datetime import datetime, timedelta
from fractions import Fraction

from msgspec import Struct

from eosvolt.domain.tariffs.tariff import Tariff, period_at

_TICK = timedelta(microseconds=1)


class Reading(Struct, frozen=True):
    """The energy in Wh that the session had delivered at an instant; 0 at its start."""

    at: datetime
    wh: int


class EnergyCurve(Struct, frozen=True, omit_defaults=True):
    """Readings in time order that never fall, one per instant, with energy spread evenly between two of them.

    Before the first reading nothing was delivered, after the last nothing more. ``period_since`` and
    ``period_until`` remember the price period that ``thinned`` last worked in; they are no part of what the
    curve says.
    """

    readings: tuple[Reading, ...] = ()
    period_since: datetime | None = None
    period_until: datetime | None = None

    @property
    def wh(self) -> int:
        """The energy of the whole session so far."""
        return self.readings[-1].wh if self.readings else 0

    def add(self, reading: Reading) -> "EnergyCurve":
        """The curve with one more reading, wherever in time it belongs.

        Of two readings for the same instant the higher counts, because a meter never falls. A reading lower
        than an earlier one or higher than a later one is dropped: what was heard first stays. Readings that
        agree with each other give the same curve in any order.
        """
        known = self.readings
        if not known or (reading.at > known[-1].at and reading.wh >= known[-1].wh):
            return EnergyCurve((*known, reading), self.period_since, self.period_until)
        index = bisect_left(known, reading.at, key=_at)
        earlier, later = known[:index], known[index:]
        if later and later[0].at == reading.at:
            if later[0].wh >= reading.wh:
                return self
            later = later[1:]
        if (earlier and earlier[-1].wh > reading.wh) or (later and later[0].wh < reading.wh):
            return self
        return EnergyCurve((*earlier, reading, *later))

    def thinned(self, tariff: Tariff) -> "EnergyCurve":
        """The curve with only the first and the last reading of each price period of the pinned tariff.

        Those in between cannot change a price, now or after any later ``add``, for as long as the session is
        rated from its first reading or earlier to its last or later. Appending and thinning costs the same
        however long the session is: the local time is looked at only when a reading lies beyond the period
        known so far.
        """
        readings = self.readings
        index = self._first_in_known_period()
        if self.period_until is not None and readings[-1].at < self.period_until:
            if index + 2 >= len(readings):
                return self
            return EnergyCurve((*readings[: index + 1], readings[-1]), self.period_since, self.period_until)
        kept = list(readings[:index])
        since, until = self.period_since, self.period_until
        while index < len(readings):
            period = period_at(tariff, readings[index].at)
            since, until = period.since, period.until
            beyond = bisect_left(readings, until, index, key=_at)
            kept.append(readings[index])
            if beyond - 1 > index:
                kept.append(readings[beyond - 1])
            index = beyond
        return EnergyCurve(tuple(kept), since, until)

    def energy_between(self, since: datetime, until: datetime) -> Fraction:
        """The exact energy in Wh delivered in ``[since, until)``; zero where that is empty."""
        if until <= since:
            return Fraction(0)
        return self._delivered_before(until) - self._delivered_before(since)

    def _delivered_before(self, at: datetime) -> Fraction:
        index = bisect_left(self.readings, at, key=_at)
        if index in (0, len(self.readings)):
            return Fraction(self.wh if index else 0)
        before, after = self.readings[index - 1], self.readings[index]
        share = Fraction((at - before.at) // _TICK, (after.at - before.at) // _TICK)
        return before.wh + (after.wh - before.wh) * share

    def _first_in_known_period(self) -> int:
        """Where the last known price period begins; everything before it is thinned already."""
        if self.period_since is None:
            return 0
        index = len(self.readings)
        while index and self.readings[index - 1].at >= self.period_since:
            index -= 1
        return index


def _at(reading: Reading) -> datetime:
    return reading.at
