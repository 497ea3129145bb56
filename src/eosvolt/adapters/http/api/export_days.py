"""The days of an export in a query: the first and the last, at most 30."""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.adapters.http.presentation.exports import MOST_DAYS, days_of

FIRST_YEAR, LAST_YEAR = 1970, 2200

Decimals = Annotated[
    Literal["point", "comma"],
    Meta(description="In CSV files; with a `comma`, semicolons separate the cells."),
]


def export_days(since: date, until: date) -> tuple[date, date]:
    """The first and the last day. Raises a 422 ``Problem`` unless they are 1 to 30 days."""
    for name, day in (("?from", since), ("?to", until)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise invalid(name, f"This is a date in the years {FIRST_YEAR} to {LAST_YEAR}.")
    days = days_of(since, until)
    if days < 1:
        raise invalid("?to", "The last day is before the first.")
    if days > MOST_DAYS:
        raise invalid("?to", f"An export covers at most {MOST_DAYS} days; these are {days}.")
    return since, until
