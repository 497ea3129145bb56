"""Dates and instants as CLDR writes them, for pages and documents."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from eosvolt.adapters.http.framework.texts import LOCALES, current, gettext

# The names of clocks by zone, offset from UTC, summer time and language: some hundreds at most.
_ZONE_TEXTS: dict[tuple[str, timedelta | None, bool, str], str] = {}


def day_pattern() -> str:
    """A day of a month as CLDR writes patterns; some languages put a full stop behind the number."""
    return gettext("d MMM")


def date_text(day: date, pattern: str) -> str:
    """A date in a CLDR pattern."""
    return _date_text(day, pattern, current().code)


def zone_text(local: datetime, zone: str) -> str:
    """The short name of the clock of an instant, e.g. ``CEST``."""
    key = zone, local.utcoffset(), bool(local.dst()), current().code
    if key not in _ZONE_TEXTS:
        _ZONE_TEXTS[key] = format_datetime(local, "zzz", locale=current().locale)
    return _ZONE_TEXTS[key]


def exact_moment(at: datetime | None, zone: str) -> str:
    """An instant on a location's clock to the second, with its zone: an hour may occur twice a year."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_text(local.date(), f'{day_pattern()} y')} {local:%H:%M:%S} {zone_text(local, zone)}"


def minute_text(at: datetime, zone: str) -> str:
    """An instant on a location's clock to the minute, with its year, e.g. ``21 Nov 2026 14:00``."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{date_text(local.date(), f'{day_pattern()} y')} {local:%H:%M}"


def time_span(since: datetime, until: datetime, zone: str) -> str:
    """A time on a location's clock, e.g. ``21 Nov 2026 14:00–15:00``; its date once if it is of one day."""
    begins, ends = since.astimezone(ZoneInfo(zone)), until.astimezone(ZoneInfo(zone))
    end = f"{ends:%H:%M}" if begins.date() == ends.date() else minute_text(until, zone)
    return f"{minute_text(since, zone)}–{end}"


@lru_cache(maxsize=4096)
def _date_text(day: date, pattern: str, code: str) -> str:
    # A page of a list has hundreds of instants, of few days.
    return format_date(day, pattern, locale=LOCALES[code])
