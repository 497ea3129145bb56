"""What happens to the fee of a booking: it is charged once, given back, on a receipt, on an invoice.

They are in the booking's own stream. Events that change a figure contain the ``Place``, as sessions' do.
"""

from datetime import datetime
from decimal import Decimal

from eosvolt.domain.bookings.values import Booker, BookingStatus
from eosvolt.domain.kernel import Event
from eosvolt.domain.money import Taxed
from eosvolt.domain.sessions.events import Place


class BookingFeeCharged(Event, frozen=True, tag="booking-fee-charged"):
    """The booking is over, and its fee is owed: for the slots from ``since`` to ``until``.

    ``status`` is how it ended. ``charged`` has VAT at ``vat_rate`` in it, as it was pinned when it was
    booked. There is one at most, also where a booking ends twice, because its charger told late of a session.
    """

    place: Place
    booker: Booker
    since: datetime
    until: datetime
    slots: int
    at: datetime
    status: BookingStatus
    charged: Taxed
    vat_rate: Decimal


class BookingFeeRefunded(Event, frozen=True, tag="booking-fee-refunded"):
    """Money of the fee that was charged at ``charged_at`` was given back.

    ``number`` counts the refunds of this booking from 1. ``refunded`` is the amount with its part of the VAT;
    ``credit_note`` is the number of the document that says so.
    """

    place: Place
    number: int
    at: datetime
    charged_at: datetime
    refunded: Taxed
    vat_rate: Decimal
    reason: str
    credit_note: str


class BookingReceiptIssued(Event, frozen=True, tag="booking-receipt-issued"):
    """The receipt of the fee got its ``number``. ``total`` is what it says that the booking cost."""

    place: Place
    at: datetime
    number: str
    total: Taxed


class BookingInvoiced(Event, frozen=True, tag="booking-invoiced"):
    """The fee is on the invoice with the number ``invoice``: what of it was not given back before."""

    place: Place
    at: datetime
    invoice: str
    amount: Taxed


FeeEvent = BookingFeeCharged | BookingFeeRefunded | BookingReceiptIssued | BookingInvoiced
