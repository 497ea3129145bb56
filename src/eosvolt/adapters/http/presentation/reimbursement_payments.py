"""The file that pays the owners of home chargers, and what cannot be in it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Literal, NamedTuple

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.home_statements import StatedMonth, approved_statements
from eosvolt.adapters.http.presentation.withdrawals import SEPA_CURRENCY
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.payouts import PayingAccount, Payment, fiscal_day
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from eosvolt.projections.companies import CompanyRow

LeftOut = Literal["otherPayer", "repayment", "currency", "noAccount"]


class OwedMonth(NamedTuple):
    """An approved statement that was not paid, and its owner, ``None`` once erased.

    ``left_out`` says why no file can pay it: another customer pays, it is a repayment, it is not in euro, or
    the owner has no bank account. ``None``: it is in the file.
    """

    month: StatedMonth
    owner: CustomerPerson | None

    @property
    def left_out(self) -> LeftOut | None:
        """Why it cannot be in the file, if so."""
        if self.month.payer:
            return "otherPayer"
        if self.month.amount < 0:
            return "repayment"
        if self.month.currency != SEPA_CURRENCY:
            return "currency"
        return None if self.owner is not None and self.owner.payee.account.iban else "noAccount"


async def owed_months(dependencies: Dependencies, queries: Queries, company: int) -> list[OwedMonth]:
    """All statements that are owed, the oldest month first."""
    months = [each for each in await approved_statements(queries, company) if each.state == "approved"]
    people = await dependencies.customers.people(company, {each.owner for each in months})
    return [OwedMonth(each, people.get(each.owner)) for each in reversed(months)]


async def reimbursement_file(
    dependencies: Dependencies, queries: Queries, company: int, now: datetime
) -> bytes:
    """The file of SEPA credit transfers from the company's account to the owners, to be carried out today.

    A statement is in it until its payment is recorded, always under the same end-to-end id. Raises
    ``Rejected`` if nothing can be paid so, or the company has no bank account.
    """
    issuer = await queries.company(company)
    if issuer is None:
        raise not_found()
    owed = await owed_months(dependencies, queries, company)
    payments = [
        _payment(each.month, each.owner) for each in owed if each.owner is not None and not each.left_out
    ]
    if owed and not payments:
        raise Rejected("None of these statements can be paid by SEPA.")
    paying = await _paying(dependencies, issuer)
    day = fiscal_day(issuer.preferences, now)
    return await asyncio.to_thread(dependencies.payments.credit_transfers, payments, day, paying)


def total(owed: Sequence[OwedMonth]) -> int:
    """What the file pays, in cents."""
    return sum(each.month.amount for each in owed if not each.left_out)


async def _paying(dependencies: Dependencies, issuer: CompanyRow) -> PayingAccount:
    account = await dependencies.bank_accounts.account(issuer.company)
    if not account.iban:
        raise Rejected("The company has no bank account to pay from: add it in the settings.")
    billing = issuer.billing
    return PayingAccount(
        name=billing.legal_name or issuer.name,
        iban=account.iban,
        bic=account.bic,
        city=billing.city,
        country=billing.country,
    )


def _payment(month: StatedMonth, owner: CustomerPerson) -> Payment:
    billing = owner.billing
    return Payment(
        id=sha256(month.id.encode()).hexdigest()[:32],
        amount=Money(month.currency, month.amount),
        name=owner.payee.holder or billing.legal_name or owner.name,
        account=owner.payee.account,
        street=billing.street,
        postal_code=billing.postal_code,
        city=billing.city,
        country=billing.country,
        text=f"Reimbursement {month.month:%Y-%m} {month.charger}",
    )
