"""What a tariff means: the bill of an imagined session, made by the very functions that bill real ones."""

from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.calendar import local_date, local_time
from eosvolt.domain.money import Taxed
from eosvolt.domain.tariffs.blocking_fee import due_times, fee_line
from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.rating import PriceLine, rate, total
from eosvolt.domain.tariffs.tariff import Tariff

STARTS = 17 * 60
LASTS = timedelta(hours=2)
ENERGY_WH = 22_000


class Example(NamedTuple):
    """A session from 17:00 to 19:00 with 22 kWh whose car stays for two blocking intervals more."""

    lines: tuple[PriceLine, ...]
    total: Taxed
    since: datetime
    until: datetime
    freed: datetime


def example_of(tariff: Tariff, now: datetime) -> Example:
    """The bill of today's example session."""
    since = local_time(local_date(now, tariff.time_zone), STARTS, tariff.time_zone)
    until = since + LASTS
    curve = EnergyCurve((EnergyPoint(since, 0), EnergyPoint(until, ENERGY_WH)))
    lines = list(rate(tariff, since, until, curve))
    freed = until
    if tariff.blocking_fee is not None:
        for number, due in enumerate(due_times(tariff.blocking_fee, until, 2), start=1):
            line = fee_line(tariff, until, number, due)
            freed = due
            if line is not None:
                lines.append(line)
    return Example(tuple(lines), total(lines, tariff.currency), since, until, freed)
