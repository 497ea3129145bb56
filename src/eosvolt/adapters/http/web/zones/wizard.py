"""Making a zone in four steps. What was typed goes along, and nothing is kept before the last one."""

from collections.abc import Sequence
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.zone_candidates import candidates
from eosvolt.adapters.http.web.shell.choices import time_zones
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.zones.form_data import (
    DISTRIBUTIONS,
    INCLUDES,
    LABELS,
    LIMIT_FIELDS,
    SETTINGS_FIELDS,
    SITE_METERS,
    ZoneFormData,
    blank,
    problems,
    settings_of,
    typed,
    windows_text,
)
from eosvolt.adapters.http.web.zones.page import PAGE
from eosvolt.adapters.http.web.zones.view_models import NewZonePage, ShownCandidate, ZoneChoices
from eosvolt.application.operations import zones
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.zones import WHY_NOT, NewZoneInput, ZoneChargerInput
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.zones.limits import MOST_CHARGERS

SETTINGS, LIMITS, CHARGERS, REVIEW = "settings", "limits", "chargers", "review"
STEPS = {
    SETTINGS: Text("Settings"),
    LIMITS: Text("Limits"),
    CHARGERS: Text("Chargers"),
    REVIEW: Text("Review"),
}
_ORDER = tuple(STEPS)
_FIELDS_OF = {
    SETTINGS: SETTINGS_FIELDS,
    LIMITS: (*LIMIT_FIELDS, "windows"),
    CHARGERS: ("charger",),
    REVIEW: (),
}
_FIELD_OF = {"chargers": "charger", "parent": "parent"}


def wizard_routes(pages: Pages) -> list[Route]:
    """``/zones/new``."""
    return [
        pages.form(f"{PAGE}/new", begin, go_on, needs=zones.VIEW, marks=True, operation=zones.create),
    ]


async def begin(request: PageRequest) -> Response:
    """The first step."""
    return await _step(request, SETTINGS, blank(request.locations.zone()), {})


async def go_on(request: PageRequest) -> Response:
    """The next step, the one before, or the zone."""
    form = typed(request.form)
    step = request.form_value("step") or REVIEW
    step = step if step in STEPS else SETTINGS
    go = request.form_value("go") or ("create" if step == REVIEW else "next")
    if go in STEPS:
        return await _step(request, go, form, {})
    wrong = _wrong(request, form, _ORDER[: _ORDER.index(step) + 1])
    if wrong:
        return await _step(request, _step_of(wrong), form, wrong)
    if step != REVIEW:
        return await _step(request, _ORDER[_ORDER.index(step) + 1], form, {})
    wanted = NewZoneInput(
        zone=str(uuid4()),
        settings=settings_of(form),
        chargers=tuple(ZoneChargerInput(charger=each) for each in form.chargers),
    )
    try:
        zone = await request.run(zones.create, wanted)
    except InvalidValue as refusal:
        wrong = {_FIELD_OF.get(refusal.field, "name"): translated(refusal)}
        return await _step(request, _step_of(wrong), form, wrong)
    except Rejected as refusal:
        return await _step(request, LIMITS, form, {"capacity": translated(refusal)})
    return redirect(f"{PAGE}/{zone}", gettext("Zone created. It is off until you turn it on."))


async def zone_choices(request: PageRequest, zone: str = "") -> ZoneChoices:
    """What the form of a zone lets choose from; a zone cannot be a part of itself."""
    rows = [row for row in await request.queries.zones(request.number) if row.zone != zone]
    return ZoneChoices(DISTRIBUTIONS, SITE_METERS, INCLUDES, time_zones(), rows)


async def shown_candidates(
    request: PageRequest, chosen: Sequence[str], zone: str = ""
) -> list[ShownCandidate]:
    """All chargers by location and charge box id, those that cannot be chosen with the reason."""
    names = {row.zone: row.name for row in await request.queries.zones(request.number)}
    found = []
    for each in await candidates(request.queries, request.number, zone):
        why_not = "" if each.why_not is None else translated(WHY_NOT[each.why_not])
        if each.zone and each.zone != zone and each.zone in names:
            why_not = gettext("It is in the zone {name}.", name=names[each.zone])
        found.append(ShownCandidate(each, each.charge_box_id in chosen, why_not))
    return sorted(
        found,
        key=lambda each: (request.locations.name(each.candidate.location), each.candidate.charge_box_id),
    )


def _wrong(request: PageRequest, form: ZoneFormData, steps: Sequence[str]) -> dict[str, str]:
    fields = [field for step in steps for field in _FIELDS_OF[step]]
    if REVIEW in steps:
        fields = [field for each in _FIELDS_OF.values() for field in each]
    wrong = problems(form, fields) | {
        name: sentence for name, sentence in request.invisible_characters.items() if name in fields
    }
    if "charger" in fields and len(form.chargers) > MOST_CHARGERS:
        wrong["charger"] = gettext("A zone has at most {number} chargers.", number=MOST_CHARGERS)
    return wrong


def _step_of(wrong: dict[str, str]) -> str:
    return next((step for step in _ORDER if set(_FIELDS_OF[step]) & set(wrong)), SETTINGS)


async def _step(request: PageRequest, step: str, form: ZoneFormData, wrong: dict[str, str]) -> Response:
    chosen = await shown_candidates(request, form.chargers) if step == CHARGERS else ()
    return await show(
        request,
        NewZonePage(
            step=step,
            steps=list(STEPS.items()),
            form_data=form,
            problems=wrong,
            choices=await zone_choices(request),
            candidates=chosen,
            review=await _review(request, form) if step == REVIEW else (),
        ),
        status=422 if wrong else 200,
    )


async def _review(request: PageRequest, form: ZoneFormData) -> list[tuple[Text, str]]:
    """What is to be made, without what was left empty."""
    parents = {row.zone: row.name for row in await request.queries.zones(request.number)}
    words = {
        "distribution": str(DISTRIBUTIONS.get(form.values["distribution"], "")),
        "siteMeter": str(SITE_METERS.get(form.values["siteMeter"], "")),
        "includes": str(INCLUDES.get(form.values["includes"], "")),
        "parent": parents.get(form.values["parent"], ""),
        "firstTokens": ", ".join(form.values["firstTokens"].split()),
        "windows": windows_text(form.windows),
    }
    if form.values["siteMeter"] != "external":
        words["includes"] = ""
    shown = [(label, words.get(name, form.values.get(name, ""))) for name, label in LABELS.items()]
    chargers = (Text("Chargers"), ", ".join(form.chargers) or gettext("None yet"))
    return [*((label, value) for label, value in shown if value), chargers]
