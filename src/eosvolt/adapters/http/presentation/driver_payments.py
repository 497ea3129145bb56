"""What is shown of a payment, to its driver and to the operator: what is held, taken, given back and owed."""

from typing import NamedTuple

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.driving import SeenPlace
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.money import Money
from eosvolt.domain.payments.events import CancelReason
from eosvolt.domain.payments.state import PaymentStatus
from eosvolt.projections.payments import PaymentRow
from eosvolt.projections.session_row import SessionRow

# How far a payment is, for everybody.
PAYMENT_STATES = {
    PaymentStatus.REQUESTED: Text("being requested"),
    PaymentStatus.OPENED: Text("waits for the driver"),
    PaymentStatus.AUTHORISED: Text("amount held"),
    PaymentStatus.DECLINED: Text("refused"),
    PaymentStatus.CAPTURED: Text("paid"),
    PaymentStatus.CANCELLED: Text("cancelled"),
    PaymentStatus.REFUNDED: Text("refunded"),
    PaymentStatus.FAILED: Text("failed"),
}
CANCELLED = {
    CancelReason.NOT_MADE: Text("The payment was not made in time."),
    CancelReason.REPLACED: Text("Another start replaced this one."),
    CancelReason.START_REFUSED: Text("The plug could not be started any more. You pay nothing."),
    CancelReason.NO_SESSION: Text("The charger did not start. You pay nothing."),
    CancelReason.NOTHING_OWED: Text("The session cost nothing."),
}


class ShownPayment(NamedTuple):
    """A payment in figures.

    ``held`` is what is or was held at most; ``taken`` is what was captured, ``returned`` what of it went
    back; ``owed`` is what a session that is over cost beyond that. ``address`` is where the driver has to
    confirm, empty if there is nothing to confirm.
    """

    row: PaymentRow
    held: Money
    taken: Money
    returned: Money
    owed: Money
    address: str

    @property
    def status(self) -> PaymentStatus:
        """How far it is."""
        return self.row.status

    @property
    def under_way(self) -> bool:
        """Whether its figures still change by themselves."""
        return self.row.status is PaymentStatus.AUTHORISED or self.row.due_at is not None

    @property
    def state(self) -> Text:
        """How far it is, in words."""
        return PAYMENT_STATES[self.row.status]

    @property
    def failure(self) -> str:
        """Why it led to no session, for its driver; empty if it did, or may still do."""
        if self.row.status is PaymentStatus.DECLINED:
            return self.row.reason or gettext("The payment was refused.")
        cancel = self.row.state.cancel
        return "" if cancel is None else str(CANCELLED[cancel])


def shown_payment(row: PaymentRow, session: SessionRow | None) -> ShownPayment:
    """A payment with the session that it is for, if that began."""
    payment = row.state
    nothing = Money.zero(payment.request.amount.currency)
    taken = nothing
    if payment.capture is not None and row.status in {PaymentStatus.CAPTURED, PaymentStatus.REFUNDED}:
        taken = payment.capture
    returned = nothing
    for each in payment.refunds:
        returned = returned + each.amount if each.done else returned
    owed = nothing
    # While something is under way at the provider, nobody can tell.
    if session is not None and session.receipts and payment.step is None:
        left = Money(session.currency, session.total_gross - session.refunded_gross)
        owed = max(nothing, left - (taken - returned))
    return ShownPayment(
        row=row,
        held=payment.request.amount,
        taken=taken,
        returned=returned,
        owed=owed,
        address=row.address if row.status is PaymentStatus.OPENED and payment.waits else "",
    )


def payment_needed(dependencies: Dependencies, seen: SeenPlace) -> Money | None:
    """What a driver who is no customer there pays at most; ``None`` for customers, and where nobody can."""
    terms, row = dependencies.payment_terms, seen.place.location
    if terms is None or seen.own is not None or row.details.type is not LocationType.PUBLIC:
        return None
    return terms.amount(row.tariff.currency)
