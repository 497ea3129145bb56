"""The operation that gives money of the fee of a booking back."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from eosvolt.application.document_numbers import next_document
from eosvolt.application.executor import Plan
from eosvolt.application.operations.booking_plans import BookingById, known_booking
from eosvolt.application.operations.operation import (
    InvalidValue,
    Operation,
    OperationContext,
    operation_at,
)
from eosvolt.application.permissions import Right
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.fee_commands import RefundBookingFee
from eosvolt.domain.bookings.fees import NOT_CHARGED
from eosvolt.domain.bookings.state import Known, fees_of
from eosvolt.domain.documents.events import DocumentKind
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.money import Money


class BookingRefundInput(BookingById, frozen=True, kw_only=True):
    """A booking, the reason of the refund, and its gross amount in the currency of the fee.

    Without ``amount`` it is all that is left.
    """

    reason: str
    amount: Decimal | None = None


async def _at(context: OperationContext, wanted: BookingById) -> Collection[str]:
    return ((await known_booking(context, wanted.booking)).choice.location,)


@operation_at(Right.REFUND, _at)
async def refund(context: OperationContext, wanted: BookingRefundInput) -> Plan[str]:
    """Give money of the fee of a booking back; return the number of the credit note.

    Raises ``Rejected`` for more than is left of the fee, and where none was charged; ``InvalidValue`` for an
    amount that its currency does not have.
    """
    state = await known_booking(context, wanted.booking)
    amount = None if wanted.amount is None else _money(wanted.amount, state)
    number, document = await next_document(
        context.application, context.company, DocumentKind.CREDIT_NOTE, "", context.at, booking=wanted.booking
    )
    command = RefundBookingFee(at=context.at, reason=wanted.reason, credit_note=number, amount=amount)
    return Plan((CommandEnvelope(bookings, wanted.booking, command), document), number)


def _money(amount: Decimal, booking: Known) -> Money:
    fee = fees_of(booking).charged
    if fee is None:
        raise Rejected(NOT_CHARGED)
    try:
        return Money.of(amount, fee.charged.gross.currency)
    except ValueError as problem:
        raise InvalidValue("amount", str(problem)) from None


OPERATIONS: tuple[Operation[Any, Any], ...] = (refund,)
