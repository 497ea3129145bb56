"""The rules of a payout. Whether the amount is available is asked of the ledger before it is requested."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.commands import (
    ConfirmPayoutAccount,
    PayoutCommand,
    PayPayout,
    RejectPayout,
    RequestPayout,
    ReturnPayout,
)
from eosvolt.domain.payouts.events import (
    PayoutAccountConfirmed,
    PayoutEvent,
    PayoutPaid,
    PayoutRejected,
    PayoutRequested,
    PayoutReturned,
)
from eosvolt.domain.payouts.limits import LONGEST_TEXT


class NoPayout(msgspec.Struct, frozen=True):
    """Nobody asked for it."""


class PendingPayout(msgspec.Struct, frozen=True):
    """It waits for its review; ``account`` is where it is to be paid to."""

    company: int
    amount: Money
    account: MaskedBankAccount
    time_zone: str


class PaidPayout(msgspec.Struct, frozen=True):
    """It was paid."""

    company: int
    amount: Money
    time_zone: str
    reference: str


class EndedPayout(msgspec.Struct, frozen=True):
    """It was rejected or, if ``returned``, came back from the bank."""

    company: int
    reason: str
    returned: bool = False


PayoutState = NoPayout | PendingPayout | PaidPayout | EndedPayout


def decide(command: PayoutCommand, payout: PayoutState) -> Sequence[PayoutEvent]:
    """What happens."""
    match command, payout:
        case RequestPayout(), NoPayout():
            return [_requested(command)]
        case RequestPayout(), _:
            return []
        case ConfirmPayoutAccount(at=at, account=account), PendingPayout() as pending:
            if not account:
                raise Rejected("The company has no bank account.")
            if account == pending.account:
                return []
            return [PayoutAccountConfirmed(at=at, account=account)]
        case PayPayout(at=at, account=account), PendingPayout() as pending:
            if account != pending.account:
                raise Rejected(
                    "The company's bank account has changed since: confirm the new account before you pay."
                )
            reference = _text(command.reference, "A payment needs the bank's reference.")
            return [
                PayoutPaid(at=at, amount=pending.amount, time_zone=pending.time_zone, reference=reference)
            ]
        case PayPayout(reference=reference), PaidPayout(reference=known):
            if reference.strip() == known:
                return []
            raise Rejected(f"This withdrawal was paid already, with the reference {known}.")
        case RejectPayout(at=at), PendingPayout(amount=amount, time_zone=time_zone):
            reason = _text(command.reason, "Say why the withdrawal is rejected.")
            return [PayoutRejected(at=at, amount=amount, time_zone=time_zone, reason=reason)]
        case ReturnPayout(at=at), PaidPayout(amount=amount, time_zone=time_zone):
            reason = _text(command.reason, "Say why the payment came back.")
            return [PayoutReturned(at=at, amount=amount, time_zone=time_zone, reason=reason)]
        case RejectPayout(reason=reason), EndedPayout(returned=False) if reason.strip() == payout.reason:
            return []
        case ReturnPayout(reason=reason), EndedPayout(returned=True) if reason.strip() == payout.reason:
            return []
        case _, NoPayout():
            raise Rejected("Nobody asked for this withdrawal.")
        case _, PendingPayout():
            raise Rejected("This withdrawal has not been paid.")
        case _, PaidPayout():
            raise Rejected("This withdrawal was paid already.")
        case _, EndedPayout(returned=returned):
            raise Rejected(
                "The payment of this withdrawal came back already."
                if returned
                else "This withdrawal was rejected already."
            )
        case _:
            assert_never(payout)


def evolve(payout: PayoutState, event: PayoutEvent) -> PayoutState:
    """The payout after ``event``."""
    match event, payout:
        case PayoutRequested() as asked, _:
            return PendingPayout(asked.company, asked.amount, asked.account, asked.time_zone)
        case PayoutAccountConfirmed(account=account), PendingPayout():
            return msgspec.structs.replace(payout, account=account)
        case PayoutPaid() as paid, PendingPayout(company=company):
            return PaidPayout(company, paid.amount, paid.time_zone, paid.reference)
        case PayoutRejected(reason=reason), PendingPayout(company=company):
            return EndedPayout(company, reason)
        case PayoutReturned(reason=reason), PaidPayout(company=company):
            return EndedPayout(company, reason, returned=True)
        case _:
            return payout


def _requested(command: RequestPayout) -> PayoutRequested:
    if command.amount.minor <= 0:
        raise Rejected("A withdrawal is more than nothing.")
    if command.amount > command.available:
        raise Rejected(f"This is more than is available: {command.available}.")
    if not command.account:
        raise Rejected("A withdrawal needs a bank account to be paid to: add it in the settings.")
    return PayoutRequested(
        company=command.company,
        at=command.at,
        amount=command.amount,
        available=command.available,
        position=command.position,
        account=command.account,
        due_on=command.due_on,
        time_zone=command.time_zone,
        settled_until=command.settled_until,
    )


def _text(text: str, missing: str) -> str:
    """The text without white space around it. Raises ``Rejected`` for none, or one that is too long."""
    if not (stripped := text.strip()):
        raise Rejected(missing)
    if len(stripped) > LONGEST_TEXT:
        raise Rejected(f"This has at most {LONGEST_TEXT:d} characters.")
    return stripped


payouts: Decider[PayoutCommand, PayoutState, PayoutEvent] = Decider("payout", NoPayout(), decide, evolve)
