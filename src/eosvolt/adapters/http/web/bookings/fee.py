"""The fee of a booking: its receipt, the form of a refund, and the credit notes to download."""

from decimal import Decimal

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.booking_documents import fee_credit_note_file, fee_receipt_file
from eosvolt.adapters.http.web.bookings.one import booking_row
from eosvolt.adapters.http.web.bookings.view_models import FeeRefundPage
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refund_form import refund_problems
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import booking_refunds, bookings
from eosvolt.application.operations.booking_refunds import BookingRefundInput
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from eosvolt.projections.booking_fees import BookingFeeRow
from eosvolt.projections.bookings import BookingRow

_ONE = "/bookings/{booking}"


def booking_fee_routes(pages: Pages) -> list[Route]:
    """The refund and the documents."""
    return [
        pages.form(
            f"{_ONE}/refund", ask, refund, operation=booking_refunds.refund, needs=bookings.VIEW, marks=True
        ),
        pages.get(f"{_ONE}/receipt", receipt, needs=bookings.VIEW),
        pages.get(f"{_ONE}/refunds/{{refund}}/credit-note", credit_note, needs=bookings.VIEW),
    ]


async def ask(request: PageRequest) -> Response:
    """Ask how much of the fee is given back, and why; all that is left is proposed."""
    row, fee = await _fee(request)
    amount = "" if fee is None else f"{_left(fee).amount:f}"
    return await _page(request, row, fee, {"amount": amount, "reason": ""}, {})


async def refund(request: PageRequest) -> Response:
    """Give it back."""
    row, fee = await _fee(request)
    typed = {name: request.form_value(name).strip() for name in ("amount", "reason")}
    wrong = request.invisible_characters | refund_problems(typed)
    if wrong:
        return await _page(request, row, fee, typed, wrong)
    amount = Decimal(typed["amount"].replace(",", ".")) if typed["amount"] else None
    wanted = BookingRefundInput(booking=row.id, reason=typed["reason"], amount=amount)
    try:
        number = await request.run(booking_refunds.refund, wanted)
    except (InvalidValue, Rejected) as refusal:
        return await _page(request, row, (await _fee(request))[1], typed, {"amount": translated(refusal)})
    said = gettext("Booking fee refunded: credit note {number}.", number=number)
    return redirect(f"/bookings/{segment(row.id)}", said)


async def receipt(request: PageRequest) -> Response:
    """The PDF of the receipt."""
    booking = request.path_parameter("booking")
    return await fee_receipt_file(request.dependencies, request.queries, request.number, booking)


async def credit_note(request: PageRequest) -> Response:
    """The PDF of a credit note."""
    booking, number = request.path_parameter("booking"), request.path_parameter("refund")
    return await fee_credit_note_file(request.dependencies, request.queries, request.number, booking, number)


async def _fee(request: PageRequest) -> tuple[BookingRow, BookingFeeRow | None]:
    row = await booking_row(request)
    fee = await request.queries.booking_fee(request.number, row.id)
    if fee is None and row.fee is None:
        raise not_found(gettext("This booking has no fee."))
    return row, fee


def _left(fee: BookingFeeRow) -> Money:
    return Money(fee.currency, fee.gross - fee.refunded_gross)


async def _page(
    request: PageRequest,
    row: BookingRow,
    fee: BookingFeeRow | None,
    typed: dict[str, str],
    wrong: dict[str, str],
) -> Response:
    left = None if fee is None else _left(fee)
    page = FeeRefundPage(row=row, fee=fee, left=left, typed=typed, problems=wrong)
    return await show(request, page, status=422 if wrong else 200)
