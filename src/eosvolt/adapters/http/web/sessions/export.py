"""The export of the list of sessions: its form and the file."""

from datetime import date

from starlette.responses import Response

from eosvolt.adapters.http.presentation.exports import dated
from eosvolt.adapters.http.presentation.session_table import sessions_download
from eosvolt.adapters.http.web.sessions.filter import order, wanted
from eosvolt.adapters.http.web.shell.export_form import ExportForm, export_form
from eosvolt.adapters.http.web.shell.exports import table_format
from eosvolt.adapters.http.web.shell.page_request import PageRequest

# What the form has fields for, or what is about the page alone.
_OWN = ("from", "to", "format", "column", "cursor", "before", "totals")


def session_export_form(request: PageRequest, problem: str) -> ExportForm | None:
    """The form; ``None`` for whoever may not export."""
    if not request.may("export", "sessions"):
        return None
    rest = [(name, value) for name, value in request.raw.query_params.multi_items() if name not in _OWN]
    return export_form(request, problem, rest)


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
