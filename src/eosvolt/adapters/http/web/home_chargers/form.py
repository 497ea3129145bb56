"""Adding a home charger, replacing its charger, and removing one."""

from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.home_chargers import code_to_show, company_zone, owner_code
from eosvolt.adapters.http.web.home_chargers.one import home_line
from eosvolt.adapters.http.web.home_chargers.page import PAGE
from eosvolt.adapters.http.web.home_chargers.view_models import HomeFormPage, HomeReplacementPage
from eosvolt.adapters.http.web.shell.choices import time_zones
from eosvolt.adapters.http.web.shell.one_time_secrets import to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.plug_form import (
    PlugInput,
    charger_problems,
    specs,
    typed_plugs,
    wrong_plugs,
)
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.application.operations import home_chargers
from eosvolt.application.operations.chargers import CHARGE_BOX_ID
from eosvolt.application.operations.home_chargers import HomeChargerById, HomeReplacement, NewHomeCharger
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.homes import HOME_PREFIX

FIELDS = ("chargeBoxId", "profile", "timeZone", "owner", "email")
_FIELD_OF = {"priceProfileId": "profile", "timeZone": "timeZone", "email": "email"}


def home_form_routes(pages: Pages) -> list[Route]:
    """``/home-chargers/new``, and ``replace`` and ``remove`` of one."""
    return [
        pages.form(
            f"{PAGE}/new", blank, add, needs=home_chargers.VIEW, marks=True, operation=home_chargers.add
        ),
        pages.form(
            f"{PAGE}/{{home}}/replace",
            other,
            replace,
            needs=home_chargers.VIEW,
            marks=True,
            operation=home_chargers.replace,
        ),
        pages.form(
            f"{PAGE}/{{home}}/remove", ask, remove, needs=home_chargers.VIEW, operation=home_chargers.remove
        ),
    ]


async def blank(request: PageRequest) -> Response:
    """The form for a new home charger."""
    typed = dict.fromkeys(FIELDS, "") | {"timeZone": company_zone(request.company), "owner": "email"}
    # The list of unknown chargers may send here with the id of one that tried to connect.
    typed["chargeBoxId"] = request.query("chargeBoxId")
    return await _form(request, typed, (PlugInput("1", "iec62196T2", "11"),), {})


async def add(request: PageRequest) -> Response:
    """Add the home charger; the page that follows shows the code where no mail brings it."""
    typed = {name: request.form_value(name).strip() for name in FIELDS}
    plugs, password = typed_plugs(request.form), str(request.form.get("password", ""))
    wrong = _problems(request, typed, plugs, password)
    if wrong:
        return await _form(request, typed, plugs, wrong)
    email = typed["email"] if typed["owner"] == "email" else ""
    code = owner_code(email, request.company.preferences.language)
    wanted = NewHomeCharger(
        home=f"{HOME_PREFIX}{uuid4()}",
        charger=typed["chargeBoxId"],
        connectors=specs(plugs),
        profile=typed["profile"],
        time_zone=typed["timeZone"],
        owner=code,
        password=password or None,
    )
    try:
        home = await request.run(home_chargers.add, wanted)
    except InvalidValue as refusal:
        wrong[_FIELD_OF.get(refusal.field, "chargeBoxId")] = translated(refusal)
    except Rejected as refusal:
        wrong["chargeBoxId"] = translated(refusal)
    else:
        shown = code_to_show(request.dependencies, code)
        path = f"{PAGE}/{home}"
        if shown:
            return to_be_shown(request, path, shown)
        return redirect(path, gettext("Home charger added. The code is on its way by mail."))
    return await _form(request, typed, plugs, wrong)


async def other(request: PageRequest) -> Response:
    """The form for the charger that stands there from now on."""
    plugs = (PlugInput("1", "iec62196T2", "11"),)
    return await _replacement(request, {"chargeBoxId": ""}, plugs, {})


async def replace(request: PageRequest) -> Response:
    """Put another charger there."""
    typed = {"chargeBoxId": request.form_value("chargeBoxId").strip()}
    plugs, password = typed_plugs(request.form), str(request.form.get("password", ""))
    wrong = _charger_problems(request, typed, plugs, password)
    if wrong:
        return await _replacement(request, typed, plugs, wrong)
    home = request.path_parameter("home")
    wanted = HomeReplacement(
        home=home, charger=typed["chargeBoxId"], connectors=specs(plugs), password=password or None
    )
    try:
        await request.run(home_chargers.replace, wanted)
    except Rejected as refusal:
        return await _replacement(request, typed, plugs, {"chargeBoxId": translated(refusal)})
    return redirect(f"{PAGE}/{home}", gettext("The charger was replaced."))


async def ask(request: PageRequest) -> Response:
    """Ask for the charge box id."""
    return await ask_before(request, await _removal(request))


async def remove(request: PageRequest) -> Response:
    """Remove the home charger, where its charge box id was typed."""
    removal = await _removal(request)
    if request.form_value("name") != removal.name:
        return await ask_before(request, removal, gettext("This is not its name."))
    try:
        await request.run(home_chargers.remove, HomeChargerById(home=request.path_parameter("home")))
    except Rejected as refusal:
        return await ask_before(request, removal, translated(refusal))
    return redirect(PAGE, gettext("Home charger {name} removed. Its history stays.", name=removal.name))


def _problems(
    request: PageRequest, typed: dict[str, str], plugs: tuple[PlugInput, ...], password: str
) -> dict[str, str]:
    wrong = _charger_problems(request, typed, plugs, password)
    if not typed["profile"]:
        wrong["profile"] = gettext("Please choose a price profile.")
    if typed["owner"] not in {"email", "offline"}:
        wrong["owner"] = gettext("Please choose how the owner gets the code.")
    if typed["owner"] == "email" and not typed["email"]:
        wrong["email"] = gettext("Enter the e-mail address of the owner.")
    return wrong


def _charger_problems(
    request: PageRequest, typed: dict[str, str], plugs: tuple[PlugInput, ...], password: str
) -> dict[str, str]:
    wrong = charger_problems(request.invisible_characters, plugs, password)
    if not CHARGE_BOX_ID.fullmatch(typed["chargeBoxId"]):
        wrong["chargeBoxId"] = gettext(
            "1 to 48 characters, without a colon and without a blank at either end."
        )
    return wrong


async def _removal(request: PageRequest) -> Removal:
    line = await home_line(request)
    return Removal(
        page="homeChargers",
        name=line.row.charge_box_id,
        what=gettext("home charger"),
        back=f"{PAGE}/{line.row.location}",
        consequence=gettext("The charger can no longer connect. Its sessions and its history stay."),
    )


async def _form(
    request: PageRequest,
    typed: dict[str, str],
    plugs: tuple[PlugInput, ...],
    wrong: dict[str, str],
) -> Response:
    return await show(
        request,
        HomeFormPage(
            typed=typed,
            plugs=plugs,
            wrong_plugs=wrong_plugs(plugs) if wrong else {},
            problems=wrong,
            profiles=await request.queries.price_profiles(request.number),
            zones=time_zones(),
        ),
        status=422 if wrong else 200,
    )


async def _replacement(
    request: PageRequest,
    typed: dict[str, str],
    plugs: tuple[PlugInput, ...],
    wrong: dict[str, str],
) -> Response:
    return await show(
        request,
        HomeReplacementPage(
            line=await home_line(request),
            typed=typed,
            plugs=plugs,
            wrong_plugs=wrong_plugs(plugs) if wrong else {},
            problems=wrong,
        ),
        status=422 if wrong else 200,
    )
