"""The list of zones, and its file."""

from collections.abc import AsyncGenerator, Sequence
from decimal import Decimal

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.presentation.exports import download
from eosvolt.adapters.http.presentation.zones import ZoneState, zone_states
from eosvolt.adapters.http.web.shell.exports import export_routes, table_format
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.zones.form_data import DISTRIBUTIONS
from eosvolt.adapters.http.web.zones.view_models import ZoneRows, ZonesPage
from eosvolt.application.operations.zones import EXPORT, VIEW
from eosvolt.application.table_files import Cell, FileKind, Table

PAGE = "/zones"
# Of more chargers their parts of pages listen to all of the company.
MOST_TOPICS = 50
COLUMNS = (
    "zone", "zone id", "enabled", "since (UTC)", "distribution", "meter number", "time zone", "capacity kW",
    "buffer %", "usable kW", "measured kW", "may draw kW", "chargers", "waiting", "part of",
)  # fmt: skip


def zone_list_routes(pages: Pages) -> list[Route]:
    """``/zones`` and its files."""
    return [
        pages.get(PAGE, zone_list, needs=VIEW, past=True),
        *export_routes(pages, PAGE, export, {}, EXPORT),
    ]


async def zone_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    return await show(request, ZonesPage(), {"list": _list})


async def export(request: PageRequest, kind: FileKind) -> Response:
    """The zones as a file."""

    async def batches() -> AsyncGenerator[Sequence[ZoneState], None]:
        yield await zone_states(request.queries, request.number, request.then, decisions=1)

    table = Table("Zones", request.now, COLUMNS, _cells)
    name = f"zones-{request.number}-{request.today.isoformat()}"
    return await download(request.dependencies, request.number, name, table, batches(), table_format(kind))


def kilowatts(power_w: int | None) -> Decimal | None:
    """W as kW in a cell."""
    return None if power_w is None else Decimal(power_w) / 1000


def live_topics(states: Sequence[ZoneState]) -> str:
    """What the parts of pages that show the zones listen to."""
    zones = [f"zone:{zone}" for each in states for zone in (each.row.zone, each.root)]
    boxes = sorted({line.charge_box_id for each in states for line in each.plugs})
    chargers = ["plugs", "smart-charging"]
    if len(boxes) <= MOST_TOPICS:
        chargers = [f"charge-point:{each.row.company}/{box}" for each in states[:1] for box in boxes]
    return " ".join(dict.fromkeys((*zones, *chargers)))


async def _list(request: PageRequest) -> ZoneRows:
    states = await zone_states(request.queries, request.number, request.then, decisions=1)
    live = f"zones {live_topics(states)}".strip()
    return ZoneRows(states=states, distributions=DISTRIBUTIONS, live=live)


def _cells(state: ZoneState) -> tuple[Cell, ...]:
    row, settings = state.row, state.row.settings
    return (
        row.name,
        row.zone,
        "yes" if row.enabled else "no",
        row.since,
        settings.distribution.value,
        settings.meter_number,
        settings.time_zone,
        kilowatts(settings.capacity_w),
        settings.buffer_percent,
        kilowatts(state.usable_w),
        kilowatts(state.measured_w),
        kilowatts(state.may_draw_w),
        state.chargers,
        len(state.waiting),
        state.parent.name if state.parent else "",
    )
