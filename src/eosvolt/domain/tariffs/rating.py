"""What a session costs: its energy or its time, cut where the price changes, a line for each price.

Quantities are exact until a line is rounded, half-up, to the currency's minor unit; the total is the sum of
the lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from msgspec import Struct

from eosvolt.domain.money import Money, Taxed, round_half_up, with_vat_inside
from eosvolt.domain.tariffs.energy import EnergyCurve
from eosvolt.domain.tariffs.pauses import Pause, elapsed
from eosvolt.domain.tariffs.tariff import Period, Strategy, Tariff, period_at, price_periods

_TICK = timedelta(microseconds=1)
_MINUTE = timedelta(minutes=1)


class _Quantity(NamedTuple):
    kind: str
    unit: str
    decimals: int


_ENERGY = _Quantity("energy", "kWh", 3)
_TIME = _Quantity("time", "min", 2)


class PriceLine(Struct, frozen=True):
    """One line of a bill. ``price`` is gross per ``unit``; ``gross == net + vat``.

    ``kind`` is ``energy`` (``unit`` ``kWh``, three decimals), ``time`` (``min``, two decimals) or
    ``blockingFee`` (``interval``). The amount comes from the exact quantity; ``quantity`` is what is shown of
    it, so that the quantities of all lines add up to the session's.
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
    tariff: Tariff, since: datetime, until: datetime, curve: EnergyCurve, throttled: Sequence[Pause] = ()
) -> tuple[PriceLine, ...]:
    """The lines for ``[since, until)``: energy on ``curve`` per kWh, or elapsed time per minute.

    ``throttled`` are the times in which the operator held the car back; they are never billed as time. Lines
    with nothing to show and nothing to pay are left out.
    """
    periods = price_periods(tariff, since, until)
    match tariff.strategy:
        case Strategy.PER_KWH:
            if since == until:
                # A charger whose clock stood still delivers all of its energy in one instant.
                periods = [_instant(tariff, since)]
            energy = [curve.energy_between(p.since, max(p.until, p.since + _TICK)) / 1000 for p in periods]
            return tuple(_lines(tariff, _ENERGY, periods, energy))
        case Strategy.PER_MINUTE:
            minutes = [
                Fraction(elapsed(p.since, p.until, throttled) // _TICK, _MINUTE // _TICK) for p in periods
            ]
            return tuple(_lines(tariff, _TIME, periods, minutes))


def total(lines: Iterable[PriceLine], currency: str) -> Taxed:
    """The sum of the lines, zero without any; ``ValueError`` for a line in another currency."""
    gross = net = vat = Money.zero(currency)
    for line in lines:
        gross, net, vat = gross + line.gross, net + line.net, vat + line.vat
    return Taxed(gross, net, vat)


def apportioned(parts: Sequence[Fraction]) -> list[int]:
    """Whole numbers for non-negative parts that add up to their sum, rounded half-up.

    The units that rounding down left over go to the largest remainders, the earlier part first.
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


def _lines(
    tariff: Tariff, counted: _Quantity, periods: Sequence[Period], amounts: Sequence[Fraction]
) -> Iterator[PriceLine]:
    shown = apportioned([amount * 10**counted.decimals for amount in amounts])
    for period, amount, units in zip(periods, amounts, shown, strict=True):
        gross = round_half_up(Fraction(period.price) * amount, tariff.currency)
        if units or gross.minor:
            taxed = with_vat_inside(gross, tariff.vat_rate)
            yield PriceLine(
                kind=counted.kind,
                since=period.since,
                until=period.until,
                quantity=Decimal(f"{units}E-{counted.decimals}"),
                unit=counted.unit,
                price=period.price,
                gross=taxed.gross,
                net=taxed.net,
                vat=taxed.vat,
            )
