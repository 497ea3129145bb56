"""The prices of a group as a form has them: one line a location, with percent off or a price of its own."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.locations.tariff_data import windows_of, windows_text
from eosvolt.domain.calendar import MINUTES_A_DAY, minutes_of_day
from eosvolt.domain.customer_groups.prices import GroupPrice, price_problems
from eosvolt.domain.tariffs.tariff import Strategy, Tariff, Window

PERCENT, PER_KWH, PER_MINUTE, KEPT = "percent", "perKwh", "perMinute", "kept"
KINDS = {
    PERCENT: Text("Percent off"),
    PER_KWH: Text("Own price per kWh"),
    PER_MINUTE: Text("Own price per minute"),
    KEPT: Text("Own tariff, as it is"),
}
_STRATEGIES = {PER_KWH: Strategy.PER_KWH, PER_MINUTE: Strategy.PER_MINUTE}
_NUMBER = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})?", re.ASCII)
# A time of day with its price, e.g. 00:00–06:00 0.25; a comma or a semicolon is before the next.
_WINDOW = re.compile(
    rf"\s*(\d\d?:\d\d)\s*[-–]\s*(\d\d?:\d\d)\s+({_NUMBER.pattern})\s*(?:[,;]\s*(?=\d)|$)", re.ASCII
)


class TypedPrice(NamedTuple):
    """A price as it was typed; ``location`` is an id, ``times`` are other prices by time of day."""

    location: str
    kind: str
    value: str
    times: str = ""


def lines_of(prices: Iterable[GroupPrice], places: Mapping[str, Tariff]) -> list[TypedPrice]:
    """Prices as the form shows them. A tariff that the form cannot say is only kept."""
    return [_line(price, places) for price in prices if price.location in places]


def typed_lines(form: FormData) -> list[TypedPrice]:
    """The form as it was sent, without empty lines."""
    columns = (
        [str(value).strip() for value in form.getlist(name)] for name in ("place", "kind", "value", "times")
    )
    lines = (TypedPrice(*each) for each in zip_longest(*columns, fillvalue=""))
    return [line for line in lines if line.value or line.times or line.kind == KEPT]


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
            if line.times:
                raise ValueError(
                    gettext("Percent off hold at all times of day: leave the other prices empty.")
                )
            yield GroupPrice(location=line.location, percent_off=number)
            continue
        own = Tariff(
            currency=place.currency,
            strategy=_STRATEGIES[line.kind],
            price=number,
            windows=typed_windows(line.times),
            vat_rate=place.vat_rate,
            time_zone=place.time_zone,
            blocking_fee=place.blocking_fee,
        )
        yield GroupPrice(location=line.location, tariff=own)


def typed_windows(text: str) -> tuple[Window, ...]:
    """The windows of a text. Raises ``ValueError`` with what is wrong."""
    found, at = [], 0
    while at < len(text):
        part = _WINDOW.match(text, at)
        if part is None:
            wrong = gettext(
                "{text} is not a time with a price such as 00:00–06:00 0.25.", text=text[at : at + 60]
            )
            raise ValueError(wrong)
        starts, ends = (_minutes(part.group(number)) for number in (1, 2))
        found.append(Window(starts, ends or MINUTES_A_DAY, Decimal(part.group(3).replace(",", "."))))
        at = part.end()
    return tuple(sorted(found, key=lambda window: window.starts))


def _minutes(text: str) -> int:
    if text == "24:00":
        return MINUTES_A_DAY
    try:
        return minutes_of_day(text.rjust(5, "0"))
    except ValueError:
        raise ValueError(gettext("{text} is not a time of day.", text=text)) from None


def _line(price: GroupPrice, places: Mapping[str, Tariff]) -> TypedPrice:
    own = price.tariff
    if own is None:
        return TypedPrice(price.location, PERCENT, f"{price.percent_off:f}")
    if own.blocking_fee != places[price.location].blocking_fee:
        return TypedPrice(price.location, KEPT, "")
    kind = next(kind for kind, strategy in _STRATEGIES.items() if strategy is own.strategy)
    return TypedPrice(price.location, kind, f"{own.price:f}", windows_text(windows_of(own)))
