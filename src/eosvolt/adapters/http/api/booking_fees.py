"""``/bookings/{booking}/receipt`` and ``/refunds``: the documents about the fee of a booking."""

from decimal import Decimal

from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.refunds import RefundTerms, RefundView, refund_view
from eosvolt.adapters.http.framework.api_types import Items
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.booking_documents import fee_credit_note_file, fee_receipt_file
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.application.operations import booking_refunds, bookings
from eosvolt.application.operations.booking_refunds import BookingRefundInput
from eosvolt.projections.refunds import Refund


@endpoint("GET", "/bookings/{booking}/receipt", media=(PDF,), needs=bookings.VIEW)
async def booking_receipt(call: ApiCall, booking: str) -> Response:
    """The receipt of the fee as a PDF, in the language of the company; 404 as long as no fee is owed."""
    return await fee_receipt_file(call.dependencies, call.queries, call.company, booking)


@endpoint("GET", "/bookings/{booking}/refunds", needs=bookings.VIEW)
async def list_booking_refunds(call: ApiCall, booking: str, query: PageQuery) -> Answer[Items[RefundView]]:
    """The refunds of the fee of a booking, oldest first."""
    return paged(
        call, [refund_view(each) for each in await _refunds(call, booking)], lambda each: each.id, query
    )


@endpoint(
    "POST", "/bookings/{booking}/refunds", status=201, refusals=(409,), operation=booking_refunds.refund
)
async def issue_booking_refund(call: ApiCall, booking: str, body: RefundTerms) -> Answer[RefundView]:
    """Give the fee of a booking back, all or a part, and issue a credit note about it.

    All refunds together are never more than the fee. 409 as long as no fee is owed, and for more than is
    left.
    """
    amount = None if body.amount is None else Decimal(body.amount)
    wanted = BookingRefundInput(booking=booking, reason=body.reason, amount=amount)
    number = await call.run(booking_refunds.refund, wanted)
    for each in await _refunds(call, booking):
        if each.credit_note == number:
            place = f"/api/v1/bookings/{booking}/refunds/{each.number}/credit-note"
            return Answer(refund_view(each), {"Location": place})
    raise not_found()


@endpoint("GET", "/bookings/{booking}/refunds/{refund}/credit-note", media=(PDF,), needs=bookings.VIEW)
async def booking_credit_note(call: ApiCall, booking: str, refund: str) -> Response:
    """The credit note of a refund as a PDF, in the language that the company had when it was issued."""
    return await fee_credit_note_file(call.dependencies, call.queries, call.company, booking, refund)


async def _refunds(call: ApiCall, booking: str) -> tuple[Refund, ...]:
    if await call.queries.booking(call.company, booking) is None:
        raise not_found()
    row = await call.queries.booking_fee(call.company, booking)
    return () if row is None else row.refunds


ENDPOINTS = (booking_receipt, list_booking_refunds, issue_booking_refund, booking_credit_note)
