"""The fee of a booking: what slots cost, when it is owed, and what happens to it once it is charged.

It is owed when the booking was used, was not used (a no-show keeps the fee) or was cancelled without refund,
by an operator or by a driver who is late; not where it was cancelled with refund or could not be had by our
fault.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from eosvolt.domain.bookings.fee_commands import (
    FeeCommand,
    InvoiceBooking,
    IssueBookingReceipt,
    RefundBookingFee,
)
from eosvolt.domain.bookings.fee_events import (
    BookingFeeCharged,
    BookingFeeRefunded,
    BookingInvoiced,
    BookingReceiptIssued,
    FeeEvent,
)
from eosvolt.domain.bookings.values import BookingFee, BookingStatus, SlotChoice
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.booking_rules import BookingRules, SlotFee
from eosvolt.domain.money import Money, Taxed, nth_part, round_half_up, with_vat_inside
from eosvolt.domain.sessions.events import Place
from eosvolt.domain.tariffs.tariff import Tariff

NOT_CHARGED = "No fee was charged for this booking."
KEPT_BY_NOW = (
    "By now the fee is charged if it is cancelled. Nothing was cancelled: cancel again if you agree."
)


class FeeAccount(Struct, frozen=True):
    """What happened to the fee of a booking; ``charged`` is ``None`` as long as it is not owed."""

    charged: BookingFeeCharged | None = None
    refunds: tuple[BookingFeeRefunded, ...] = ()
    receipt: str = ""
    invoice: str = ""

    @property
    def left(self) -> Taxed:
        """What of the fee was not given back. Raises ``ValueError`` where none was charged."""
        if self.charged is None:
            raise ValueError(NOT_CHARGED)
        gross, net, vat = self.charged.charged.gross, self.charged.charged.net, self.charged.charged.vat
        for each in self.refunds:
            gross, net, vat = gross - each.refunded.gross, net - each.refunded.net, vat - each.refunded.vat
        return Taxed(gross, net, vat)


NO_ACCOUNT = FeeAccount()


def pinned_fee(choice: SlotChoice, tariff: Tariff, at: datetime) -> SlotChoice:
    """The slots with what they cost when they are chosen at an instant.

    ``tariff`` is the location's: the fee is in its currency and has its VAT rate.
    """
    fee = choice.rules.fee
    if fee is None:
        return choice
    nothing = BookingFee(Money.zero(tariff.currency), tariff.vat_rate)
    return replace(choice, fee=_priced(nothing, fee, choice, choice.slots, at))


def moved_fee(before: SlotChoice, after: SlotChoice, at: datetime) -> BookingFee | None:
    """What a booking costs that is moved at an instant.

    As many slots on the same local date cost what they did; others cost what they would if they were booked
    now, by the rules that the booking has.
    """
    fee, rules = before.fee, before.rules.fee
    if fee is None or rules is None:
        return fee
    zone = before.time_zone
    same_day = local_date(before.since, zone) == local_date(after.since, zone)
    if same_day and before.slots == after.slots:
        return fee
    return _priced(fee, rules, after, after.slots, at)


def extended_fee(before: SlotChoice, slots: int, at: datetime) -> BookingFee | None:
    """What a booking costs that is extended to ``slots`` at an instant: those that are added cost as now."""
    fee, rules = before.fee, before.rules.fee
    if fee is None or rules is None:
        return fee
    added = _priced(fee, rules, before, slots - before.slots, at)
    return replace(fee, amount=fee.amount + added.amount)


def fee_of_slots(
    rules: BookingRules, tariff: Tariff, since: datetime, slots: int, at: datetime
) -> Money | None:
    """What slots from ``since`` on cost that are booked at an instant, gross; ``None`` without a fee.

    ``tariff`` is the location's: its currency and time zone hold.
    """
    if rules.fee is None:
        return None
    return fee_amount(rules.fee, since, slots, at, tariff.time_zone, tariff.currency)


def _priced(fee: BookingFee, rules: SlotFee, choice: SlotChoice, slots: int, at: datetime) -> BookingFee:
    amount = fee_amount(rules, choice.since, slots, at, choice.time_zone, fee.amount.currency)
    return replace(fee, amount=amount)


def fee_amount(fee: SlotFee, since: datetime, slots: int, at: datetime, zone: str, currency: str) -> Money:
    """What slots from ``since`` on cost that are booked, or added to a booking, at an instant, gross."""
    same_day = local_date(since, zone) <= local_date(at, zone)
    each = round_half_up(fee.same_day if same_day else fee.future, currency)
    return Money(currency, each.minor * slots)


def refund_until(since: datetime, cancel_minutes: int) -> datetime:
    """Until when a driver cancels without owing the fee of a booking that begins at ``since``."""
    return since - timedelta(minutes=cancel_minutes)


def charged(
    choice: SlotChoice, account: FeeAccount, status: BookingStatus, at: datetime
) -> Sequence[BookingFeeCharged]:
    """The fee of a booking that is over, if there is one, once."""
    fee = choice.fee
    if fee is None or not fee.amount.minor or account.charged is not None:
        return []
    return [
        BookingFeeCharged(
            place=place_of(choice),
            booker=choice.booker,
            since=choice.since,
            until=choice.until,
            slots=choice.slots,
            at=at,
            status=status,
            charged=with_vat_inside(fee.amount, fee.vat_rate),
            vat_rate=fee.vat_rate,
        )
    ]


def place_of(choice: SlotChoice) -> Place:
    """Where the booked plug is."""
    return Place(
        company=choice.company,
        location=choice.location,
        charge_point=choice.plug.charge_point,
        connector=choice.plug.connector,
        time_zone=choice.time_zone,
    )


def decide_fee(command: FeeCommand, account: FeeAccount) -> Sequence[FeeEvent]:
    """What happens to a fee. Raises ``Rejected`` where none was charged, and for more than is left."""
    match command:
        case RefundBookingFee():
            return _refunded(command, account)
        case IssueBookingReceipt(at=at, number=number):
            fee = account.charged
            if fee is None or account.receipt:
                return []
            return [BookingReceiptIssued(place=fee.place, at=at, number=number, total=fee.charged)]
        case InvoiceBooking():
            return _invoiced(command, account)


def after_fee(account: FeeAccount, event: FeeEvent) -> FeeAccount:
    """The account after an event."""
    match event:
        case BookingFeeCharged():
            return replace(account, charged=event)
        case BookingFeeRefunded():
            return replace(account, refunds=(*account.refunds, event))
        case BookingReceiptIssued(number=number):
            return replace(account, receipt=number)
        case BookingInvoiced(invoice=invoice):
            return replace(account, invoice=invoice)


def _refunded(command: RefundBookingFee, account: FeeAccount) -> Sequence[BookingFeeRefunded]:
    fee = account.charged
    if fee is None:
        raise Rejected(NOT_CHARGED)
    if any(each.credit_note == command.credit_note for each in account.refunds):
        return []
    left = account.left.gross
    if not left.minor:
        raise Rejected("There is nothing left to refund of this booking.")
    part = left if command.amount is None else command.amount
    if part.currency != left.currency:
        raise Rejected(f"This booking was paid in {left.currency}.")
    if part.minor <= 0:
        raise Rejected("A refund is more than nothing.")
    if part > left:
        raise Rejected(f"At most {left} can be refunded of this booking.")
    return [
        BookingFeeRefunded(
            place=fee.place,
            number=len(account.refunds) + 1,
            at=command.at,
            charged_at=fee.at,
            refunded=nth_part(fee.charged, fee.charged.gross - left, part),
            vat_rate=fee.vat_rate,
            reason=command.reason,
            credit_note=command.credit_note,
        )
    ]


def _invoiced(command: InvoiceBooking, account: FeeAccount) -> Sequence[BookingInvoiced]:
    fee = account.charged
    if fee is None:
        raise Rejected(NOT_CHARGED)
    if account.invoice == command.invoice:
        return []
    if account.invoice:
        raise Rejected(f"The fee of this booking is on invoice {account.invoice} already.")
    left = account.left
    if left.gross != command.gross or left.gross.minor <= 0:
        raise Rejected("Of the fee of this booking another amount is left to invoice.")
    return [BookingInvoiced(place=fee.place, at=command.at, invoice=command.invoice, amount=left)]
