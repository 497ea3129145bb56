"""What a tariff means: the bill of an imagined session, made by the very functions that bill real ones."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from eosvolt.domain.calendar import clock, local_date, local_time, minutes_of_day
from eosvolt.domain.money import Money, Taxed
from eosvolt.domain.tariffs.blocking_fee import due_times, fee_line, intervals_due, most_intervals
from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from eosvolt.domain.tariffs.rating import PriceLine, rate, total
from eosvolt.domain.tariffs.tariff import Tariff

# In minutes.
LONGEST = 2880
# The fees that are shown in advance, beside the one that reaches the cap, if it comes soon enough.
STEPS = 4
MOST_STEPS = 600
_WHOLE = re.compile(r"[0-9]{1,4}")
_KWH = re.compile(r"[0-9]{1,3}([.,][0-9]{1,3})?")
FIELDS = ("exampleStarts", "exampleLasts", "exampleEnergy", "exampleStays")


class ExampleSession(NamedTuple):
    """An imagined session: its start in minutes of the local day, its energy, and how long the car stays."""

    starts: int = 17 * 60
    lasts: timedelta = timedelta(hours=2)
    energy_wh: int = 22_000
    stays: timedelta = timedelta(minutes=30)


class FeeStep(NamedTuple):
    """What a driver has to pay in fees ``after`` the end; ``capped``: it will not be more."""

    after: timedelta
    charged: Money
    capped: bool


class Example(NamedTuple):
    """The bill of a session, and the blocking fees of a car that stays longer and longer."""

    lines: tuple[PriceLine, ...]
    total: Taxed
    energy_wh: int
    since: datetime
    until: datetime
    freed: datetime
    steps: tuple[FeeStep, ...]


def example_of(tariff: Tariff, now: datetime, session: ExampleSession | None = None) -> Example:
    """The bill of a session of today, the usual one by default."""
    starts, lasts, energy_wh, stays = session or ExampleSession()
    since = local_time(local_date(now, tariff.time_zone), starts, tariff.time_zone)
    until = since + lasts
    curve = EnergyCurve((EnergyPoint(since, 0), EnergyPoint(until, energy_wh)))
    lines = list(rate(tariff, since, until, curve))
    freed = until
    if tariff.blocking_fee is not None:
        freed = until + stays
        lines += _fees(tariff, until, intervals_due(tariff.blocking_fee, until, freed))
    bill = total(lines, tariff.currency)
    return Example(_together(lines), bill, energy_wh, since, until, freed, _steps(tariff, until))


def _together(lines: Sequence[PriceLine]) -> tuple[PriceLine, ...]:
    """The lines, with fees of one amount as one."""
    shown: list[PriceLine] = []
    for line in lines:
        last = shown[-1] if shown else line
        if line.unit == "interval" and shown and (last.unit, last.price) == (line.unit, line.price):
            shown[-1] = replace(
                last,
                until=line.until,
                quantity=last.quantity + line.quantity,
                gross=last.gross + line.gross,
                net=last.net + line.net,
                vat=last.vat + line.vat,
            )
        else:
            shown.append(line)
    return tuple(shown)


def _fees(tariff: Tariff, ended: datetime, intervals: int) -> list[PriceLine]:
    if tariff.blocking_fee is None:
        return []
    due = enumerate(due_times(tariff.blocking_fee, ended, intervals), start=1)
    lines = (fee_line(tariff, ended, number, at) for number, at in due)
    return [line for line in lines if line is not None]


def _steps(tariff: Tariff, ended: datetime) -> tuple[FeeStep, ...]:
    fee = tariff.blocking_fee
    if fee is None:
        return ()
    most = most_intervals(fee)
    numbers = list(range(1, STEPS + 1))
    if most is not None and most <= MOST_STEPS:
        numbers = sorted({*(number for number in numbers if number < most), most} - {0})
    lines = _fees(tariff, ended, max(numbers, default=0))
    interval = timedelta(minutes=fee.interval_minutes)
    return tuple(
        FeeStep(interval * number, total(lines[:number], tariff.currency).gross, capped=number == most)
        for number in numbers
    )


def fields_of(session: ExampleSession) -> dict[str, str]:
    """The session as the fields of its form show it."""
    lasts, stays = (str(each // timedelta(minutes=1)) for each in (session.lasts, session.stays))
    energy = f"{(Decimal(session.energy_wh) / 1000).normalize():f}"
    return dict(zip(FIELDS, (clock(session.starts), lasts, energy, stays), strict=True))


def session_of(values: Mapping[str, object]) -> ExampleSession | None:
    """The session of the form's fields; ``None`` where one cannot be read. What is not sent is as usual."""
    typed = fields_of(ExampleSession()) | {
        name: str(values[name]).strip() for name in FIELDS if name in values
    }
    starts, lasts, energy, stays = (typed[name] for name in FIELDS)
    try:
        session = ExampleSession(
            starts=minutes_of_day(starts),
            lasts=_minutes(lasts),
            energy_wh=_energy(energy),
            stays=_minutes(stays),
        )
    except ValueError:
        return None
    return session if session.lasts and session.energy_wh else None


def _minutes(text: str) -> timedelta:
    if not _WHOLE.fullmatch(text) or int(text) > LONGEST:
        raise ValueError(text)
    return timedelta(minutes=int(text))


def _energy(text: str) -> int:
    """In watt-hours."""
    if not _KWH.fullmatch(text):
        raise ValueError(text)
    return int(Decimal(text.replace(",", ".")) * 1000)
