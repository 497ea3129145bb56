"""Changing a zone: its settings, which chargers it has, and how one of them is wired."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.zones.form_data import (
    LABELS,
    ZoneFormData,
    of_settings,
    problems,
    settings_of,
    typed,
    windows_text,
)
from eosvolt.adapters.http.web.zones.page import PAGE
from eosvolt.adapters.http.web.zones.view_models import (
    WiringLine,
    ZoneChargerPage,
    ZoneChargersPage,
    ZoneFormPage,
)
from eosvolt.adapters.http.web.zones.wizard import shown_candidates, zone_choices
from eosvolt.application.operations import zones
from eosvolt.application.operations.operation import ChangedMeanwhile, InvalidValue
from eosvolt.application.operations.zones import (
    ZoneChangeInput,
    ZoneChargerInput,
    ZoneChargerPut,
    ZoneChargerRemoval,
)
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.zones.limits import LEAST_MA
from eosvolt.domain.zones.values import ChargingPriority, PlugWiring, ZoneCharger
from eosvolt.projections.zones import ZoneRow

HERE = f"{PAGE}/{{zone}}"
PRIORITIES = {"normal": Text("Normal"), "first": Text("First")}
ROTATIONS = {
    "": Text("Not known: counts on all lines"),
    "1 2 3": "L1 L2 L3",
    "2 3 1": "L2 L3 L1",
    "3 1 2": "L3 L1 L2",
    "1 3 2": "L1 L3 L2",
    "2 1 3": "L2 L1 L3",
    "3 2 1": "L3 L2 L1",
    "1 2": "L1 L2",
    "2 3": "L2 L3",
    "3 1": "L3 L1",
    "1": "L1",
    "2": "L2",
    "3": "L3",
}
_AMPERES = re.compile(r"[0-9]{1,4}([.,][0-9])?")
_WIDTH = len("100000")


def zone_form_routes(pages: Pages) -> list[Route]:
    """``/zones/{zone}/edit``, ``…/chargers`` and ``…/chargers/{charger}``."""
    needs = zones.VIEW
    return [
        pages.form(f"{HERE}/edit", present, edit, needs=needs, marks=True, operation=zones.change),
        pages.form(f"{HERE}/chargers", chosen, choose, needs=needs, operation=zones.change),
        pages.form(
            f"{HERE}/chargers/{{charger}}", wired, wire, needs=needs, marks=True, operation=zones.put_charger
        ),
        pages.post(f"{HERE}/chargers/{{charger}}/remove", take_out, zones.remove_charger),
    ]


async def zone_row(request: PageRequest) -> ZoneRow:
    """The zone that the path names. 404 where there is none to see."""
    row = await request.queries.zone(request.number, request.path_parameter("zone"))
    if row is None:
        raise not_found(gettext("There is no such zone."))
    return row


async def present(request: PageRequest) -> Response:
    """The form, as the zone is."""
    row = await zone_row(request)
    return await _form(request, row, of_settings(row.settings), {})


async def edit(request: PageRequest) -> Response:
    """Change the settings."""
    row, form = await zone_row(request), typed(request.form)
    wrong = problems(form) | request.invisible_characters
    if wrong:
        return await _form(request, row, form, wrong)
    settings = settings_of(form)
    wanted = ZoneChangeInput(zone=row.zone, changed=lambda _: settings, seen=seen_version(request))
    try:
        await request.run(zones.change, wanted)
    except InvalidValue as refusal:
        return await _form(request, row, form, {"parent": translated(refusal)})
    except Rejected as refusal:
        return await _form(request, row, form, {"fallback": translated(refusal)})
    except ChangedMeanwhile as refusal:
        texts = {**form.values, "windows": windows_text(form.windows)}
        lost = lost_update(request, refusal, _texts, texts, LABELS)
        theirs = of_settings(refusal.now[0])
        kept = lost.values["windows"] != windows_text(theirs.windows)
        merged = ZoneFormData({**form.values, **lost.values}, form.windows if kept else theirs.windows)
        return await _form(request, row, merged, {}, lost)
    return redirect(f"{PAGE}/{row.zone}", gettext("Changes saved."))


async def chosen(request: PageRequest) -> Response:
    """The chargers, those of the zone chosen."""
    row = await zone_row(request)
    return await _chargers(request, row, [_box(each) for each in row.chargers], {})


async def choose(request: PageRequest) -> Response:
    """Let exactly the chosen chargers belong to the zone; those that stay keep wiring and priority."""
    row = await zone_row(request)
    boxes = list(dict.fromkeys(str(each) for each in request.form.getlist("charger")))
    known = {_box(each): each for each in row.chargers}
    chargers = tuple(
        ZoneChargerInput(charger=box, plugs=known[box].plugs, priority=known[box].priority)
        if box in known
        else ZoneChargerInput(charger=box)
        for box in boxes
    )
    wanted = ZoneChangeInput(
        zone=row.zone, changed=lambda settings: settings, chargers=chargers, seen=seen_version(request)
    )
    try:
        await request.run(zones.change, wanted)
    except (InvalidValue, Rejected) as refusal:
        return await _chargers(request, row, boxes, {"charger": translated(refusal)})
    except ChangedMeanwhile:
        sentence = gettext("Somebody else changed the zone meanwhile. This is how it is now.")
        again = await zone_row(request)
        return await _chargers(request, again, [_box(each) for each in again.chargers], {"charger": sentence})
    return redirect(f"{PAGE}/{row.zone}", gettext("Changes saved."))


async def wired(request: PageRequest) -> Response:
    """The wiring of a charger as it is."""
    row = await zone_row(request)
    member = _member(request, row)
    lines = [
        WiringLine(
            str(each.plug), str(each.phases), " ".join(map(str, each.rotation)), f"{each.max_ma / 1000:g}"
        )
        for each in member.plugs
    ]
    return await _wiring(request, row, member.priority.value, lines, {})


async def wire(request: PageRequest) -> Response:
    """Wire a charger otherwise."""
    row = await zone_row(request)
    _member(request, row)
    columns = (
        [str(each).strip() for each in request.form.getlist(name)]
        for name in ("number", "phases", "rotation", "most")
    )
    lines = [WiringLine(*each) for each in zip(*columns, strict=False)]
    priority = request.form_value("priority") or "normal"
    wrong = _wrong_wiring(priority, lines)
    if request.invisible_characters:
        wrong["wiring"] = gettext("There is no such choice.")
    if wrong:
        return await _wiring(request, row, priority, lines, wrong)
    charger = ZoneChargerInput(
        charger=request.path_parameter("charger"),
        priority=ChargingPriority(priority),
        plugs=tuple(
            PlugWiring(
                plug=int(each.number),
                phases=int(each.phases),
                rotation=tuple(map(int, each.rotation.split())),
                max_ma=round(float(each.most.replace(",", ".")) * 1000),
            )
            for each in lines
        ),
    )
    try:
        await request.run(zones.put_charger, ZoneChargerPut(zone=row.zone, charger=charger))
    except (InvalidValue, Rejected) as refusal:
        return await _wiring(request, row, priority, lines, {"wiring": translated(refusal)})
    return redirect(f"{PAGE}/{row.zone}", gettext("Changes saved."))


async def take_out(request: PageRequest) -> Response:
    """Take a charger out of the zone."""
    row, charger = await zone_row(request), request.path_parameter("charger")
    await request.run(zones.remove_charger, ZoneChargerRemoval(zone=row.zone, charger=charger))
    return redirect(f"{PAGE}/{row.zone}", gettext("{charger} is in the zone no more.", charger=charger))


def _wrong_wiring(priority: str, lines: Sequence[WiringLine]) -> dict[str, str]:
    wrong = {}
    if priority not in PRIORITIES:
        wrong["priority"] = gettext("There is no such choice.")
    for each in lines:
        if not (each.number.isascii() and each.number.isdigit() and len(each.number) < _WIDTH):
            wrong["wiring"] = gettext("Plugs are numbered from 1.")
        elif each.phases not in {"1", "2", "3"} or each.rotation not in ROTATIONS:
            wrong["wiring"] = gettext("There is no such choice.")
        elif each.rotation and len(each.rotation.split()) != int(each.phases):
            wrong["wiring"] = gettext("Plug {plug} has as many lines as phases.", plug=each.number)
        elif not _AMPERES.fullmatch(each.most) or float(each.most.replace(",", ".")) * 1000 < LEAST_MA:
            wrong["wiring"] = gettext("Plug {plug} delivers at least 6 A.", plug=each.number)
    return wrong


def _member(request: PageRequest, row: ZoneRow) -> ZoneCharger:
    found = [each for each in row.chargers if _box(each) == request.path_parameter("charger")]
    if not found:
        raise not_found(gettext("There is no such charger in the zone."))
    return found[0]


def _box(member: ZoneCharger) -> str:
    return member.charge_point.partition("/")[2]


def _texts(terms: Any) -> Mapping[str, str]:  # noqa: ANN401 - what the operation compares
    form = of_settings(terms[0])
    return {**form.values, "windows": windows_text(form.windows)}


async def _form(
    request: PageRequest,
    row: ZoneRow,
    form: ZoneFormData,
    wrong: Mapping[str, str],
    lost: LostUpdate | None = None,
) -> Response:
    return await show(
        request,
        ZoneFormPage(
            row=row,
            form_data=form,
            problems=wrong,
            choices=await zone_choices(request, row.zone),
            lost=lost,
            version=form_version(request, lost, row.version),
        ),
        status=422 if wrong else 409 if lost else 200,
    )


async def _chargers(
    request: PageRequest, row: ZoneRow, boxes: Sequence[str], wrong: Mapping[str, str]
) -> Response:
    return await show(
        request,
        ZoneChargersPage(
            row=row,
            candidates=await shown_candidates(request, boxes, row.zone),
            problems=wrong,
            version=row.version,
        ),
        status=422 if wrong else 200,
    )


async def _wiring(
    request: PageRequest,
    row: ZoneRow,
    priority: str,
    lines: Sequence[WiringLine],
    wrong: Mapping[str, str],
) -> Response:
    return await show(
        request,
        ZoneChargerPage(
            row=row,
            charger=request.path_parameter("charger"),
            priority=priority,
            plugs=lines,
            problems=wrong,
            priorities=PRIORITIES,
            rotations=ROTATIONS,
        ),
        status=422 if wrong else 200,
    )
