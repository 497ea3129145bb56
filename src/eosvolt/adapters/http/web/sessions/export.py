"""The export of the list of sessions: its form, what is wrong with what was asked for, and the file."""

from datetime import date, timedelta

from starlette.responses import Response

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.exports import MOST_DAYS, dated, days_of
from eosvolt.adapters.http.presentation.session_table import sessions_download
from eosvolt.adapters.http.web.sessions.filter import order, wanted
from eosvolt.adapters.http.web.sessions.view_models import ExportForm
from eosvolt.adapters.http.web.shell.exports import table_format
from eosvolt.adapters.http.web.shell.page_request import PageRequest

# What the form has fields for, or what is about the page alone.
_OWN = ("from", "to", "format", "column", "cursor", "before", "totals")


def export_form(request: PageRequest, problem: str) -> ExportForm | None:
    """The form, with the days of the filter or the last 30; ``None`` for whoever may not export."""
    if not request.may("export", "sessions"):
        return None
    since, until = request.query("from"), request.query("to")
    if not problem:
        until = until or request.today.isoformat()
        last = date.fromisoformat(until)
        earliest = last - timedelta(days=MOST_DAYS - 1)
        since = since or earliest.isoformat()
    return ExportForm(
        since=since,
        until=until,
        kind=request.query("format", "xlsx"),
        problem=problem,
        most_days=MOST_DAYS,
        rest=[(name, value) for name, value in request.raw.query_params.multi_items() if name not in _OWN],
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


async def exported(request: PageRequest) -> Response:
    """The file of the filtered sessions."""
    since, until = date.fromisoformat(request.query("from")), date.fromisoformat(request.query("to"))
    return await sessions_download(
        request.dependencies,
        request.queries,
        request.number,
        wanted(request),
        name=dated("sessions", since, until),
        sort=order(request),
        now=request.now,
        as_of=request.as_of,
        form=table_format("xlsx" if request.query("format") == "xlsx" else "csv"),
    )
