"""The list of chargers as a file, with its filter and order: what the page shows of each charger."""

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from starlette.responses import Response

from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.presentation.exports import local
from eosvolt.adapters.http.web.chargers.page import asked_filter, asked_order, charger_lines
from eosvolt.adapters.http.web.chargers.view_models import ChargerLine
from eosvolt.adapters.http.web.shell.exports import list_download
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.table_files import Cell, FileKind, Table

# Each charger is looked up in several read models.
CHARGERS_AT_ONCE = 100
COLUMNS = (
    "charger", "location", "location id", "vendor", "model", "serial number", "firmware", "connection",
    "password", "last message (local)", "last message (UTC)", "time zone", "plugs", "plugs by state",
    "open faults", "uptime of 30 days (%)", "sessions today", "energy today (kWh)",
)  # fmt: skip


async def export_chargers(request: PageRequest, kind: FileKind) -> Response:
    """The chargers of the filter as a file."""

    async def page(snapshot: Queries, cursor: str | None) -> Page[ChargerLine]:
        offset = int(cursor or 0)
        found = await snapshot.charger_page(
            request.number,
            asked_filter(request),
            sort=asked_order(request),
            offset=offset,
            limit=CHARGERS_AT_ONCE,
        )
        behind = offset + len(found.items)
        lines = await charger_lines(request, found.items, snapshot)
        return Page(lines, str(behind) if found.items and behind < found.total else None)

    table: Table[ChargerLine] = Table("Chargers", request.now, COLUMNS, lambda line: _cells(request, line))
    return await list_download(request, kind, "chargers", table, page)


def _cells(request: PageRequest, line: ChargerLine) -> tuple[Cell, ...]:
    row, zone = line.row, request.locations.zone(line.row.location)
    energy = sum(plug.use.energy_wh for plug in line.plugs)
    return (
        row.charge_box_id, request.locations.name(row.location), row.location, row.vendor, row.model,
        row.serial, row.firmware, "disabled" if row.disabled else "online" if row.online else "offline",
        "yes" if row.has_password else "no", local(line.heard_at, zone), line.heard_at, zone, len(line.plugs),
        ", ".join(f"{state} {number}" for state, number in sorted(line.states.items())), line.open_faults,
        _percent(line.share.uptime), sum(plug.use.sessions for plug in line.plugs), Decimal(energy) / 1000,
    )  # fmt: skip


def _percent(part: Fraction | None) -> Decimal | None:
    """In percent with one decimal, rounded down like on the page."""
    if part is None:
        return None
    exact = Decimal(part.numerator) * 100 / Decimal(part.denominator)
    return exact.quantize(Decimal("0.1"), ROUND_FLOOR)
