"""``/customers/{customer}/bank-account``: to which account a customer is paid what is reimbursed."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.confirmation import ConfirmationInput, check_both
from eosvolt.adapters.http.api.customer_shapes import CustomerAccountView, customer_account_view
from eosvolt.adapters.http.api.settings import Bic, Iban
from eosvolt.adapters.http.framework.api_types import ApiInput
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import all_invalid, not_found
from eosvolt.application.bank_accounts import (
    LONGEST_HOLDER,
    BankAccount,
    PayeeAccount,
    payee_problems,
    tidied_payee,
)
from eosvolt.application.operations import customer_accounts
from eosvolt.application.operations.customer_accounts import CustomerAccountInput

AccountHolder = Annotated[
    str, Meta(max_length=LONGEST_HOLDER, description="Empty where it is the customer's name.")
]


class PayeeInput(ApiInput, frozen=True, kw_only=True):
    """To which account a customer is paid; without an IBAN to none."""

    account_holder: AccountHolder = ""
    iban: Iban = ""
    bic: Bic = ""


class CustomerPayeeInput(PayeeInput, frozen=True, kw_only=True):
    """To which account a customer is paid; a signed-in person confirms another one."""

    confirmation: ConfirmationInput | UnsetType = UNSET


@endpoint("GET", "/customers/{customer}/bank-account", needs=customer_accounts.BANK_DETAILS)
async def get_customer_account(call: ApiCall, customer: str) -> CustomerAccountView:
    """The account to which a customer is paid, with its whole number."""
    return await _view(call, customer)


@endpoint("PUT", "/customers/{customer}/bank-account", operation=customer_accounts.change)
async def put_customer_account(call: ApiCall, customer: str, body: CustomerPayeeInput) -> CustomerAccountView:
    """Pay the customer to another account from now on. The customer gets a mail about it.

    Where a person is signed in, it needs ``confirmation``; an API key needs none.
    """
    await _view(call, customer)
    payee = payee_of(body)
    await check_both(call, body.confirmation)
    await call.run(customer_accounts.change, CustomerAccountInput(customer=customer, payee=payee))
    return await _view(call, customer)


def payee_of(body: PayeeInput) -> PayeeAccount:
    """The account that was sent, tidied. Raises a 422 ``Problem`` with everything that is wrong with it."""
    payee = tidied_payee(PayeeAccount(BankAccount(body.iban, body.bic), body.account_holder))
    if wrong := list(payee_problems(payee)):
        raise all_invalid([(f"/{field}", sentence) for field, sentence in wrong])
    return payee


async def _view(call: ApiCall, customer: str) -> CustomerAccountView:
    person = await call.dependencies.customers.person(call.company, customer)
    if person is None:
        raise not_found()
    return customer_account_view(person, whole=True)


ENDPOINTS = (get_customer_account, put_customer_account)
