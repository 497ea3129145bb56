"""The price of a group at a location: a tariff of its own, or percent off."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import msgspec

from eosvolt.domain.tariffs.tariff import FINEST_DECIMALS, Tariff, period_at
from eosvolt.domain.tariffs.tariff import problems as tariff_problems

_HUNDRED = Decimal(100)
_FINEST = Decimal(1).scaleb(-FINEST_DECIMALS)
# A discount has at most two decimals.
_FINEST_PERCENT = Decimal("0.01")


class GroupPrice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a group pays at a location: ``tariff``, or the location's prices with ``percent_off``.

    Percent are off prices per kWh and minute; the blocking fee is everybody's. A tariff of its own is in the
    location's currency; its VAT rate and time zone are those of the location.
    """

    location: str
    percent_off: Decimal | None = None
    tariff: Tariff | None = None


class PricedGroup(NamedTuple):
    """A group by id, with its name and prices."""

    group: str
    name: str
    prices: tuple[GroupPrice, ...]


class Pricing(NamedTuple):
    """The tariff to pin to a session, and the group whose price it is; empty for the location's own."""

    tariff: Tariff
    group: str = ""


def group_pricing(groups: Iterable[PricedGroup], location: str, tariff: Tariff, at: datetime) -> Pricing:
    """The price for a member of ``groups`` of a session that begins ``at`` where ``tariff`` is everybody's.

    Of several groups the one with the lowest price per kWh or minute at that instant; prices that are not
    counted as the location counts come last. Equal ones are in the order of their names.
    """
    priced = [
        Pricing(own, each.group)
        for each in sorted(groups, key=lambda each: (each.name.casefold(), each.group))
        for price in each.prices
        if price.location == location and (own := _applied(price, tariff)) is not None
    ]
    if not priced:
        return Pricing(tariff)
    return min(
        priced,
        key=lambda each: (each.tariff.strategy is not tariff.strategy, period_at(each.tariff, at).price),
    )


def price_problems(prices: Iterable[GroupPrice]) -> Iterator[tuple[str, str]]:
    """Every rule that prices break, as ``(pointer, sentence)``, with pointers such as ``/0/percentOff``."""
    seen: set[str] = set()
    for index, price in enumerate(prices):
        if price.location in seen:
            yield f"/{index}/locationId", "A group has one price at a location."
        seen.add(price.location)
        if (price.percent_off is None) is (price.tariff is None):
            yield f"/{index}", "A price of a group is a tariff or percent off."
        off = price.percent_off
        if off is not None and not (off.is_finite() and 0 < off <= _HUNDRED and off % _FINEST_PERCENT == 0):
            yield f"/{index}/percentOff", "A discount is above 0 and at most 100 percent, with 2 decimals."
        if price.tariff is not None:
            for pointer, sentence in tariff_problems(price.tariff):
                yield f"/{index}/tariff{pointer}", sentence


def _applied(price: GroupPrice, tariff: Tariff) -> Tariff | None:
    """The tariff of a group's price; ``None`` if it is in another currency than the location's."""
    if price.percent_off is not None:
        return _discounted(tariff, price.percent_off)
    own = price.tariff
    if own is None or own.currency != tariff.currency:
        return None
    return msgspec.structs.replace(own, vat_rate=tariff.vat_rate, time_zone=tariff.time_zone)


def _discounted(tariff: Tariff, percent_off: Decimal) -> Tariff:
    windows = tuple(
        msgspec.structs.replace(window, price=_less(window.price, percent_off)) for window in tariff.windows
    )
    return msgspec.structs.replace(tariff, price=_less(tariff.price, percent_off), windows=windows)


def _less(price: Decimal, percent_off: Decimal) -> Decimal:
    """The price with the discount, to as many decimals as a price may have, without useless zeros."""
    exact = price * (_HUNDRED - percent_off) / _HUNDRED
    rounded = exact.quantize(_FINEST, ROUND_HALF_UP).normalize()
    return rounded if int(rounded.as_tuple().exponent) <= 0 else rounded.quantize(Decimal(1))
