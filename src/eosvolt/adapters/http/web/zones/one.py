"""One zone: what it may use and uses, who waits and why, its decisions, and what more chargers would mean."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import Text, gettext, ngettext
from eosvolt.adapters.http.presentation.exports import download
from eosvolt.adapters.http.presentation.zone_series import ZonePoint, resolution, series
from eosvolt.adapters.http.presentation.zones import PlugLine, ZoneState, charger_plugs, zone_state
from eosvolt.adapters.http.web.shell.exports import export_routes, table_format
from eosvolt.adapters.http.web.shell.formats import lasting, power
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import number, one_of
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.adapters.http.web.shell.zone_sentences import amperes
from eosvolt.adapters.http.web.zones.page import PAGE, kilowatts, live_topics
from eosvolt.adapters.http.web.zones.sentences import (
    COLOURS,
    STATES,
    WITHDRAWALS,
    explained,
    fallbacks,
    figures,
    headline,
    inputs,
    line_reason,
)
from eosvolt.adapters.http.web.zones.view_models import (
    ShownDecision,
    ShownPlug,
    ZoneDecisions,
    ZoneNow,
    ZonePage,
    ZonePlugs,
    ZonePower,
    ZoneWhatIf,
)
from eosvolt.application.operations import zones
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.zones import EXPORT, VIEW, ZoneById
from eosvolt.application.table_files import Cell, FileKind, Table
from eosvolt.application.zone_questions import ZoneDecision
from eosvolt.application.zone_what_if import MOST_CHARGERS, MOST_PLUGS, WhatIf, new_plugs, what_if
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.zones.values import PlugDecision
from eosvolt.projections.zone_power import watts

HERE = f"{PAGE}/{{zone}}"
RANGES: Mapping[str, tuple[Text, timedelta]] = {
    "3h": (Text("3 hours"), timedelta(hours=3)),
    "12h": (Text("12 hours"), timedelta(hours=12)),
    "day": (Text("Day"), timedelta(days=1)),
    "week": (Text("Week"), timedelta(days=7)),
    "month": (Text("Month"), timedelta(days=30)),
}
# More chargers are drawn as one.
MOST_DRAWN = 6
MOST_POINTS = 400
MOST_ROWS = 12
SHOWN_DECISIONS = 20
MOST_EXPORTED = 5_000
_AT_ONCE = 200
_LONGEST_POSITION = 10**15
_PROBLEM_STATES = ("exceeded", "uncontrollable", "refused", "unanswered", "notSent", "offline")
_ORDER = {
    state: at for at, state in enumerate(("waiting", *_PROBLEM_STATES, "pending", "notTaken", "limited"))
}
QUERY = {
    "range": one_of(RANGES),
    "before": number(1, _LONGEST_POSITION),
    "add": number(0, MOST_CHARGERS),
    "plugs": number(1, MOST_PLUGS),
    "power": number(2, 1_000),
    "phases": one_of(("1", "2", "3")),
}
COLUMNS = (
    "decision", "time (UTC)", "charger", "plug", "session", "reason", "before A", "limit A", "share A",
    "car takes A", "measured A", "counted with A", "changed", "waits", "usable kW", "capacity kW",
    "building kW", "meter silent",
)  # fmt: skip


def zone_routes(pages: Pages) -> list[Route]:
    """``/zones/{zone}``, its switch, its files and its removal."""
    return [
        pages.get(HERE, zone_page, QUERY, needs=VIEW, past=True),
        pages.post(f"{HERE}/enable", partial(switch, on=True), zones.enable),
        pages.post(f"{HERE}/disable", partial(switch, on=False), zones.disable),
        pages.form(f"{HERE}/remove", ask, remove, needs=VIEW, operation=zones.remove),
        *export_routes(pages, f"{HERE}/decisions", export_decisions, {}, EXPORT),
    ]


async def state_of(request: PageRequest) -> ZoneState:
    """The zone that the path names. 404 where there is none to see."""
    state = await zone_state(request.queries, request.number, request.path_parameter("zone"), request.then)
    if state is None:
        raise not_found(gettext("There is no such zone."))
    return state


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


async def export_decisions(request: PageRequest, kind: FileKind) -> Response:
    """The newest decisions as a file, a row for each plug."""
    state = await state_of(request)

    async def batches() -> AsyncGenerator[Sequence[tuple[ZoneDecision, PlugDecision | None]], None]:
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
        return ZoneNow(state=state, warnings=_warnings(state, request.then), untold=untold, live=live)

    async def power_part(request: PageRequest) -> ZonePower:
        return await _power(request, state, live)

    async def plugs(_: PageRequest) -> ZonePlugs:
        lines = sorted(
            state.plugs, key=lambda each: (_ORDER.get(each.state, len(_ORDER)), each.charge_box_id, each.plug)
        )
        names = {each.zone: each.name for each in (state.row, *state.parts)}
        return ZonePlugs(state=state, plugs=[_shown(each) for each in lines], names=names, live=live)

    async def decisions(request: PageRequest) -> ZoneDecisions:
        return await _decisions(request, state)

    async def what_if_part(request: PageRequest) -> ZoneWhatIf:
        return _what_if(request, state)

    return await show(
        request,
        ZonePage(members=state.row.chargers, problems=wrong),
        {
            "state": now,
            "power": power_part,
            "plugs": plugs,
            "decisions": decisions,
            "what_if": what_if_part,
        },
        status=422 if wrong else 200,
    )


def _warnings(state: ZoneState, now: datetime) -> list[str]:
    found = []
    reading = state.row.read_at
    if state.meter_silent and state.row.enabled:
        silent = (
            gettext("The site meter has told nothing for {time}.", time=lasting(now - reading))
            if reading
            else gettext("The site meter has told nothing yet.")
        )
        found.append(f"{silent} {gettext('The building counts with its worst case.')}")
    if state.may_draw_w > state.usable_w and state.row.enabled:
        found.append(
            gettext(
                "The chargers may draw up to {most}, more than the usable {usable}: chargers that took no "
                "limit yet count with all that their plugs can deliver.",
                most=power(state.may_draw_w),
                usable=power(state.usable_w),
            )
        )
    for name, boxes in _by_state(state).items():
        chargers = _named(boxes)
        if name == "exceeded":
            found.append(
                ngettext(
                    "{chargers} draws more than its limit. What it draws is kept free.",
                    "{chargers} draw more than their limits. What they draw is kept free.",
                    len(boxes),
                    chargers=chargers,
                )
            )
        elif name == "uncontrollable":
            found.append(
                ngettext(
                    "{chargers} takes no limits. What its plugs can deliver is kept free.",
                    "{chargers} take no limits. What their plugs can deliver is kept free.",
                    len(boxes),
                    chargers=chargers,
                )
            )
        elif name == "offline":
            found.append(
                ngettext(
                    "{chargers} is not connected. What it may draw by itself is kept free.",
                    "{chargers} are not connected. What they may draw by themselves is kept free.",
                    len(boxes),
                    chargers=chargers,
                )
            )
    return found


def _by_state(state: ZoneState) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in state.plugs:
        boxes = found.setdefault(each.state, [])
        if each.charge_box_id not in boxes:
            boxes.append(each.charge_box_id)
    return found


def _named(boxes: Sequence[str]) -> str:
    if len(boxes) <= MOST_DRAWN:
        return ", ".join(boxes)
    more = gettext("{number} more", number=len(boxes) - MOST_DRAWN)
    return f"{', '.join(boxes[:MOST_DRAWN])}, {more}"


def _shown(line: PlugLine) -> ShownPlug:
    limit = None if line.limits is None else line.limits.limit(0)
    fallback = "–"
    if limit is not None and limit.in_force_ma is not None:
        fallback = amperes(limit.in_force_ma)
    elif limit is not None:
        fallback = gettext("{limit}, not confirmed", limit=amperes(limit.asked_ma))
    return ShownPlug(
        line=line,
        place=f"{line.charge_box_id} · {line.plug}",
        limit=amperes(line.limit_ma),
        may_draw=amperes(line.may_draw_ma),
        state=str(STATES[line.state]),
        colour=COLOURS[line.state],
        note=line_reason(line),
        fallback=fallback,
    )


async def _power(request: PageRequest, state: ZoneState, live: str) -> ZonePower:
    shown = request.query("range") or "3h"
    until = request.then
    since = until - RANGES[shown][1]
    by = resolution(since, until, request.now)
    rows = await request.queries.zone_power(request.number, state.row.zone, since, until, by)
    points = _known(series(rows, since, until, by)) if rows else []
    return ZonePower(
        state=state,
        chart=_chart(points, state.row.settings.time_zone) if len(points) > 1 else None,
        figures=_figures(points, state.row.settings.time_zone),
        ranges=[(name, text) for name, (text, _) in RANGES.items()],
        shown=shown,
        live=live,
    )


def _known(points: Sequence[ZonePoint]) -> Sequence[ZonePoint]:
    """The points from the first of which anything is known."""
    first = next((at for at, each in enumerate(points) if each.chargers or each.usable_w is not None), None)
    return [] if first is None else points[first:]


def _chart(points: Sequence[ZonePoint], zone: str) -> dict[str, Any]:
    thinned = list(points[:: max(1, -(-len(points) // MOST_POINTS))])
    if thinned[-1] is not points[-1]:
        thinned.append(points[-1])
    totals: dict[str, int] = {}
    for point in thinned:
        for each in point.chargers:
            totals[each.charger] = totals.get(each.charger, 0) + (each.power_w or 0)
    most = sorted(totals, key=lambda box: (-totals[box], box))
    drawn = sorted(most[:MOST_DRAWN] if len(most) > MOST_DRAWN + 1 else most)
    measured = [{"name": box, "values": [_of_chargers(point, {box}) for point in thinned]} for box in drawn]
    if rest := set(most) - set(drawn):
        name = ngettext("{number} other charger", "{number} other chargers", len(rest))
        measured.append({"name": name, "values": [_of_chargers(point, rest) for point in thinned]})
    return {
        "kind": "zone",
        "zone": zone,
        "unit": "kW",
        "digits": 1,
        "names": {"usable": gettext("Usable"), "allocated": gettext("May draw at most")},
        "at": [int(point.at.timestamp() * 1000) for point in thinned],
        "usable": [_kw(point.usable_w) for point in thinned],
        "allocated": [_kw(point.may_draw_w) for point in thinned],
        "measured": measured,
    }


def _of_chargers(point: ZonePoint, boxes: set[str]) -> float:
    return sum(each.power_w or 0 for each in point.chargers if each.charger in boxes) / 1000


def _kw(power_w: int | None) -> float | None:
    return None if power_w is None else power_w / 1000


def _figures(points: Sequence[ZonePoint], zone: str) -> list[tuple[str, str, str, str]]:
    """Some of the points as texts: the time of day, usable, allowed and measured."""
    step = max(1, -(-len(points) // MOST_ROWS))
    return [
        (
            f"{point.at.astimezone(ZoneInfo(zone)):%d.%m. %H:%M}",
            power(point.usable_w) or "–",
            power(point.may_draw_w) or "–",
            power(point.power_w),
        )
        for point in list(reversed(points))[::step]
    ]


async def _decisions(request: PageRequest, state: ZoneState) -> ZoneDecisions:
    before = request.query("before")
    found: Sequence[ZoneDecision] = state.decisions
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


def _told(decision: ZoneDecision) -> ShownDecision:
    return ShownDecision(
        decision=decision,
        headline=headline(decision),
        inputs=" ".join(filter(None, (inputs(decision), fallbacks(decision)))),
        lines=[(explained(each), figures(each)) for each in (*decision.plugs, *decision.reserved)],
    )


def _what_if(request: PageRequest, state: ZoneState) -> ZoneWhatIf:
    typed = {
        name: request.query(name) or otherwise
        for name, otherwise in (("add", "3"), ("power", "22"), ("plugs", "1"), ("phases", "3"))
    }
    found: WhatIf | None = None
    if request.query("add"):
        new = new_plugs(
            int(typed["add"]), int(typed["plugs"]), int(typed["power"]) * 1000, int(typed["phases"])
        )
        found = what_if(state.row.settings, state.usable_ma, charger_plugs(state), new)
    return ZoneWhatIf(
        typed=typed, what_if=found, fallback="" if found is None else amperes(found.fallback_ma)
    )


def _cells(line: tuple[ZoneDecision, PlugDecision | None]) -> tuple[Cell, ...]:
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
