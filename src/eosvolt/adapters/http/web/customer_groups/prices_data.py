"""The prices of a group as a form has them: one line a location, with percent off or a price of its own."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.domain.customer_groups.prices import GroupPrice, price_problems
from eosvolt.domain.tariffs.tariff import Strategy, Tariff

PERCENT, PER_KWH, PER_MINUTE, KEPT = "percent", "perKwh", "perMinute", "kept"
KINDS = {
    PERCENT: Text("Percent off"),
    PER_KWH: Text("Own price per kWh"),
    PER_MINUTE: Text("Own price per minute"),
    KEPT: Text("Own tariff, as it is"),
}
_STRATEGIES = {PER_KWH: Strategy.PER_KWH, PER_MINUTE: Strategy.PER_MINUTE}
_NUMBER = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})?", re.ASCII)


class TypedPrice(NamedTuple):
    """A price as it was typed; ``location`` is an id."""

    location: str
    kind: str
    value: str


def lines_of(prices: Iterable[GroupPrice], places: Mapping[str, Tariff]) -> list[TypedPrice]:
    """Prices as the form shows them. A tariff that the form cannot say is only kept."""
    return [_line(price, places) for price in prices if price.location in places]


def typed_lines(form: FormData) -> list[TypedPrice]:
    """The form as it was sent, without empty lines."""
    columns = ([str(value).strip() for value in form.getlist(name)] for name in ("place", "kind", "value"))
    lines = (TypedPrice(*each) for each in zip(*columns, strict=False))
    return [line for line in lines if line.value or line.kind == KEPT]


def prices_of(
    lines: Sequence[TypedPrice], places: Mapping[str, Tariff], before: Sequence[GroupPrice]
) -> tuple[tuple[GroupPrice, ...], str]:
    """The prices, and what is wrong with them; empty if all is well.

    Prices ``before`` at locations that are not among the ``places`` of whoever sends the form stay.
    """
    kept = tuple(price for price in before if price.location not in places)
    try:
        found = tuple(_prices(lines, places, {price.location: price for price in before}))
    except ValueError as wrong:
        return (), str(wrong)
    return (*kept, *found), next((sentence for _, sentence in price_problems(found)), "")


def _prices(
    lines: Iterable[TypedPrice], places: Mapping[str, Tariff], before: Mapping[str, GroupPrice]
) -> Iterator[GroupPrice]:
    for line in lines:
        place = places.get(line.location)
        if place is None or line.kind not in KINDS:
            raise ValueError(gettext("Choose a location and a kind of price."))
        if line.kind == KEPT:
            if line.location in before:
                yield before[line.location]
            continue
        if not _NUMBER.fullmatch(line.value):
            raise ValueError(gettext("{text} is not a number such as 12.5.", text=line.value[:60]))
        number = Decimal(line.value.replace(",", "."))
        if line.kind == PERCENT:
            yield GroupPrice(location=line.location, percent_off=number)
            continue
        own = Tariff(
            currency=place.currency,
            strategy=_STRATEGIES[line.kind],
            price=number,
            vat_rate=place.vat_rate,
            time_zone=place.time_zone,
            blocking_fee=place.blocking_fee,
        )
        yield GroupPrice(location=line.location, tariff=own)


def _line(price: GroupPrice, places: Mapping[str, Tariff]) -> TypedPrice:
    own = price.tariff
    if own is None:
        return TypedPrice(price.location, PERCENT, f"{price.percent_off:f}")
    if own.windows or own.blocking_fee != places[price.location].blocking_fee:
        return TypedPrice(price.location, KEPT, "")
    kind = next(kind for kind, strategy in _STRATEGIES.items() if strategy is own.strategy)
    return TypedPrice(price.location, kind, f"{own.price:f}")
