"""Chargers that tried to connect and are not known: adopt them, or take them off the list."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.chargers.unknown.view_models import UnknownChargerRows, UnknownChargersPage
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.application.operations import company
from eosvolt.application.operations import unknown_chargers as unknown
from eosvolt.application.operations.chargers import ChargerById
from eosvolt.application.operations.company import CompanyChangeInput
from eosvolt.application.permissions import NotThere

PAGE = "/chargers/unknown"


def unknown_charger_routes(pages: Pages) -> list[Route]:
    """``/chargers/unknown`` and what belongs to it."""
    return [
        pages.get(PAGE, unknown_chargers, needs=unknown.VIEW),
        pages.post(f"{PAGE}/dismiss", dismiss, operation=unknown.dismiss),
        pages.post(f"{PAGE}/adopt-all", adopt_all, operation=company.change),
    ]


async def unknown_chargers(request: PageRequest) -> Response:
    """The page, or its list alone."""
    row = request.company
    adopts = row.adopts_until is not None and request.now < row.adopts_until
    return await show(
        request,
        UnknownChargersPage(
            adopts_into=row.adopts_into if adopts else "",
            adopts_until=row.adopts_until,
        ),
        {"list": _list},
    )


async def dismiss(request: PageRequest) -> Response:
    """Take one off the list. It comes back when it tries to connect again."""
    charger = request.form_value("charger")
    try:
        await request.run(unknown.dismiss, ChargerById(charger=charger))
    except NotThere:
        return redirect(PAGE, gettext("It is not on the list any more."))
    return redirect(
        PAGE, gettext("{charger} is off the list. It comes back when it connects again.", charger=charger)
    )


async def adopt_all(request: PageRequest) -> Response:
    """Adopt every unknown charger into a location for a day, or stop doing so."""
    location = request.form_value("location")
    if location and location not in request.locations:
        raise not_found(gettext("There is no such location."))
    await request.run(company.change, CompanyChangeInput(adopt_into=location))
    if not location:
        return redirect(PAGE, gettext("Unknown chargers are refused again."))
    return redirect(
        PAGE,
        gettext(
            "Unknown chargers that connect are added to {location} for 24 hours.",
            location=request.locations.name(location),
        ),
    )


async def _list(request: PageRequest) -> UnknownChargerRows:
    seen = await request.dependencies.unknown_chargers.of(request.number)
    boxes = [each.charge_box_id for each in seen]
    known = {row.charge_box_id for row in await request.queries.chargers_named(request.number, boxes)}
    wanted = request.query("search").casefold()
    return UnknownChargerRows(
        unknown_chargers=[
            each
            for each in seen
            if each.charge_box_id not in known and wanted in each.charge_box_id.casefold()
        ]
    )
