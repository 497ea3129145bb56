"""The list of chargers: a page of it at a time, each with its plugs, its uptime and what is wrong with it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.web.chargers.view_models import ChargerLine, ChargerRows, ChargersPage, PlugUsage
from eosvolt.adapters.http.web.shell.labels import PLUG_STATES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import in_order_of, number, one_of
from eosvolt.application.charger_questions import (
    CHARGER_SORTS,
    AnomalyCounts,
    ChargerFilter,
    DayBegin,
    PlugUse,
)
from eosvolt.application.operations.chargers import VIEW
from eosvolt.domain.calendar import local_date, local_day
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.uptime import UptimeRow
from eosvolt.projections.uptime_share import Share, lives, share

PER_PAGE = 50
MEASURED = timedelta(days=30)
FILTERS = ("location", "connection", "state", "model", "faults", "search")
LIST_QUERY = {
    "connection": one_of(("online", "offline", "never", "insecure")),
    "state": one_of(PLUG_STATES),
    "faults": one_of(("open",)),
    "sort": in_order_of(CHARGER_SORTS),
    "page": number(1, 99_999),
}
NO_USE = PlugUse(0, 0, 0.0)
NO_ANOMALIES = AnomalyCounts(0, 0, 0)
# A clock that is off by less does not matter for what is billed.
CLOCK_OFF_S = 60


def charger_list_routes(pages: Pages) -> list[Route]:
    """``/chargers``."""
    return [pages.get("/chargers", charger_list, LIST_QUERY, needs=VIEW)]


async def charger_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    models = await request.queries.charger_models(request.number)
    narrowed = sum(bool(request.query(name)) for name in FILTERS if name != "search")
    return await show(request, ChargersPage(models=models, narrowed=narrowed), {"list": _list})


def asked_filter(request: PageRequest) -> ChargerFilter:
    """The filter that the address names."""
    return ChargerFilter(**{name: request.query(name) for name in FILTERS})


def asked_order(request: PageRequest) -> str:
    """The order that the address names."""
    return request.query("sort") or "chargeBoxId"


async def _list(request: PageRequest) -> ChargerRows:
    place = int(request.query("page") or 1)
    sort = asked_order(request)
    found = await request.queries.charger_page(
        request.number, asked_filter(request), sort=sort, offset=(place - 1) * PER_PAGE, limit=PER_PAGE
    )
    shown = [row.charge_point for row in found.items]
    few = found.total <= PER_PAGE
    return ChargerRows(
        # Among very many chargers something always happens: then only what is shown is followed.
        lines=await charger_lines(request, found.items),
        total=found.total,
        number=place,
        first=(place - 1) * PER_PAGE + 1,
        following=place * PER_PAGE < found.total,
        sort=sort,
        topics="chargers plugs faults" if few else " ".join(f"charge-point:{key}" for key in shown),
        clock_off_s=CLOCK_OFF_S,
        filtered=any(request.query(name) for name in FILTERS),
    )


async def charger_lines(
    request: PageRequest, rows: Sequence[ChargePointRow], queries: Queries | None = None
) -> list[ChargerLine]:
    """The chargers with everything that is shown beside them, which ``queries`` or those of the page know."""
    boxes = [row.charge_box_id for row in rows]
    queries = queries or request.queries
    now, since = request.now, request.now - MEASURED
    begins = [DayBegin(row.charge_box_id, _today(request, row.location)) for row in rows]
    plugs: dict[str, list[ConnectorRow]] = defaultdict(list)
    for plug in await queries.plugs_of(request.number, boxes):
        plugs[plug.charge_point].append(plug)
    uses = await queries.plug_uses(request.number, begins, since=since, now=now)
    known = {row.charge_box_id: row for row in await queries.uptimes(request.number, charge_box_ids=boxes)}
    last_messages = await queries.last_heard(request.number, boxes, now)
    faults = await queries.open_faults(request.number, boxes)
    anomalies = await queries.anomaly_counts(request.number, boxes)
    return [
        ChargerLine(
            row=row,
            heard_at=max(filter(None, (row.since, last_messages.get(row.charge_box_id))), default=None),
            states=Counter(plug.shown for plug in plugs[row.charge_box_id]),
            share=_share(known.get(row.charge_box_id), None, since, now),
            open_faults=faults.get(row.charge_box_id, 0),
            anomalies=anomalies.get(row.charge_box_id, NO_ANOMALIES),
            plugs=[
                _plug_line(plug, uses.get((row.charge_box_id, plug.connector), NO_USE), of_plug)
                for plug in plugs[row.charge_box_id]
                for of_plug in [_share(known.get(row.charge_box_id), plug.connector, since, now)]
            ],
        )
        for row in rows
    ]


def _plug_line(row: ConnectorRow, use: PlugUse, share: Share) -> PlugUsage:
    in_service = share.in_service.total_seconds()
    used = Fraction(min(use.in_use_s / in_service, 1)).limit_denominator(10_000) if in_service else None
    return PlugUsage(row, use, used)


def _share(row: UptimeRow | None, connector: int | None, since: datetime, now: datetime) -> Share:
    return share(lives([row] if row else [], connector), since, now, now)


def _today(request: PageRequest, location: str) -> datetime:
    zone = request.locations.zone(location)
    return local_day(local_date(request.now, zone), zone)[0]
