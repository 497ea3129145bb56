"""What can have happened to a payout.

Each event says the amount and the company's fiscal time zone, so that its entry in the ledger and the local
day of the entry follow from the event alone.
"""

from datetime import date, datetime

from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.kernel import Event
from eosvolt.domain.money import Money


class PayoutRequested(Event, frozen=True, tag="payout-requested"):
    """A company asked for an amount of its available revenue; it is reserved from now on.

    ``available`` was what could be withdrawn, of all entries up to ``position`` of the log; ``settled_until``
    is the last local day of settled sessions among them, ``None`` if sessions settle at once. ``due_on`` is
    the last day of the review, in ``time_zone``.
    """

    company: int
    at: datetime
    amount: Money
    available: Money
    position: int
    account: MaskedBankAccount
    due_on: date
    time_zone: str
    settled_until: date | None = None


class PayoutAccountConfirmed(Event, frozen=True, tag="payout-account-confirmed"):
    """Platform staff agreed to pay to another bank account than that of the request."""

    at: datetime
    account: MaskedBankAccount


class PayoutPaid(Event, frozen=True, tag="payout-paid"):
    """Platform staff paid; ``reference`` is the bank's."""

    at: datetime
    amount: Money
    time_zone: str
    reference: str


class PayoutRejected(Event, frozen=True, tag="payout-rejected"):
    """Platform staff refused to pay; the amount is available again."""

    at: datetime
    amount: Money
    time_zone: str
    reason: str


class PayoutReturned(Event, frozen=True, tag="payout-returned"):
    """The bank sent the money back; the amount is available again."""

    at: datetime
    amount: Money
    time_zone: str
    reason: str


PayoutEvent = PayoutRequested | PayoutAccountConfirmed | PayoutPaid | PayoutRejected | PayoutReturned
