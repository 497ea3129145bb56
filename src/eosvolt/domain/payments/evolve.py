"""The fold of a payment: how each event changes its state."""

from typing import assert_never

from msgspec.structs import replace

from eosvolt.domain.payments.events import (
    PaymentAuthorised,
    PaymentCancelled,
    PaymentCancelOrdered,
    PaymentCaptured,
    PaymentCaptureOrdered,
    PaymentDeclined,
    PaymentEvent,
    PaymentFailed,
    PaymentOpened,
    PaymentRefunded,
    PaymentRefundOrdered,
    PaymentRequested,
    PaymentUsed,
)
from eosvolt.domain.payments.state import (
    DriverPayment,
    NoPayment,
    OrderedRefund,
    PaymentState,
    PaymentStatus,
)


def evolve(state: PaymentState, event: PaymentEvent) -> PaymentState:
    """The payment after ``event``."""
    if isinstance(event, PaymentRequested):
        return DriverPayment(event)
    if isinstance(state, NoPayment):
        return state
    return _evolved(state, event)


def _evolved(payment: DriverPayment, event: PaymentEvent) -> DriverPayment:
    match event:
        case PaymentOpened(reference=reference):
            return replace(payment, status=PaymentStatus.OPENED, reference=reference)
        case PaymentAuthorised(reference=reference):
            return replace(payment, status=PaymentStatus.AUTHORISED, reference=reference)
        case PaymentDeclined():
            return replace(payment, status=PaymentStatus.DECLINED)
        case PaymentUsed(session=session):
            return replace(payment, session=session)
        case PaymentCaptureOrdered(amount=amount):
            return replace(payment, capture=amount)
        case PaymentCaptured():
            return replace(payment, status=PaymentStatus.CAPTURED)
        case PaymentCancelOrdered(reason=reason):
            return replace(payment, cancel=reason)
        case PaymentCancelled():
            return replace(payment, status=PaymentStatus.CANCELLED)
        case PaymentRefundOrdered(number=number, amount=amount):
            return replace(payment, refunds=(*payment.refunds, OrderedRefund(number, amount)))
        case PaymentRefunded(number=number):
            return replace(payment, status=PaymentStatus.REFUNDED, refunds=_with(payment, number, done=True))
        case PaymentFailed(refund=0):
            return replace(payment, status=PaymentStatus.FAILED)
        case PaymentFailed(refund=number):
            return replace(payment, refunds=_with(payment, number, done=False))
        case PaymentRequested():
            return payment
        case _:
            assert_never(event)


def _with(payment: DriverPayment, number: int, *, done: bool) -> tuple[OrderedRefund, ...]:
    return tuple(
        replace(each, done=done, refused=not done) if each.number == number else each
        for each in payment.refunds
    )
