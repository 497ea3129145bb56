"""The decisions of a zone: in sentences, and as a file."""

from collections.abc import AsyncGenerator, Sequence

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.exports import download
from eosvolt.adapters.http.presentation.zones import ZoneState, zone_state
from eosvolt.adapters.http.web.shell.exports import export_routes, table_format
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.zones.page import PAGE, kilowatts
from eosvolt.adapters.http.web.zones.sentences import explained, fallbacks, figures, headline, inputs
from eosvolt.adapters.http.web.zones.view_models import ShownDecision, ZoneDecisions
from eosvolt.application.operations.zones import EXPORT
from eosvolt.application.table_files import Cell, FileKind, Table
from eosvolt.application.zone_questions import DecisionOnZone
from eosvolt.domain.zones.values import PlugDecision
from eosvolt.projections.zone_power import watts

SHOWN_DECISIONS = 20
MOST_EXPORTED = 5_000
LONGEST_POSITION = 10**15
_AT_ONCE = 200
COLUMNS = (
    "decision", "time (UTC)", "charger", "plug", "session", "reason", "before A", "limit A", "share A",
    "car takes A", "measured A", "counted with A", "changed", "waits", "usable kW", "capacity kW",
    "building kW", "meter silent",
)  # fmt: skip


def decision_routes(pages: Pages) -> list[Route]:
    """``/zones/{zone}/decisions/export.…``."""
    return export_routes(pages, f"{PAGE}/{{zone}}/decisions", export_decisions, {}, EXPORT)


async def state_of(request: PageRequest) -> ZoneState:
    """The zone that the path names. 404 where there is none to see."""
    state = await zone_state(request.queries, request.number, request.path_parameter("zone"), request.then)
    if state is None:
        raise not_found(gettext("There is no such zone."))
    return state


async def export_decisions(request: PageRequest, kind: FileKind) -> Response:
    """The newest decisions as a file, a row for each plug."""
    state = await state_of(request)

    async def batches() -> AsyncGenerator[Sequence[tuple[DecisionOnZone, PlugDecision | None]], None]:
        before: int | None = None
        for _ in range(MOST_EXPORTED // _AT_ONCE):
            found = await request.queries.zone_decisions(
                request.number, state.row.zone, before=before, limit=_AT_ONCE
            )
            yield [
                (decision, each)
                for decision in found
                for each in (decision.plugs or decision.reserved or (None,))
            ]
            if len(found) < _AT_ONCE:
                return
            before = found[-1].position

    table = Table("Decisions", request.now, COLUMNS, _cells)
    name = f"zone-decisions-{request.today.isoformat()}"
    return await download(request.dependencies, request.number, name, table, batches(), table_format(kind))


async def decisions_part(request: PageRequest, state: ZoneState) -> ZoneDecisions:
    """The newest decisions, or those before the position that the address names."""
    before = request.query("before")
    found: Sequence[DecisionOnZone] = state.decisions
    if before:
        found = await request.queries.zone_decisions(
            request.number, state.row.zone, before=int(before), limit=SHOWN_DECISIONS
        )
    return ZoneDecisions(
        state=state,
        decisions=[_told(each) for each in found],
        older=found[-1].position if len(found) == SHOWN_DECISIONS else None,
        following="" if before else f"zone:{state.root}",
    )


def _told(decision: DecisionOnZone) -> ShownDecision:
    return ShownDecision(
        decision=decision,
        headline=headline(decision),
        inputs=" ".join(filter(None, (inputs(decision), fallbacks(decision)))),
        lines=[(explained(each), figures(each)) for each in (*decision.plugs, *decision.reserved)],
    )


def _cells(line: tuple[DecisionOnZone, PlugDecision | None]) -> tuple[Cell, ...]:
    decision, each = line
    room = decision.room
    of_plug: tuple[Cell, ...] = ("", None, "", "", None, None, None, None, None, None, "", "")
    if each is not None:
        of_plug = (
            each.charge_point.partition("/")[2],
            each.plug,
            each.session,
            each.reason.value,
            kilowatts(each.before_ma),
            kilowatts(each.limit_ma),
            kilowatts(each.target_ma),
            kilowatts(each.demand_ma),
            kilowatts(each.measured_ma),
            kilowatts(each.assumed_ma),
            "yes" if each.changed else "no",
            "yes" if each.waiting else "no",
        )
    return (
        decision.number,
        decision.at,
        *of_plug,
        None if room is None else kilowatts(watts(room.usable_ma)),
        None if room is None else kilowatts(watts(room.capacity_ma)),
        None if room is None else kilowatts(watts(room.rest_ma)),
        "yes" if room is not None and room.meter_silent else "no",
    )
