"""Checks of the query parameters of pages: an invalid value is refused, not ignored.

Each page lists its parameters that are not arbitrary text, with a check for their values. An empty value
counts as absent. Unknown parameters are ignored, because links may carry some.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from eosvolt.adapters.http.framework.plain_text import plain
from eosvolt.adapters.http.framework.problems import all_invalid
from eosvolt.adapters.http.framework.texts import gettext

# Returns the error of a value; empty if it is valid.
Check = Callable[[str], str]
QueryChecks = Mapping[str, Check]

FIRST_YEAR, LAST_YEAR = 1970, 2200


def check_query(request: Request, query_checks: QueryChecks) -> None:
    """Raise a 422 ``Problem`` with all parameters that have invalid values, each as ``?name``."""
    wrong = {
        f"?{name}": problem
        for name, value in request.query_params.multi_items()
        if name in query_checks and (text := plain(value)) and (problem := query_checks[name](text))
    }
    if wrong:
        raise all_invalid(list(wrong.items()))


def one_of(options: Iterable[str]) -> Check:
    """One of these texts."""
    known = tuple(options)
    options_named = ", ".join(known)
    return lambda text: "" if text in known else gettext("This is one of {options}.", options=options_named)


def in_order_of(columns: Iterable[str]) -> Check:
    """One of these columns, with a ``-`` in front for the greatest first."""
    return one_of(order for column in columns for order in (column, f"-{column}"))


def number(least: int, most: int) -> Check:
    """A whole number in these bounds, in ASCII digits."""

    def check(text: str) -> str:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if digits and least <= int(text) <= most:
            return ""
        return gettext("This is a whole number from {least} to {most}.", least=least, most=most)

    return check


def day(text: str) -> str:
    """A date of the calendar."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return gettext("This is a date like 2026-11-21.")
    return ""


def lived_day(text: str) -> str:
    """A date on which chargers may have charged: far from that, local time has no meaning."""
    if wrong := day(text):
        return wrong
    within = FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR
    if within:
        return ""
    return gettext("This is a date in the years {first} to {last}.", first=FIRST_YEAR, last=LAST_YEAR)


def moment(text: str) -> str:
    """An instant, or a local time."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return gettext("This is a time like 2026-11-21T10:00:00Z.")
    return ""


def currency(text: str) -> str:
    """A code of ISO 4217."""
    known = len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
    return "" if known else gettext("This is a currency's code like EUR.")


def instant(text: str, zone: str) -> datetime | None:
    """The instant of a parameter: RFC 3339, or local time in ``zone``. ``None`` for anything else."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except OverflowError:
        # Within a day of either end of the calendar.
        return datetime(1, 1, 1, tzinfo=UTC) if at.year == 1 else datetime(9999, 12, 31, tzinfo=UTC)
