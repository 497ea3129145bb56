"""Payouts: what companies asked for, and what became of it."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import replace

from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.kernel import Fact
from eosvolt.domain.payouts.events import (
    PayoutAccountConfirmed,
    PayoutPaid,
    PayoutRejected,
    PayoutRequested,
    PayoutReturned,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class PayoutRow(Row, frozen=True, kw_only=True):
    """A payout; amounts are minor units of ``currency``.

    ``state`` is ``requested``, ``paid``, ``rejected`` or ``returned``.

    ``position`` is that of its request in the log. ``available`` is what could be withdrawn then, of the
    entries up to the position ``counted``, and of settled sessions up to the local day ``settled_until``
    (``None``: all). ``account`` is where it is, or was, to be paid to; ``reference`` is the bank's.
    """

    id: str
    company: int
    position: int
    state: str
    currency: str
    amount: int
    available: int
    counted: int
    settled_until: date | None
    account: MaskedBankAccount
    time_zone: str
    requested_at: datetime
    requested_by: str
    due_on: date
    account_confirmed_at: datetime | None = None
    paid_at: datetime | None = None
    reference: str = ""
    ended_at: datetime | None = None
    reason: str = ""
    version: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The payout."""
    return (fact.key,)


def apply(row: PayoutRow | None, fact: Fact, key: str) -> PayoutRow | None:
    """The payout after the fact."""
    match fact.event, row:
        case PayoutRequested() as asked, _:
            return PayoutRow(
                id=key,
                company=asked.company,
                position=fact.position,
                state="requested",
                currency=asked.amount.currency,
                amount=asked.amount.minor,
                available=asked.available.minor,
                counted=asked.position,
                settled_until=asked.settled_until,
                account=asked.account,
                time_zone=asked.time_zone,
                requested_at=asked.at,
                requested_by=fact.why.by,
                due_on=asked.due_on,
                version=fact.version,
            )
        case PayoutAccountConfirmed(at=at, account=account), PayoutRow() as known:
            return replace(known, account=account, account_confirmed_at=at, version=fact.version)
        case PayoutPaid(at=at, reference=reference), PayoutRow() as known:
            return replace(known, state="paid", paid_at=at, reference=reference, version=fact.version)
        case PayoutRejected(at=at, reason=reason), PayoutRow() as known:
            return replace(known, state="rejected", ended_at=at, reason=reason, version=fact.version)
        case PayoutReturned(at=at, reason=reason), PayoutRow() as known:
            return replace(known, state="returned", ended_at=at, reason=reason, version=fact.version)
        case _:
            return row


payouts = ReadModel(
    name="payouts",
    version=1,
    row=PayoutRow,
    reads=tags(PayoutRequested, PayoutAccountConfirmed, PayoutPaid, PayoutRejected, PayoutReturned),
    keys=keys,
    apply=apply,
    indexes=("company, position", "state, due_on"),
)
