"""Sums of what sessions did cost and would cost, by location and by local day, each in its currency."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import NamedTuple

from eosvolt.domain.calendar import local_date
from eosvolt.domain.money import Money
from eosvolt.projections.session_row import SessionRow
from eosvolt.projections.what_if import WhatIf

Rated = tuple[SessionRow, WhatIf]
Key = tuple[str, str]


class Sum(NamedTuple):
    """What ``sessions`` sessions did cost and would cost, gross in minor units."""

    sessions: int = 0
    then: int = 0
    now: int = 0

    def plus(self, found: WhatIf) -> "Sum":
        """With one more session."""
        return Sum(self.sessions + 1, self.then + found.then, self.now + found.now.gross.minor)


class Compared(NamedTuple):
    """One row: its sum in one currency, as money."""

    key: str
    sessions: int
    then: Money
    now: Money

    @property
    def difference(self) -> Money:
        """By how much it would be more."""
        return self.now - self.then


class PriceDifferences(NamedTuple):
    """All sums, the totals by currency; ``by_day`` in the order of the calendar."""

    totals: Sequence[Compared]
    by_location: Sequence[Compared]
    by_day: Sequence[Compared]


async def compared(rated: AsyncIterator[Sequence[Rated]]) -> PriceDifferences:
    """The sums over everything that was rated."""
    totals: dict[Key, Sum] = defaultdict(Sum)
    locations: dict[Key, Sum] = defaultdict(Sum)
    days: dict[Key, Sum] = defaultdict(Sum)
    async for some in rated:
        for row, found in some:
            day = _day(row)
            for sums, key in ((totals, ""), (locations, row.location), (days, day.isoformat())):
                sums[key, row.currency] = sums[key, row.currency].plus(found)
    return PriceDifferences(_rows(totals), _rows(locations), _rows(days))


def _day(row: SessionRow) -> date:
    return local_date(row.ended_at or row.started_at, row.time_zone)


def _rows(sums: dict[Key, Sum]) -> Sequence[Compared]:
    return [
        Compared(key, each.sessions, Money(currency, each.then), Money(currency, each.now))
        for (key, currency), each in sorted(sums.items())
    ]
