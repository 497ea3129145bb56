"""The fees of bookings that were charged: what is refunded of them, on receipts and on invoices."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from eosvolt.domain.bookings.fee_events import (
    BookingFeeCharged,
    BookingFeeRefunded,
    BookingInvoiced,
    BookingReceiptIssued,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.money import Money, Taxed
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row
from eosvolt.projections.refunds import Refund


class BookingFeeRow(Row, frozen=True, kw_only=True):
    """The fee of a booking, in minor units of ``currency``; ``vat_rate`` is a fraction.

    ``status`` is how the booking ended. ``receipt`` is the number of its receipt, recorded at ``receipt_at``;
    ``receipt_due_at`` is since when it waits for one. ``invoice`` is the number of the invoice that it is on.
    """

    id: str
    company: int
    location: str
    charge_point: str
    connector: int
    time_zone: str
    customer: str
    token: str
    since: datetime
    until: datetime
    slots: int
    status: str
    charged_at: datetime
    currency: str
    gross: int
    net: int
    vat: int
    vat_rate: Decimal
    refunds: tuple[Refund, ...] = ()
    refunded_gross: int = 0
    receipt: str = ""
    receipt_at: datetime | None = None
    receipt_due_at: datetime | None = None
    invoice: str = ""

    @property
    def total(self) -> Taxed:
        """The fee, with its parts."""
        return Taxed(*(Money(self.currency, minor) for minor in (self.gross, self.net, self.vat)))


def keys(fact: Fact) -> Iterable[str]:
    """The booking."""
    return (fact.key,)


def apply(row: BookingFeeRow | None, fact: Fact, key: str) -> BookingFeeRow | None:
    """The fee after the fact."""
    match fact.event, row:
        case BookingFeeCharged() as fee, _:
            return _charged(key, fee, fact.recorded_at)
        case _, None:
            return None
        case BookingFeeRefunded() as back, known:
            refund = Refund(back.number, back.at, back.refunded, back.reason, back.credit_note, known.invoice)
            return replace(
                known,
                refunds=(*known.refunds, refund),
                refunded_gross=known.refunded_gross + back.refunded.gross.minor,
            )
        case BookingReceiptIssued(number=number), known:
            return replace(known, receipt=number, receipt_at=fact.recorded_at, receipt_due_at=None)
        case BookingInvoiced(invoice=number), known:
            return replace(known, invoice=number)
        case _, known:
            return known


def _charged(key: str, fee: BookingFeeCharged, recorded_at: datetime) -> BookingFeeRow:
    return BookingFeeRow(
        id=key,
        company=fee.place.company,
        location=fee.place.location,
        charge_point=fee.place.charge_point,
        connector=fee.place.connector,
        time_zone=fee.place.time_zone,
        customer=fee.booker.customer,
        token=fee.booker.token,
        since=fee.since,
        until=fee.until,
        slots=fee.slots,
        status=fee.status.value,
        charged_at=fee.at,
        currency=fee.charged.gross.currency,
        gross=fee.charged.gross.minor,
        net=fee.charged.net.minor,
        vat=fee.charged.vat.minor,
        vat_rate=fee.vat_rate,
        receipt_due_at=recorded_at,
    )


booking_fees = ReadModel(
    name="booking_fees",
    version=1,
    row=BookingFeeRow,
    reads=tags(BookingFeeCharged, BookingFeeRefunded, BookingReceiptIssued, BookingInvoiced),
    keys=keys,
    apply=apply,
    indexes=("company, charged_at", "company, customer, charged_at", "receipt_due_at"),
)
