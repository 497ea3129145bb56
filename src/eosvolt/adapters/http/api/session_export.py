"""``/sessions/export``: the filtered sessions as a file."""

from datetime import date
from typing import Annotated

from msgspec import Meta, field, structs
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.export_days import Decimals, export_days
from eosvolt.adapters.http.api.sessions import SessionFilterQuery, wanted
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.presentation.exports import MEDIA, dated
from eosvolt.adapters.http.presentation.session_table import sessions_download
from eosvolt.application.operations.sessions import EXPORT
from eosvolt.application.table_files import FileKind, TableFormat
from eosvolt.domain.calendar import local_day


class SessionExportQuery(SessionFilterQuery, frozen=True, kw_only=True):
    """The days, the format, and the filter and order of the list.

    ``from`` and ``to`` are dates on the clock of ``location``, or else of the company's first location.
    """

    first: Annotated[date, Meta(description="The first day on which sessions started.")] = field(name="from")
    last: Annotated[date, Meta(description="The last day, at most the 30th.")] = field(name="to")
    format: FileKind = "csv"
    decimal: Decimals = "point"


@endpoint("GET", "/sessions/export", media=tuple(MEDIA.values()), needs=EXPORT)
async def export_sessions(call: ApiCall, query: SessionExportQuery) -> Response:
    """The sessions of the filter that started on some days, as a file.

    The rows and their order are those of the list. Local times have their zone in a column, and each has its
    instant in UTC beside it. In CSV, text that a spreadsheet would calculate has an apostrophe in front. A
    file that could not be completed ends without its last chunk.
    """
    since, until = export_days(query.first, query.last)
    rows = await call.queries.locations(call.company)
    zones = {row.location: row.tariff.time_zone for row in rows}
    zone = zones.get(query.location) or next(iter(zones.values()), "UTC")
    begins, ends = local_day(since, zone)[0], local_day(until, zone)[1]
    found = wanted(query)
    found = structs.replace(
        found,
        since=max(filter(None, (begins, found.since))),
        until=min(filter(None, (ends, found.until))),
    )
    return await sessions_download(
        call.dependencies,
        call.queries,
        call.company,
        found,
        name=dated("sessions", since, until),
        sort=query.sort,
        now=call.now,
        as_of=call.as_of(query.as_of),
        form=TableFormat(query.format, query.decimal == "comma"),
    )


ENDPOINTS = (export_sessions,)
"""The export of sessions."""
