"""The price of a session: its energy or its time, split where the price changes, one line per period.

Quantities are whole Wh and whole seconds. A line's amount is its quantity times its price, rounded half-up to
the currency's minor unit, so that anybody can recompute it. The total is the sum of the lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.money import Money, Taxed, round_half_up, with_vat_inside
from eosvolt.domain.tariffs.energy import EnergyCurve
from eosvolt.domain.tariffs.pauses import CountedTime, Pause
from eosvolt.domain.tariffs.tariff import Period, Strategy, Tariff, period_at, price_periods

_SECOND = timedelta(seconds=1)


class _Quantity(NamedTuple):
    """A billed quantity, counted in Wh or seconds; ``whole_units`` of them are one ``unit`` of the price."""

    kind: str
    unit: str
    whole_units: int
    decimals: int


_ENERGY = _Quantity("energy", "kWh", 1000, 3)
_TIME = _Quantity("time", "min", 60, 2)
_FINEST = 12


class PriceLine(Struct, frozen=True):
    """One line of a bill. ``price`` is gross per ``unit``; ``gross == net + vat``.

    ``kind`` is ``energy`` (``unit`` ``kWh``, whole Wh), ``time`` (``min``, whole seconds) or ``blockingFee``
    (``interval``). The amount is ``quantity`` × ``price``, rounded half-up; the quantities of all lines add
    up to the session's. Bills from before November 2026 were rounded from exact quantities instead.
    """

    kind: str
    since: datetime
    until: datetime
    quantity: Decimal
    unit: str
    price: Decimal
    gross: Money
    net: Money
    vat: Money


def rate(
    tariff: Tariff, since: datetime, until: datetime, curve: EnergyCurve, not_billed: Sequence[Pause] = ()
) -> tuple[PriceLine, ...]:
    """The lines for ``[since, until)``: energy on ``curve`` per kWh, or elapsed time per minute.

    ``not_billed`` are pauses that are not billed per minute: the operator throttled the car, or the plug was
    out of order. What is free of a booked session is in lines of its own, with the price 0. Lines with
    quantity 0 are left out.
    """
    periods = price_periods(tariff, since, until)
    match tariff.strategy:
        case Strategy.PER_KWH:
            if since == until:
                # A charger whose clock stood still delivers all of its energy in one instant.
                periods = [_instant(tariff, since)]
            counts = zip(periods, apportioned(_energy(curve, periods)), strict=True)
            return tuple(_lines(tariff, _ENERGY, _less_free(counts, tariff.free_wh)))
        case Strategy.PER_MINUTE:
            periods = _free_until(periods, tariff, curve, until)
            counted = CountedTime(not_billed)
            seconds = [
                Fraction(counted.between(p.since, p.until) // MICROSECOND, _SECOND // MICROSECOND)
                for p in periods
            ]
            return tuple(_lines(tariff, _TIME, zip(periods, apportioned(seconds), strict=True)))


def total(lines: Iterable[PriceLine], currency: str) -> Taxed:
    """The sum of the lines, zero without any. Raises ``ValueError`` for a line in another currency."""
    gross = net = vat = Money.zero(currency)
    for line in lines:
        gross, net, vat = gross + line.gross, net + line.net, vat + line.vat
    return Taxed(gross, net, vat)


def apportioned(parts: Sequence[Fraction]) -> list[int]:
    """Round non-negative parts to whole numbers whose sum is that of the parts, rounded half-up.

    Largest remainder method: what rounding down leaves goes to the largest remainders, earlier parts first.
    """
    whole = [int(part) for part in parts]
    left_over = int(sum(parts, Fraction(1, 2))) - sum(whole)
    by_remainder = sorted(range(len(parts)), key=lambda index: whole[index] - parts[index])
    for index in by_remainder[:left_over]:
        whole[index] += 1
    return whole


def _instant(tariff: Tariff, at: datetime) -> Period:
    period = period_at(tariff, at)
    return Period(at, at, period.price, period.window)


def _energy(curve: EnergyCurve, periods: Sequence[Period]) -> list[Fraction]:
    """The energy in Wh of each period."""
    if not periods:
        return []
    last = periods[-1]
    reached = curve.delivered([*(p.since for p in periods), max(last.until, last.since + MICROSECOND)])
    return [after - before for before, after in pairwise(reached)]


def _less_free(counts: Iterable[tuple[Period, int]], free_wh: int) -> Iterator[tuple[Period, int]]:
    """The energy of each period in Wh, with the first ``free_wh`` of them apart, at the price 0."""
    left = free_wh
    for period, units in counts:
        free = min(left, units)
        left -= free
        if period.price:
            yield _at_no_price(period), free
            yield period, units - free
        else:
            yield period, units


def _free_until(
    periods: Sequence[Period], tariff: Tariff, curve: EnergyCurve, until: datetime
) -> list[Period]:
    """The periods, cut where the free energy was delivered: time before that has the price 0."""
    if not tariff.free_wh:
        return list(periods)
    paid_from = curve.reached(tariff.free_wh) or until
    free = [_at_no_price(each, paid_from) for each in periods if each.since < paid_from]
    paid = [
        Period(max(each.since, paid_from), each.until, each.price, each.window)
        for each in periods
        if each.until > paid_from
    ]
    return [*free, *paid]


def _at_no_price(period: Period, until: datetime | None = None) -> Period:
    ends = period.until if until is None else min(period.until, until)
    return Period(period.since, ends, Decimal(0), period.window)


def _lines(tariff: Tariff, counted: _Quantity, counts: Iterable[tuple[Period, int]]) -> Iterator[PriceLine]:
    for period, units in counts:
        if not units:
            continue
        gross = round_half_up(Fraction(period.price) * units / counted.whole_units, tariff.currency)
        taxed = with_vat_inside(gross, tariff.vat_rate)
        yield PriceLine(
            kind=counted.kind,
            since=period.since,
            until=period.until,
            quantity=shown_quantity(units, counted.whole_units, counted.decimals),
            unit=counted.unit,
            price=period.price,
            gross=taxed.gross,
            net=taxed.net,
            vat=taxed.vat,
        )


def whole_seconds(line: PriceLine) -> int | None:
    """The whole seconds of a line; ``None`` if it does not bill time or has only rounded minutes."""
    seconds = int(line.quantity * 60 + Decimal("0.5"))
    if line.unit != _TIME.unit or shown_quantity(seconds, _TIME.whole_units, _TIME.decimals) != line.quantity:
        return None
    return seconds


def shown_quantity(units: int, whole_units: int, decimals: int) -> Decimal:
    """``units / whole_units`` as a decimal number.

    Exact with ``decimals`` places where that is possible. Other values, such as a third of a minute, are
    rounded up at the twelfth place. That keeps quantity × price, rounded half-up, equal to the amount that
    the whole seconds give.
    """
    scaled, rest = divmod(units * 10**decimals, whole_units)
    if not rest:
        return Decimal(f"{scaled}E-{decimals}")
    return Decimal(f"{-(-units * 10**_FINEST // whole_units)}E-{_FINEST}")
