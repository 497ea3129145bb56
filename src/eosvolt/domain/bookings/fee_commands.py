"""What can be asked of the fee of a booking."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.money import Money


class RefundBookingFee(Command, frozen=True):
    """Give the fee back, or ``amount`` (gross) of it, by the credit note with a number."""

    at: datetime
    reason: str
    credit_note: str
    amount: Money | None = None


class IssueBookingReceipt(Command, frozen=True):
    """Give the receipt of the fee its number."""

    at: datetime
    number: str


class InvoiceBooking(Command, frozen=True):
    """Put what is left of the fee, ``gross``, on the invoice with the number ``invoice``."""

    at: datetime
    invoice: str
    gross: Money


FeeCommand = RefundBookingFee | IssueBookingReceipt | InvoiceBooking
