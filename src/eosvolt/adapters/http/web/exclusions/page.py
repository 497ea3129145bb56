"""The page of exclusions: down time that an operator explains, for regulators' definitions of uptime."""

from datetime import datetime
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.uptime_names import EXCLUSION_KINDS
from eosvolt.adapters.http.web.exclusions.view_models import ExclusionRows, ExclusionsPage
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import instant
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import exclusions
from eosvolt.application.operations.exclusions import ExclusionInput, ExclusionWithdrawal
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.permissions import NotThere
from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.domain.exclusions.limits import LONGEST, LONGEST_REASON
from eosvolt.domain.kernel import Rejected

PAGE = "/exclusions"
_LONGEST_NUMBER = 5
FIELDS = ("location", "charger", "plug", "kind", "since", "until", "reason")
_FIELD_OF = {"locationId": "location", "chargeBoxId": "charger", "plug": "plug"}


def exclusion_routes(pages: Pages) -> list[Route]:
    """``/exclusions``."""
    return [
        pages.form(
            PAGE,
            exclusion_list,
            record,
            needs=exclusions.VIEW,
            marks=True,
            readable=True,
            operation=exclusions.record,
        ),
        pages.post(f"{PAGE}/{{exclusion}}/withdraw", withdraw, operation=exclusions.withdraw),
    ]


async def exclusion_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    return await _page(request, {name: request.query(name) for name in FIELDS}, {})


async def record(request: PageRequest) -> Response:
    """Record an exclusion."""
    typed = {name: request.form_value(name).strip() for name in FIELDS}
    wanted, wrong = await _parsed(request, typed)
    wrong = request.invisible_characters | wrong
    if wrong or wanted is None:
        return await _page(request, typed, wrong)
    try:
        await request.run(exclusions.record, wanted)
    except NotThere:
        field = "charger" if typed["charger"] else "location"
        text = Text("There is no such charger.") if typed["charger"] else Text("There is no such location.")
        return await _page(request, typed, {field: str(text)})
    except InvalidValue as refusal:
        return await _page(request, typed, {_FIELD_OF.get(refusal.field, "reason"): translated(refusal)})
    except Rejected as refusal:
        return await _page(request, typed, {"reason": translated(refusal)})
    return redirect(PAGE, gettext("Exclusion recorded."))


async def withdraw(request: PageRequest) -> Response:
    """Let an exclusion count no more."""
    wanted = ExclusionWithdrawal(
        exclusion=request.path_parameter("exclusion"), reason=request.form_value("reason")
    )
    await request.run(exclusions.withdraw, wanted)
    return redirect(PAGE, gettext("Exclusion withdrawn."))


async def _parsed(
    request: PageRequest, typed: dict[str, str]
) -> tuple[ExclusionInput | None, dict[str, str]]:
    """What was typed as an input, or what is wrong with it by field."""
    box = typed["charger"]
    charger = await request.queries.charge_point(request.number, box) if box else None
    zone = request.locations.zone(charger.location if charger else typed["location"])
    since, until = instant(typed["since"], zone), instant(typed["until"], zone)
    wrong = _problems(typed, since, until)
    if wrong or since is None or until is None:
        return None, wrong
    wanted = ExclusionInput(
        exclusion=str(uuid4()),
        kind=ExclusionKind(typed["kind"]),
        since=since,
        until=until,
        reason=typed["reason"],
        location="" if box else typed["location"],
        charger=box,
        plug=int(typed["plug"] or 0),
    )
    return wanted, {}


def _problems(typed: dict[str, str], since: datetime | None, until: datetime | None) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not typed["location"] and not typed["charger"]:
        wrong["location"] = gettext("A location or a charger is needed.")
    if typed["kind"] not in EXCLUSION_KINDS:
        wrong["kind"] = gettext("There is no such kind.")
    for name, at in (("since", since), ("until", until)):
        if at is None:
            wrong[name] = gettext("This is a time like 2026-11-21T10:00.")
    if since is not None and until is not None:
        wrong |= _problems_of_stretch(since, until)
    plug = typed["plug"]
    if plug and not (plug.isascii() and plug.isdigit() and len(plug) <= _LONGEST_NUMBER):
        wrong["plug"] = gettext("This is the number of a plug.")
    if not typed["reason"]:
        wrong["reason"] = gettext("An exclusion needs a reason.")
    elif len(typed["reason"]) > LONGEST_REASON:
        wrong["reason"] = gettext("A reason has at most {number} characters.", number=LONGEST_REASON)
    return wrong


def _problems_of_stretch(since: datetime, until: datetime) -> dict[str, str]:
    if until <= since:
        return {"until": gettext("An exclusion ends after it begins.")}
    if until - since > LONGEST:
        return {"until": gettext("An exclusion lasts at most {days} days.", days=LONGEST.days)}
    return {}


async def _page(request: PageRequest, typed: dict[str, str], wrong: dict[str, str]) -> Response:
    return await show(
        request,
        ExclusionsPage(
            typed=typed,
            problems=wrong,
            kinds=EXCLUSION_KINDS,
        ),
        {"list": _list},
        status=422 if wrong else 200,
    )


async def _list(request: PageRequest) -> ExclusionRows:
    rows = await request.queries.exclusions(
        request.number, location=request.query("location"), charge_box_id=request.query("charger")
    )
    return ExclusionRows(rows=rows, kinds=EXCLUSION_KINDS)
