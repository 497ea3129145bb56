"""The form of the bank account to which a customer is paid."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.customers import CustomerEntry
from eosvolt.adapters.http.web.customers.one import ONE, entry_of
from eosvolt.adapters.http.web.customers.page import PAGE
from eosvolt.adapters.http.web.customers.view_models import CustomerAccountPage
from eosvolt.adapters.http.web.shell.confirming import unconfirmed
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.payees import payee_values, typed_payee
from eosvolt.application.operations import customer_accounts, customers
from eosvolt.application.operations.customer_accounts import CustomerAccountInput


def customer_account_routes(pages: Pages) -> list[Route]:
    """``/customers/{customer}/bank-account``."""
    return [
        pages.form(
            f"{ONE}/bank-account",
            present,
            change,
            needs=customers.VIEW,
            marks=True,
            operation=customer_accounts.change,
        )
    ]


async def present(request: PageRequest) -> Response:
    """The form, with the account that is known."""
    entry = await entry_of(request)
    return await _form(request, entry, payee_values(entry.person.payee), {})


async def change(request: PageRequest) -> Response:
    """Pay the customer to another account."""
    entry = await entry_of(request)
    payee, values, wrong = typed_payee(request)
    wrong = wrong | request.invisible_characters or await unconfirmed(request)
    if wrong:
        return await _form(request, entry, values, wrong)
    wanted = CustomerAccountInput(customer=entry.row.customer, payee=payee)
    await request.run(customer_accounts.change, wanted)
    return redirect(f"{PAGE}/{entry.row.customer}", gettext("Changes saved."))


async def _form(
    request: PageRequest, entry: CustomerEntry, values: Mapping[str, str], wrong: Mapping[str, str]
) -> Response:
    model = CustomerAccountPage(
        entry=entry,
        values=values,
        problems=wrong,
        second_factor=await request.dependencies.confirmation.has_second_factor(request.account.account),
    )
    return await show(request, model, status=422 if wrong else 200)
