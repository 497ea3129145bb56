"""What one can ask of a payout."""

from datetime import date, datetime

from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.kernel import Command
from eosvolt.domain.money import Money


class RequestPayout(Command, frozen=True):
    """Reserve an amount for a payout. The fields are those of ``PayoutRequested``."""

    company: int
    at: datetime
    amount: Money
    available: Money
    position: int
    account: MaskedBankAccount
    due_on: date
    time_zone: str
    settled_until: date | None = None


class ConfirmPayoutAccount(Command, frozen=True):
    """Pay to this bank account, which is the company's now."""

    at: datetime
    account: MaskedBankAccount


class PayPayout(Command, frozen=True):
    """Say that it was paid. ``account`` is the company's present bank account."""

    at: datetime
    reference: str
    account: MaskedBankAccount


class RejectPayout(Command, frozen=True):
    """Refuse to pay."""

    at: datetime
    reason: str


class ReturnPayout(Command, frozen=True):
    """Say that the bank sent the money back."""

    at: datetime
    reason: str


PayoutCommand = RequestPayout | ConfirmPayoutAccount | PayPayout | RejectPayout | ReturnPayout
