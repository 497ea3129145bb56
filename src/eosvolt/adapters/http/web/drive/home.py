"""The driver's home chargers: redeem a code, and say who else may charge there."""

from datetime import date

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.driver_accounts import own_accounts
from eosvolt.adapters.http.presentation.driver_statements import own_statement_pdf, own_statements
from eosvolt.adapters.http.presentation.driving import own_home, own_homes, redemption
from eosvolt.adapters.http.web.drive.driver_pages import DriverPages, DriverRequest, show_driver
from eosvolt.adapters.http.web.drive.view_models import DriverHomePage
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.bank_accounts import masked
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverGuest, DriverGuestEnd
from eosvolt.domain.calendar import local_date, local_day
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.home_chargers import HomeChargerRow

_HOME = "/drive/home"
_STATES = {
    "running": Text("goes on"),
    "open": Text("not approved yet"),
    "approved": Text("approved"),
    "paid": Text("paid"),
}


def home_routes(pages: DriverPages) -> list[Route]:
    """``/drive/home``."""
    return [
        pages.form(_HOME, shown, redeem, operation=driving.redeem, marks=True),
        pages.get(f"{_HOME}/statements/{{statement}}", statement),
        pages.post(f"{_HOME}/{{home}}/guests", allow, operation=driving.allow_guest),
        pages.post(f"{_HOME}/{{home}}/guests/{{token}}/end", end, operation=driving.end_guest),
    ]


async def shown(request: DriverRequest) -> Response:
    """The home chargers that the driver owns, and the form for a code."""
    return await _page(request)


async def redeem(request: DriverRequest) -> Response:
    """Become the owner of the home charger to which a code belongs."""
    code, wrong = request.form_value("code"), request.invisible_characters
    if not wrong and not code.strip():
        wrong = {"code": gettext("Type the code.")}
    if not wrong:
        try:
            found = await redemption(request.gate, request.raw, request.dependencies, request.driver, code)
            await request.run_at(found.company, driving.redeem, found.wanted)
        except Rejected as refusal:
            wrong = {"code": translated(refusal)}
        except Problem as refusal:
            wrong = {"code": translated(refusal.detail)}
    if wrong:
        return await _page(request, code=code, problems=wrong)
    return redirect(_HOME, gettext("The charger at your home is yours now."))


async def allow(request: DriverRequest) -> Response:
    """Let the token of a guest charge there until the end of a day."""
    row = await _own(request)
    try:
        day = date.fromisoformat(request.form_value("until"))
        _, until = local_day(day, await _zone(request, row))
    except (ValueError, OverflowError):
        return redirect(_HOME, gettext("Say until which day the guest may charge."))
    wanted = DriverGuest(
        email=request.driver.email, home=row.location, token=request.form_value("token"), until=until
    )
    try:
        await request.run_at(row.company, driving.allow_guest, wanted)
    except Rejected as refusal:
        return redirect(_HOME, translated(refusal))
    return redirect(_HOME, gettext("The guest may charge at your home."))


async def end(request: DriverRequest) -> Response:
    """Let a token charge there no more."""
    row = await _own(request)
    token = request.path_parameter("token")
    wanted = DriverGuestEnd(email=request.driver.email, home=row.location, token=token)
    await request.run_at(row.company, driving.end_guest, wanted)
    return redirect(_HOME, gettext("The guest may not charge at your home any more."))


async def statement(request: DriverRequest) -> Response:
    """An approved statement as a PDF."""
    wanted = request.path_parameter("statement")
    return await own_statement_pdf(request.dependencies, request.driver, wanted, request.now)


async def _own(request: DriverRequest) -> HomeChargerRow:
    return await own_home(request.dependencies, request.driver, request.path_parameter("home"))


async def _zone(request: DriverRequest, row: HomeChargerRow) -> str:
    place = await request.dependencies.queries.location(row.company, row.location)
    return "UTC" if place is None else place.tariff.time_zone


async def _page(
    request: DriverRequest, *, code: str = "", problems: dict[str, str] | None = None
) -> Response:
    homes = [
        (row, await _zone(request, row)) for row in await own_homes(request.dependencies, request.driver)
    ]
    statements = await own_statements(request.dependencies, request.driver, request.now)
    owing = {row.company for row, _ in homes} | {each.company for each in statements}
    model = DriverHomePage(
        homes=homes,
        statements=statements,
        accounts=[
            (each, masked(each.payee.account.iban))
            for each in await own_accounts(request.dependencies, request.driver)
            if each.company in owing
        ],
        states=_STATES,
        code=code,
        problems=problems or {},
        today=local_date(request.now, homes[0][1] if homes else "UTC"),
    )
    return await show_driver(request, model, status=422 if problems else 200, tab="home")
