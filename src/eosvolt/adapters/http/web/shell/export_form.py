"""The form of an export of some days: which were asked for, and what is wrong with them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.exports import MOST_DAYS, days_of
from eosvolt.adapters.http.web.shell.page_request import PageRequest


class ExportForm(NamedTuple):
    """The form of the export: its days and format as they were asked for, and what was wrong with them.

    ``rest`` are the other parameters of the address.
    """

    since: str
    until: str
    kind: str
    problem: str
    most_days: int
    rest: Sequence[tuple[str, str]]


def export_form(request: PageRequest, problem: str, rest: Sequence[tuple[str, str]]) -> ExportForm:
    """The form, with the days of the filter or the last 30."""
    since, until = request.query("from"), request.query("to")
    if not problem:
        until = until or request.today.isoformat()
        since = since or (date.fromisoformat(until) - timedelta(days=MOST_DAYS - 1)).isoformat()
    return ExportForm(
        since=since,
        until=until,
        kind=request.query("format", "xlsx"),
        problem=problem,
        most_days=MOST_DAYS,
        rest=rest,
    )


def export_problem(request: PageRequest) -> str:
    """What is wrong with the days that were asked for; empty if nothing is."""
    since, until = request.query("from"), request.query("to")
    if not since or not until:
        return gettext("Choose the first and the last day.")
    days = days_of(date.fromisoformat(since), date.fromisoformat(until))
    if days < 1:
        return gettext("The last day is before the first.")
    if days > MOST_DAYS:
        return gettext(
            "An export covers at most {most} days; these are {days}. Choose fewer days.",
            most=MOST_DAYS,
            days=days,
        )
    return ""
