"""The bank account to which a company pays the driver."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.driver_accounts import OwnAccount, own_account
from eosvolt.adapters.http.web.drive.driver_pages import DriverPages, DriverRequest, show_driver
from eosvolt.adapters.http.web.drive.view_models import DriverAccountPage
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.payees import payee_values, typed_payee
from eosvolt.application.bank_accounts import PayeeAccount, masked
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverAccount

_HOME = "/drive/home"


def account_routes(pages: DriverPages) -> list[Route]:
    """``/drive/home/account/{company}``."""
    path = f"{_HOME}/account/{{company}}"
    return [pages.form(path, shown, change, operation=driving.change_account, marks=True)]


async def shown(request: DriverRequest) -> Response:
    """The form. The number that is known is masked: a phone may be in other hands."""
    own = await _own(request)
    return await _page(request, own, payee_values(own.payee) | {"iban": ""}, {})


async def change(request: DriverRequest) -> Response:
    """Have the company pay to another account, or to none."""
    own = await _own(request)
    payee, values, wrong = typed_payee(request)
    if request.form_value("remove"):
        payee, wrong = PayeeAccount(), {}
    elif not values["iban"].strip():
        wrong = {"iban": gettext("Type the IBAN.")}
    if wrong := wrong | request.invisible_characters:
        return await _page(request, own, values, wrong)
    wanted = DriverAccount(email=request.driver.email, payee=payee)
    await request.run_at(own.company, driving.change_account, wanted)
    return redirect(_HOME, gettext("Saved."))


async def _own(request: DriverRequest) -> OwnAccount:
    return await own_account(request.dependencies, request.driver, request.path_parameter("company"))


async def _page(
    request: DriverRequest, own: OwnAccount, values: Mapping[str, str], wrong: Mapping[str, str]
) -> Response:
    model = DriverAccountPage(own=own, values=values, problems=wrong, iban=masked(own.payee.account.iban))
    return await show_driver(request, model, status=422 if wrong else 200, tab="home")
