"""The bank accounts of customers, to which they are paid what they are reimbursed."""

from collections.abc import Sequence
from typing import Any

import msgspec

from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.bank_accounts import PayeeAccount, masked
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.executor import Plan
from eosvolt.application.operations.customers import checked_person, known_customer
from eosvolt.application.operations.operation import Input, Operation, OperationContext, operation
from eosvolt.application.permissions import Right
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.customers.commands import ChangeCustomer
from eosvolt.domain.customers.decider import Customer, customers
from eosvolt.domain.kernel import CommandEnvelope

BANK_DETAILS = Right.BANK_DETAILS


class CustomerAccountInput(Input, frozen=True, kw_only=True):
    """A customer, and the account to which the customer is paid; an empty one for none."""

    customer: str
    payee: PayeeAccount


@operation(BANK_DETAILS)
async def change(context: OperationContext, wanted: CustomerAccountInput) -> Plan[None]:
    """Pay a customer to another account from now on. Raises ``InvalidValue`` for a field."""
    return await account_change(context, wanted.customer, wanted.payee)


async def account_change(context: OperationContext, customer: str, payee: PayeeAccount) -> Plan[None]:
    """The plan that changes a customer's account. The customer gets a mail about it.

    Raises ``InvalidValue`` for a field, ``NotThere`` for no or an erased customer.
    """
    person, known = await known_customer(context, customer)
    changed = checked_person(msgspec.structs.replace(person, payee=payee))
    if changed.payee == person.payee:
        return Plan((), None)
    changed = msgspec.structs.replace(changed, version=person.version + 1)
    command = ChangeCustomer(at=context.at, language=known.language, record=changed.version)
    return Plan(
        (CommandEnvelope(customers, customer, command),),
        None,
        alongside=(context.ports.customer_records.kept(changed), *await _mail(context, changed, known)),
    )


async def _mail(context: OperationContext, person: CustomerPerson, known: Customer) -> Sequence[Alongside]:
    """The change that stores the mail to the customer; none without an address."""
    company = await context.state(companies, str(context.company))
    if not person.email or not isinstance(company, Company):
        return ()
    mail = AccountMail(
        AccountMailKind.CUSTOMER_ACCOUNT_CHANGED,
        person.email,
        known.language.value,
        {"company": company.name, "iban": masked(person.payee.account.iban)},
        context.company,
    )
    return (context.ports.account_mails.putting(mail),)


OPERATIONS: tuple[Operation[Any, Any], ...] = (change,)
