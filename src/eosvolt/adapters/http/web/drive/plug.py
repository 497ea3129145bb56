"""The page of a plug, to which the QR code on it leads, and the start of a session."""

from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.driven_sessions import own_session
from eosvolt.adapters.http.presentation.driver_payments import payment_needed
from eosvolt.adapters.http.presentation.driving import FoundLocation, company_of, seen_place, upcoming_booking
from eosvolt.adapters.http.web.drive.driver_pages import (
    DriverPages,
    DriverRequest,
    show_driver,
    sign_in_first,
)
from eosvolt.adapters.http.web.drive.view_models import DriverPlugPage
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverStart
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.connector_status import ConnectorRow

PLUG = "/drive/{company}/{charger}/{plug}"


def plug_routes(pages: DriverPages) -> list[Route]:
    """``/drive/{company}/{charge box id}/{plug}``: everybody may look at a public plug, drivers start."""
    return [pages.form(PLUG, plug, start, operation=driving.start, everybody=True)]


async def plug(request: DriverRequest) -> Response:
    """The plug with its price, and the button to start."""
    return await _page(request)


async def start(request: DriverRequest) -> Response:
    """Ask the charger to start, and go on to the session."""
    command = request.form_value("start") or uuid4().hex
    wanted = DriverStart(
        email=request.driver.email,
        charger=request.path_parameter("charger"),
        plug=_plug_number(request),
        command=command,
    )
    try:
        await request.run_at(company_of(request.path_parameter("company")), driving.start, wanted)
    except Rejected as refusal:
        return await _page(request, translated(refusal))
    return redirect(f"/drive/sessions/{command}")


async def _page(request: DriverRequest, problem: str = "") -> Response:
    number, charger = company_of(request.path_parameter("company")), request.path_parameter("charger")
    found = await request.dependencies.driver_queries.location_of(number, charger)
    shown = await seen_place(request.dependencies, request.who, found, request.now)
    if shown is None:
        if request.who is None:
            # Whether it is there is for those who may see it.
            return sign_in_first(request.raw)
        raise not_found()
    place, own = shown.place, shown.own
    row = _row(place, charger, _plug_number(request))
    running = ""
    if request.who is not None and row.session:
        mine = await own_session(request.dependencies, request.who, row.session)
        running = "" if mine is None else row.session
    zone = place.location.tariff.time_zone
    upcoming = await upcoming_booking(request.dependencies, shown, row, request.now)
    model = DriverPlugPage(
        shown=shown,
        plug=row,
        upcoming=upcoming,
        upcoming_today=upcoming is not None
        and local_date(upcoming.since, zone) == local_date(request.now, zone),
        signed_in=request.who is not None,
        known=own is not None,
        payment=payment_needed(request.dependencies, shown),
        is_open=place.location.access.opening_hours.is_open(request.now, zone),
        problem=problem,
        here=request.raw.url.path,
        running=running,
    )
    return await show_driver(request, model, status=409 if problem else 200, tab="find")


def _plug_number(request: DriverRequest) -> int:
    text = request.path_parameter("plug")
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise not_found()
    return int(text)


def _row(place: FoundLocation, charger: str, number: int) -> ConnectorRow:
    for row in place.plugs:
        if row.charge_point == charger and row.connector == number:
            return row
    raise not_found()
