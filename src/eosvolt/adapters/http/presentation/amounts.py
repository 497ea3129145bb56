"""Amounts as people read them: money and prices with their currency, energy, quantities, shares."""

import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, format_decimal

from eosvolt.adapters.http.framework.texts import current, ngettext
from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.rating import PriceLine, whole_seconds

_LETTERS_BEFORE_DIGITS = re.compile(r"(?<=[A-Za-z])(?=[0-9])")
_KWH_IN_MWH = 1000


def money(value: Money) -> str:
    """An amount with its currency, e.g. ``€12.34``."""
    return _money(value.amount, value.currency, current().locale)


def price(amount: Decimal, currency: str) -> str:
    """A price per unit with its decimals, at least the currency's own: ``€0.50``, ``€0.4567``."""
    # A zero has no sign here: it equals one that has, and both are kept as one.
    return _price(amount + 0, currency, current().locale)


# Lists say the same prices and amounts again and again, and CLDR's patterns take a while.
@lru_cache(maxsize=10_000)
def _money(amount: Decimal, currency: str, locale: str) -> str:
    return _spaced(format_currency(amount, currency, locale=locale))


@lru_cache(maxsize=10_000)
def _price(amount: Decimal, currency: str, locale: str) -> str:
    decimals = max(-int(amount.normalize().as_tuple().exponent), 0)
    least = max(-int(Money.zero(currency).amount.as_tuple().exponent), 0)
    shown = "." + "0" * max(decimals, least) if decimals or least else ""
    usual: str = Locale.parse(locale).currency_formats["standard"].pattern
    pattern = usual.replace(".00", shown)
    return _spaced(format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False))


def energy(wh: int) -> str:
    """Energy in kWh to the Wh, e.g. ``0.075 kWh`` and ``12.00 kWh``; MWh from a thousand kWh on."""
    kwh = Decimal(wh) / 1000
    if kwh >= _KWH_IN_MWH:
        return f"{decimal_text(kwh / 1000, format='#,##0.00')} MWh"
    return f"{decimal_text(kwh, format='#,##0.000' if wh % 10 else '#,##0.00')} kWh"


def count(number: int) -> str:
    """A whole number with separators."""
    return decimal_text(number)


def quantity(number: Decimal) -> str:
    """A quantity with the decimals that it has."""
    decimals = max(-int(number.as_tuple().exponent), 0)
    return format_decimal(
        number, format="#,##0" + ("." + "0" * decimals if decimals else ""), locale=current().locale
    )


def counted(line: PriceLine) -> str:
    """A price line's quantity with its unit: whole seconds as minutes and seconds, so that it is exact."""
    if line.unit == "interval":
        return ngettext("{number} interval", "{number} intervals", int(line.quantity))
    seconds = whole_seconds(line)
    if seconds is None:
        return f"{quantity(line.quantity)} {line.unit}"
    minutes, rest = divmod(seconds, 60)
    return f"{count(minutes)} min {rest:02} s" if rest else f"{count(minutes)} min"


def percent(fraction: Decimal) -> str:
    """A share, e.g. 0.19 as ``19 %``."""
    return f"{quantity((fraction * 100).normalize() + 0)} %"


def decimal_text(number: Decimal | int, format: str = "#,##0") -> str:  # noqa: A002 - as Babel calls it
    """A number in a pattern of CLDR."""
    return format_decimal(number, format=format, locale=current().locale)


def _spaced(text: str) -> str:
    """Letters keep a distance from the figures: ``CZK 12.90`` beside ``€12.90``."""
    return _LETTERS_BEFORE_DIGITS.sub("\u00a0", text)


def kwh(wh: int) -> str:
    """Energy in kWh to the Wh and without unit, for columns with the unit in their head."""
    return decimal_text(Decimal(wh) / 1000, format="#,##0.000")


def kwh_text(wh: int) -> str:
    """Energy in kWh as forms and the API have it: a decimal number without useless zeros."""
    whole, rest = divmod(wh, 1000)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)
