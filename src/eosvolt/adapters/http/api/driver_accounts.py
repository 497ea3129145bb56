"""``/driver/bank-accounts``: to which accounts companies pay a driver what is reimbursed."""

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.customer_accounts import PayeeInput, payee_of
from eosvolt.adapters.http.framework.api_types import Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.presentation.driver_accounts import OwnAccount, own_account, own_accounts
from eosvolt.application.bank_accounts import masked
from eosvolt.application.operations import driving
from eosvolt.application.operations.driving import DriverAccount


class OwnAccountView(View, frozen=True, kw_only=True):
    """To which account a company pays the driver; texts are empty where nothing is said."""

    company: int
    operator: str
    account_holder: str
    iban_masked: str
    bic: str


@endpoint("GET", "/driver/bank-accounts", needs=driving.DRIVE)
async def list_own_accounts(call: ApiCall, query: PageQuery) -> Answer[Items[OwnAccountView]]:
    """The companies that know the driver, each with the account to which it pays."""
    found = await own_accounts(call.dependencies, call.driver)
    return paged(call, [_view(each) for each in found], lambda each: str(each.company), query)


@endpoint("PUT", "/driver/bank-accounts/{company}", refusals=(409,), operation=driving.change_account)
async def put_own_account(call: ApiCall, company: str, body: PayeeInput) -> OwnAccountView:
    """Have a company pay to another account from now on. The driver gets a mail about it."""
    own = await own_account(call.dependencies, call.driver, company)
    wanted = DriverAccount(email=call.driver.email, payee=payee_of(body))
    await call.run_at(own.company, driving.change_account, wanted)
    return _view(await own_account(call.dependencies, call.driver, company))


def _view(own: OwnAccount) -> OwnAccountView:
    account, holder = own.payee
    return OwnAccountView(
        company=own.company,
        operator=own.operator,
        account_holder=holder,
        iban_masked=masked(account.iban),
        bic=account.bic,
    )


ENDPOINTS = (list_own_accounts, put_own_account)
