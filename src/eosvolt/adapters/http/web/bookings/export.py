"""The bookings of the page as a file: the week of the calendar, or the whole list."""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.presentation.exports import AT_ONCE, local
from eosvolt.adapters.http.web.bookings.filter import FILTER_CHECKS, of_days, of_week
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.exports import export_routes, list_download
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.application.operations.bookings import EXPORT
from eosvolt.application.table_files import Cell, FileKind, Table
from eosvolt.projections.bookings import BookingRow

COLUMNS = (
    "id", "state", "reason", "starts (local)", "starts (UTC)", "ends (local)", "ends (UTC)", "time zone",
    "slots", "driver", "customer id", "token", "location", "location id", "charger", "plug", "any plug",
    "fee", "currency", "fee owed since (UTC)", "session", "began (UTC)", "over (UTC)", "booked (UTC)",
    "booked by", "note",
)  # fmt: skip


class _Line(NamedTuple):
    """A booking and the name of its driver, if it may be seen."""

    row: BookingRow
    driver: str


def booking_export_routes(pages: Pages, path: str) -> list[Route]:
    """``{path}/export.csv`` and ``.xlsx``."""
    return export_routes(pages, path, export, FILTER_CHECKS, EXPORT)


async def export(request: PageRequest, kind: FileKind) -> Response:
    """The bookings of the filter as a file, in the order of the list."""
    wanted = of_days(request) if request.query("view") == "list" else of_week(request)
    places = {row.location: row.name for row in request.locations.rows}

    async def page(queries: Queries, cursor: str | None) -> Page[_Line]:
        sort = request.query("sort") or "start"
        found = await queries.bookings(request.number, wanted, sort=sort, cursor=cursor, limit=AT_ONCE)
        names = await customer_names(request, (row.customer for row in found.items))
        lines = [_Line(row, names.get(row.customer, "")) for row in found.items]
        return Page(lines, found.cursor)

    table = Table("Bookings", request.now, COLUMNS, partial(_cells, places=places))
    return await list_download(request, kind, f"bookings-{request.number}", table, page)


def _cells(line: _Line, *, places: Mapping[str, str]) -> tuple[Cell, ...]:
    row = line.row
    return (
        row.id,
        row.state,
        row.reason,
        local(row.since, row.time_zone),
        row.since,
        local(row.until, row.time_zone),
        row.until,
        row.time_zone,
        row.slots,
        line.driver,
        row.customer,
        row.token,
        places.get(row.location, ""),
        row.location,
        row.charge_point,
        row.connector,
        "yes" if row.any_plug else "no",
        row.fee.amount if row.fee else None,
        row.fee.currency if row.fee else "",
        row.fee_owed,
        row.session,
        row.began_at,
        row.over_at,
        row.made_at,
        row.by,
        row.note,
    )
