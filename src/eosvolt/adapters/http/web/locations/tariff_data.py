"""The texts of a tariff's fields in a form, and its windows."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.domain.calendar import clock, minutes_of_day
from eosvolt.domain.tariffs.tariff import Tariff

NUMBER = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})?")


class WindowLine(NamedTuple):
    """A window as it was typed."""

    starts: str
    ends: str
    price: str


def wrong_window(window: WindowLine) -> Iterator[str]:
    """What is wrong with a window as it was typed."""
    if not NUMBER.fullmatch(window.price):
        yield gettext("Each window needs a price, for example 0.80.")
    for text in (window.starts, window.ends):
        try:
            minutes_of_day(text)
        except ValueError:
            yield (
                gettext("{text} is not a time of day.", text=text)
                if text
                else gettext("Each window needs a start and an end.")
            )


def values_of_tariff(tariff: Tariff) -> dict[str, str]:
    """The texts of a tariff's fields, without its windows."""
    fee = tariff.blocking_fee
    return {
        "timeZone": tariff.time_zone,
        "currency": tariff.currency,
        "vat": text(tariff.vat_rate * 100),
        "strategy": tariff.strategy.value,
        "price": f"{tariff.price:f}",
        "fee": f"{fee.amount:f}" if fee else "",
        "interval": str(fee.interval_minutes) if fee else "15",
        "cap": f"{fee.cap:f}" if fee and fee.cap is not None else "",
    }


def windows_of(tariff: Tariff) -> tuple[WindowLine, ...]:
    """The windows of a tariff as the form shows them."""
    windows = (WindowLine(clock(w.starts), clock(w.ends % 1440), f"{w.price:f}") for w in tariff.windows)
    return tuple(sorted(windows))


def windows_text(windows: Sequence[WindowLine]) -> str:
    """The windows in one line, e.g. ``00:00–06:00 0.80, 18:00–00:00 0.70``."""
    return ", ".join(f"{each.starts}–{each.ends} {each.price}" for each in sorted(windows))


def text(number: Decimal) -> str:
    """A number without zeros at its end."""
    return f"{number.normalize() + 0:f}"


def decimal(typed: str) -> Decimal:
    """A number that was typed with a point or a comma."""
    return Decimal(typed.replace(",", "."))
