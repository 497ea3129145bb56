"""One charger: what it is, whether it is connected, what its plugs do, and how well it has been."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.ports.queries import FaultFilter, SessionFilter
from eosvolt.adapters.http.web.chargers.form import charger_row
from eosvolt.adapters.http.web.chargers.one.view_models import (
    Bar,
    ChargerCommands,
    ChargerFrame,
    ChargerLife,
    ChargerOverviewPage,
    ChargerState,
    ChargerUptime,
)
from eosvolt.adapters.http.web.chargers.page import CLOCK_OFF_S
from eosvolt.adapters.http.web.sessions.table import SessionTable, session_table
from eosvolt.adapters.http.web.shell.device_labels import connector_label
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, Part, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.operations.chargers import VIEW
from eosvolt.domain.calendar import local_date
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.uptime_share import NONE, Day, Share, added, days, lives

SESSIONS, FAULTS, COMMANDS = 10, 5, 12
# The tabs of a charger: the end of the address, and the name.
TABS = (
    ("", Text("Overview")),
    ("operations", Text("Operations")),
    ("configuration", Text("Configuration")),
    ("messages", Text("Messages")),
    ("files", Text("Firmware and files")),
    ("limits", Text("Profiles and lists")),
    ("security", Text("Security")),
    ("connections", Text("Connections")),
    ("history", Text("History")),
    ("qr-codes", Text("QR codes")),
)


def charger_routes(pages: Pages) -> list[Route]:
    """``/chargers/{charger}``."""
    return [pages.get("/chargers/{charger}", charger_page, {"days": one_of(("30", "90"))}, needs=VIEW)]


async def show_charger(
    request: PageRequest,
    row: ChargePointRow,
    tab: str,
    model: ViewModel,
    parts: Mapping[str, Part] | None = None,
) -> Response:
    """A page of a charger under its name and tabs."""
    frame = ChargerFrame(row=row, tab=tab, tabs=TABS, zone=request.locations.zone(row.location))
    return await show(request, model, parts, frame=frame)


async def charger_page(request: PageRequest) -> Response:
    """The overview, or one of its parts."""
    row = await charger_row(request)
    parts = {"state": _state, "uptime": _uptime, "life": _life, "commands": commands_part}
    return await show_charger(request, row, "", ChargerOverviewPage(), parts)


async def commands_part(request: PageRequest) -> ChargerCommands:
    """What the charger was asked to do last."""
    row = await charger_row(request)
    shown = await request.queries.commands(request.number, row.charge_box_id, COMMANDS)
    return ChargerCommands(row=row, commands=shown)


async def _state(request: PageRequest) -> ChargerState:
    row = await charger_row(request)
    plugs = await request.queries.connectors(request.number, charge_box_id=row.charge_box_id)
    last_messages = await request.queries.last_heard(request.number, [row.charge_box_id], request.now)
    upkeep = await request.queries.upkeep(request.number, row.charge_box_id)
    settings = await request.queries.settings(request.number, row.charge_box_id)
    return ChargerState(
        row=row,
        plugs=sorted(plugs, key=lambda plug: plug.connector),
        links=request.dependencies.charger_links(request.number),
        speaks_tls=request.dependencies.speaks_tls,
        heard_at=last_messages.get(row.charge_box_id),
        upkeep=upkeep,
        clock_off_s=CLOCK_OFF_S,
        rebooting=[each.key for each in (settings.settings if settings else ()) if each.reboot_required],
        out_of_service=[each for each in (upkeep.service if upkeep else ()) if not each.operative],
        connector_label=connector_label,
    )


async def _uptime(request: PageRequest) -> ChargerUptime:
    row = await charger_row(request)
    number = int(request.query("days") or 30)
    zone = request.locations.zone(row.location)
    today = local_date(request.now, zone)
    rows = await request.queries.uptimes(request.number, charge_box_ids=[row.charge_box_id])
    known = lives(rows)
    strip = days(known, today - timedelta(days=number - 1), today, zone, request.now)
    total = Share()
    for day in strip:
        total = added(total, day.share)
    return ChargerUptime(
        row=row,
        strip=[_bar(day) for day in strip],
        total=total,
        plug_count=max(len(known), 1),
        number_of_days=number,
        troubled=[day for day in reversed(strip) if day.share.down or day.share.planned],
    )


async def _life(request: PageRequest) -> ChargerLife:
    row = await charger_row(request)
    recent: SessionTable | None = None
    faults: Sequence[FaultRow] = ()
    if request.may("view", "sessions"):
        newest = await request.queries.sessions(
            request.number, SessionFilter(charge_point=row.charge_box_id), limit=SESSIONS
        )
        recent = session_table(request, newest.items)
    if request.may("view", "diagnostics"):
        wanted = FaultFilter(state="unsolved", charge_point=row.charge_box_id)
        faults = (await request.queries.faults(request.number, wanted, limit=FAULTS)).items
    return ChargerLife(row=row, recent=recent, faults=faults)


def _bar(day: Day) -> Bar:
    share = day.share
    if share.observed == NONE:
        return Bar(day, 0.0, "none")
    down = Fraction(share.down / share.observed)
    level = "up" if not down else "some" if down < Fraction(1, 20) else "down"
    # However short, what was down can be seen.
    return Bar(day, max(float(down) * 100, 6.0) if down else 0.0, level)
