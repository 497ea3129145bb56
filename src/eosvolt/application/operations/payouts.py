"""Operations on payouts: a company asks for one; platform staff pay, reject, or record its return."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from eosvolt.application.account_mails import AccountMailKind
from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation,
    operation_everywhere,
)
from eosvolt.application.operations.owner_mails import mail_to_owner
from eosvolt.application.payouts import REVIEW_DAYS, fiscal_day, fiscal_zone
from eosvolt.application.permissions import NotThere, PlatformRight, Right
from eosvolt.application.working_days import working_day_after
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.money import Money, minor_digits
from eosvolt.domain.payouts.commands import (
    ConfirmPayoutAccount,
    PayPayout,
    RejectPayout,
    RequestPayout,
    ReturnPayout,
)
from eosvolt.domain.payouts.decider import NoPayout, PaidPayout, PayoutState, PendingPayout, payouts

_STAFF = PlatformRight.COMPANIES
_EVERYWHERE = "Whoever may work at some locations only cannot withdraw."


class WithdrawalInput(Input, frozen=True, kw_only=True):
    """A new payout under an id that was never used; ``amount`` ``None`` is all that is available."""

    payout: str
    currency: str
    amount: Decimal | None = None


class PayoutById(Input, frozen=True, kw_only=True):
    """A payout of the actor's company."""

    payout: str


class PaymentInput(PayoutById, frozen=True, kw_only=True):
    """A payout, and the bank's reference of its payment."""

    reference: str


class PayoutReason(PayoutById, frozen=True, kw_only=True):
    """A payout, and why it is rejected or came back."""

    reason: str


class AskedPayout(NamedTuple):
    """A payout that was asked for."""

    payout: str
    amount: Money
    due_on: date


@operation_everywhere(Right.WITHDRAW, _EVERYWHERE)
async def withdraw(context: OperationContext, wanted: WithdrawalInput) -> Plan[AskedPayout]:
    """Ask for a payout; the amount is reserved.

    Whatever makes less available meanwhile plans it again, so that no request takes more than there is.
    Raises ``InvalidValue`` for an amount or a currency that is none, ``Rejected`` where billing data or bank
    account are missing, or where too little is available.
    """
    company = await _company(context)
    if not company.billing.complete:
        raise Rejected("A withdrawal needs complete billing data: legal name, address and a tax number.")
    if not company.bank_account:
        raise Rejected("A withdrawal needs a bank account to be paid to: add it in the settings.")
    _check_currency(wanted.currency)
    today = fiscal_day(company.preferences, context.at)
    rules = context.ports.payout_rules
    settled_until = rules.settled_until(today)
    found = await context.ports.payout_ledger.withdrawable(context.company, wanted.currency, settled_until)
    amount = found.available if wanted.amount is None else _amount(wanted.amount, wanted.currency)
    if found.available.minor <= 0:
        raise Rejected(f"Nothing can be withdrawn in {wanted.currency} now.")
    if amount.amount < rules.minimum:
        raise Rejected(f"A withdrawal is at least {rules.minimum:f} {wanted.currency}.")
    command = RequestPayout(
        company=context.company,
        at=context.at,
        amount=amount,
        available=found.available,
        position=found.position,
        account=company.bank_account,
        due_on=working_day_after(today, REVIEW_DAYS, company.billing.country),
        time_zone=fiscal_zone(company.preferences),
        settled_until=settled_until,
    )
    return Plan(
        (CommandEnvelope(payouts, wanted.payout, command),),
        AskedPayout(wanted.payout, amount, command.due_on),
        alongside=(context.ports.payout_ledger.not_lowered(context.company, found.position),),
    )


@operation(_STAFF)
async def confirm_account(context: OperationContext, wanted: PayoutById) -> Plan[None]:
    """Agree to pay to the bank account that the company has now."""
    await _payout(context, wanted)
    account = (await _company(context)).bank_account
    command = ConfirmPayoutAccount(at=context.at, account=account)
    return Plan((CommandEnvelope(payouts, wanted.payout, command),), None)


@operation(_STAFF)
async def pay(context: OperationContext, wanted: PaymentInput) -> Plan[None]:
    """Record that it was paid. Raises ``Rejected`` if the bank account has changed since the request."""
    company = await _company(context)
    command = PayPayout(at=context.at, reference=wanted.reference, account=company.bank_account)
    told = {"reference": wanted.reference.strip()}
    return await _reviewed(context, wanted, command, AccountMailKind.WITHDRAWAL_PAID, told)


@operation(_STAFF)
async def reject(context: OperationContext, wanted: PayoutReason) -> Plan[None]:
    """Refuse to pay; the amount is available again."""
    command = RejectPayout(at=context.at, reason=wanted.reason)
    told = {"reason": wanted.reason.strip()}
    return await _reviewed(context, wanted, command, AccountMailKind.WITHDRAWAL_REJECTED, told)


@operation(_STAFF)
async def record_return(context: OperationContext, wanted: PayoutReason) -> Plan[None]:
    """Record that the bank sent the money back; the amount is available again."""
    command = ReturnPayout(at=context.at, reason=wanted.reason)
    told = {"reason": wanted.reason.strip()}
    return await _reviewed(context, wanted, command, AccountMailKind.WITHDRAWAL_RETURNED, told)


async def _reviewed(
    context: OperationContext,
    wanted: PayoutById,
    command: PayPayout | RejectPayout | ReturnPayout,
    kind: AccountMailKind,
    told: Mapping[str, str],
) -> Plan[None]:
    """The plan of a decision, and the mail about it to the owner unless it was taken before."""
    payout = await _payout(context, wanted)
    envelope = CommandEnvelope(payouts, wanted.payout, command)
    undecided = PaidPayout if isinstance(command, ReturnPayout) else PendingPayout
    if not isinstance(payout, undecided):
        return Plan((envelope,), None)
    values = {"payout": wanted.payout, "amount": str(payout.amount), **told}
    mails = await mail_to_owner(context, await _company(context), kind, values)
    return Plan((envelope,), None, alongside=mails)


async def _payout(context: OperationContext, wanted: PayoutById) -> PayoutState:
    payout = await context.state(payouts, wanted.payout)
    if isinstance(payout, NoPayout):
        raise NotThere
    return payout


async def _company(context: OperationContext) -> Company:
    known = await context.state(companies, str(context.company))
    if not isinstance(known, Company):
        raise NotThere
    return known


def _check_currency(currency: str) -> None:
    try:
        minor_digits(currency)
    except ValueError as error:
        raise InvalidValue("currency", str(error)) from None


def _amount(amount: Decimal, currency: str) -> Money:
    try:
        money = Money.of(amount, currency)
    except ValueError as error:
        raise InvalidValue("amount", str(error)) from None
    if money.minor <= 0:
        raise InvalidValue("amount", "A withdrawal is more than nothing.")
    return money


OPERATIONS: tuple[Operation[Any, Any], ...] = (withdraw, confirm_account, pay, reject, record_return)
