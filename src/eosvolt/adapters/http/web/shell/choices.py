"""What forms let choose from: countries, languages, time zones that are places, common currencies."""

import unicodedata
from functools import cache
from zoneinfo import available_timezones

import pycountry
from babel import Locale

from eosvolt.adapters.http.framework.texts import current
from eosvolt.domain.companies.settings import CompanyLanguage

CURRENCIES = ("EUR", "CHF", "CZK", "DKK", "GBP", "HUF", "JPY", "KWD", "NOK", "PLN", "RON", "SEK", "USD")


def countries() -> tuple[tuple[str, str], ...]:
    """The countries of ISO 3166-1 as code and name, by their names in the request's language."""
    return _countries(current().locale)


@cache
def _countries(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).territories
    found = ((each.alpha_2, names.get(each.alpha_2, each.name)) for each in pycountry.countries)
    return tuple(sorted(found, key=lambda each: _without_accents(each[1])))


def _without_accents(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()


@cache
def languages() -> tuple[tuple[str, str], ...]:
    """The languages of companies as code and name, each in itself."""
    return tuple(
        (each.value, str(Locale.parse(each.value).get_display_name()).capitalize())
        for each in CompanyLanguage
    )


@cache
def time_zones() -> tuple[str, ...]:
    """Time zones that are places; the database has many more names for them."""
    return (
        "UTC",
        *(name for name in sorted(available_timezones()) if "/" in name and not name.startswith("Etc/")),
    )
