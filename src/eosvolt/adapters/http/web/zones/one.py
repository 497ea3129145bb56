"""One zone: what it may use and uses, who waits and why, its decisions, and what more chargers would mean."""

from collections.abc import Mapping
from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.zones import ZoneState
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import number, one_of
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.adapters.http.web.zones.decisions import (
    LONGEST_POSITION,
    decision_routes,
    decisions_part,
    state_of,
)
from eosvolt.adapters.http.web.zones.page import PAGE, live_topics
from eosvolt.adapters.http.web.zones.plugs import place_in_list, shown_member, shown_plug, warnings
from eosvolt.adapters.http.web.zones.power import RANGES, power_part
from eosvolt.adapters.http.web.zones.sentences import WITHDRAWALS
from eosvolt.adapters.http.web.zones.view_models import (
    ZoneDecisions,
    ZoneNow,
    ZonePage,
    ZonePlugs,
    ZonePower,
    ZoneWhatIf,
)
from eosvolt.adapters.http.web.zones.what_if import what_if_part
from eosvolt.application.operations import zones
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.zones import VIEW, ZoneById
from eosvolt.application.zone_what_if import MOST_CHARGERS, MOST_PLUGS
from eosvolt.domain.kernel import Rejected

HERE = f"{PAGE}/{{zone}}"
QUERY = {
    "range": one_of(RANGES),
    "before": number(1, LONGEST_POSITION),
    "add": number(0, MOST_CHARGERS),
    "plugs": number(1, MOST_PLUGS),
    "power": number(2, 1_000),
    "phases": one_of(("1", "2", "3")),
}


def zone_routes(pages: Pages) -> list[Route]:
    """``/zones/{zone}``, its switch, its files and its removal."""
    return [
        pages.get(HERE, zone_page, QUERY, needs=VIEW, past=True),
        pages.post(f"{HERE}/enable", partial(switch, on=True), zones.enable),
        pages.post(f"{HERE}/disable", partial(switch, on=False), zones.disable),
        pages.form(f"{HERE}/remove", ask, remove, needs=VIEW, operation=zones.remove),
        *decision_routes(pages),
    ]


async def zone_page(request: PageRequest) -> Response:
    """The page, or one of its parts."""
    return await _page(request, {})


async def switch(request: PageRequest, *, on: bool) -> Response:
    """Turn the zone on or off."""
    wanted = ZoneById(zone=request.path_parameter("zone"))
    try:
        await request.run(zones.enable if on else zones.disable, wanted)
    except (InvalidValue, Rejected) as refusal:
        return await _page(request, {"switch": translated(refusal)})
    notice = gettext("The zone is on: its chargers follow it.") if on else gettext("The zone is off.")
    return redirect(f"{PAGE}/{wanted.zone}", notice)


async def ask(request: PageRequest) -> Response:
    """Ask for the zone's name."""
    return await ask_before(request, _removal(await state_of(request)))


async def remove(request: PageRequest) -> Response:
    """Remove the zone, where its name was typed."""
    state = await state_of(request)
    if request.form_value("name") != state.row.name:
        return await ask_before(request, _removal(state), gettext("This is not its name."))
    try:
        await request.run(zones.remove, ZoneById(zone=state.row.zone))
    except Rejected as refusal:
        return await ask_before(request, _removal(state), translated(refusal))
    return redirect(PAGE, gettext("Zone {name} removed. Its history stays.", name=state.row.name))


def _removal(state: ZoneState) -> Removal:
    return Removal(
        page="zones",
        name=state.row.name,
        what=gettext("zone"),
        back=f"{PAGE}/{state.row.zone}",
        consequence=gettext("Its chargers belong to no zone then. Its history stays."),
    )


async def _page(request: PageRequest, wrong: Mapping[str, str]) -> Response:
    state = await state_of(request)
    live = live_topics([state])

    async def now(_: PageRequest) -> ZoneNow:
        untold = [
            (each.charge_box_id, str(WITHDRAWALS.get(each.withdrawal.state, each.withdrawal.state)))
            for each in state.untold
        ]
        return ZoneNow(state=state, warnings=warnings(state, request.then), untold=untold, live=live)

    async def over_time(request: PageRequest) -> ZonePower:
        return await power_part(request, state, live)

    async def plugs(_: PageRequest) -> ZonePlugs:
        lines = sorted(state.plugs, key=place_in_list)
        names = {each.zone: each.name for each in (state.row, *state.parts)}
        return ZonePlugs(state=state, plugs=[shown_plug(each) for each in lines], names=names, live=live)

    async def decisions(request: PageRequest) -> ZoneDecisions:
        return await decisions_part(request, state)

    async def more(request: PageRequest) -> ZoneWhatIf:
        return what_if_part(request, state)

    return await show(
        request,
        ZonePage(members=[shown_member(each) for each in state.row.chargers], problems=wrong),
        {
            "state": now,
            "power": over_time,
            "plugs": plugs,
            "decisions": decisions,
            "what_if": more,
        },
        status=422 if wrong else 200,
    )
