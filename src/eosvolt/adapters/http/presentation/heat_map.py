"""The days that a heat map of session starts is about."""

from datetime import date, timedelta

from eosvolt.adapters.http.presentation.ranges import Range

_OF_A_YEAR = timedelta(days=31)


def heat_map_days(shown: Range, today: date) -> tuple[date, date]:
    """The days of a heat map: the whole range, of a year its last 31 days so far."""
    if shown.name != "year":
        return shown.since, shown.until
    until = max(min(shown.until, today + timedelta(days=1)), shown.since)
    return max(shown.since, until - _OF_A_YEAR), until
