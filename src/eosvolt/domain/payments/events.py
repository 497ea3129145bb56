"""The events of a payment."""

from datetime import datetime
from enum import StrEnum

from eosvolt.domain.kernel import Event
from eosvolt.domain.money import Money


class CancelReason(StrEnum):
    """Why a payment is given back unused.

    ``NOT_MADE``: the driver did not pay in time. ``REPLACED``: the driver asked for another start instead.
    ``START_REFUSED``: by the time it was authorised, the plug or the location was not to be had any more.
    ``NO_SESSION``: the charger began none. ``NOTHING_OWED``: the session cost nothing.
    """

    NOT_MADE = "notMade"
    REPLACED = "replaced"
    START_REFUSED = "startRefused"
    NO_SESSION = "noSession"
    NOTHING_OWED = "nothingOwed"


class PaymentRequested(Event, frozen=True, tag="payment-requested"):
    """A driver wants to charge at a plug and pay for it: at most ``amount``.

    The payment has the id of the command that is to start. ``driver`` is the driver's id, which says nothing
    of who it is; ``provider`` is the name of the payment provider; ``token`` is what starts.
    """

    company: int
    location: str
    charge_point: str
    connector: int
    driver: str
    token: str
    provider: str
    amount: Money
    at: datetime


class PaymentOpened(Event, frozen=True, tag="payment-opened"):
    """The provider knows the payment as ``reference``; the driver has to confirm it at ``address``."""

    reference: str
    at: datetime
    address: str = ""


class PaymentAuthorised(Event, frozen=True, tag="payment-authorised"):
    """The provider holds the amount: charging may start."""

    reference: str
    at: datetime


class PaymentDeclined(Event, frozen=True, tag="payment-declined"):
    """The provider will not pay. ``reason`` is its sentence for the driver; empty without one."""

    at: datetime
    reason: str = ""


class PaymentUsed(Event, frozen=True, tag="payment-used"):
    """The session that the payment is for began."""

    session: str
    at: datetime


class PaymentCaptureOrdered(Event, frozen=True, tag="payment-capture-ordered"):
    """So much is to be captured; the provider is asked until it answers, always for the same amount."""

    amount: Money
    at: datetime


class PaymentCaptured(Event, frozen=True, tag="payment-captured"):
    """The provider captured the amount."""

    amount: Money
    at: datetime


class PaymentCancelOrdered(Event, frozen=True, tag="payment-cancel-ordered"):
    """Nothing is to be captured; the provider is asked to let the amount go until it answers."""

    reason: CancelReason
    at: datetime


class PaymentCancelled(Event, frozen=True, tag="payment-cancelled"):
    """The provider let the amount go."""

    at: datetime


class PaymentRefundOrdered(Event, frozen=True, tag="payment-refund-ordered"):
    """So much of what was captured is to go back, as the ``number``-th refund (from 1)."""

    number: int
    amount: Money
    at: datetime


class PaymentRefunded(Event, frozen=True, tag="payment-refunded"):
    """The provider gave the amount of the ``number``-th refund back."""

    number: int
    amount: Money
    at: datetime


class PaymentFailed(Event, frozen=True, tag="payment-failed"):
    """The provider finally refused what it was asked to do; ``reason`` is its sentence.

    ``refund`` is the number of the refund that it refused; 0 where it would not capture or cancel.
    """

    at: datetime
    reason: str = ""
    refund: int = 0


PaymentEvent = (
    PaymentRequested
    | PaymentOpened
    | PaymentAuthorised
    | PaymentDeclined
    | PaymentUsed
    | PaymentCaptureOrdered
    | PaymentCaptured
    | PaymentCancelOrdered
    | PaymentCancelled
    | PaymentRefundOrdered
    | PaymentRefunded
    | PaymentFailed
)
