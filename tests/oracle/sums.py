"""What the dashboard has to show for a day, a month or a year of the location."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.oracle.random_session import Journey
from tests.oracle.verdict import bill


@dataclass
class Sum:
    """§3: income by currency, energy and sessions of a period."""

    revenue: defaultdict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    energy_wh: int = 0
    sessions: int = 0


def sums(journeys: Iterable[Journey]) -> dict[tuple[str, date], Sum]:
    """By period (``day``, ``month``, ``year``) and its first local day.

    §3: charging amounts of sessions ended in it, blocking fees fallen due in it; sessions count that ended in
    it and delivered energy. Days are those of each session's location. Reading: energy counts, as the
    charging amount does, in the period in which charging ended.
    """
    found: defaultdict[tuple[str, date], Sum] = defaultdict(Sum)
    for journey in journeys:
        says, zone, currency = (
            bill(journey.terms, journey.account),
            journey.terms.zone,
            journey.terms.currency,
        )
        assert says.ended is not None
        for period in periods(says.ended, zone):
            found[period].revenue[currency] += says.charging
            found[period].energy_wh += says.energy_wh
            found[period].sessions += says.energy_wh > 0
        for line in says.lines:
            if line.kind == "blockingFee":
                for period in periods(line.until, zone):
                    found[period].revenue[currency] += line.gross
    return dict(found)


def periods(at: datetime, zone: str) -> tuple[tuple[str, date], ...]:
    """The day, month and year of an instant at a location."""
    day = at.astimezone(ZoneInfo(zone)).date()
    return ("day", day), ("month", day.replace(day=1)), ("year", day.replace(month=1, day=1))
