"""``/sessions/{session}/receipt``: the receipt of a session, and those that were issued before it."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, Items, MoneyView, View, paid
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.adapters.http.presentation.receipt import receipt_file
from eosvolt.application.operations.sessions import VIEW
from eosvolt.projections.session_row import SessionReceipt


class ReceiptQuery(ApiInput, frozen=True, kw_only=True):
    """Which receipt of the session."""

    number: Annotated[
        str, Meta(max_length=100, description="That of an earlier receipt; the newest by default.")
    ] = ""


class ReceiptView(View, frozen=True, kw_only=True):
    """A numbered receipt; ``total`` is gross. ``corrects`` is the number of the receipt that it replaces."""

    number: str
    at: Instant
    total: MoneyView
    net: MoneyView
    vat: MoneyView
    corrects: str = ""


@endpoint("GET", "/sessions/{session}/receipt", media=(PDF,), refusals=(409,), needs=VIEW)
async def receipt(call: ApiCall, session: str, query: ReceiptQuery) -> Response:
    """The receipt of a session as a PDF, in the language of the company. 409 while the session is not over.

    It has the lines of `GET /sessions/{session}`: each amount is its quantity × its price. A receipt with a
    number never changes. Sessions that were over before receipts had numbers, and those that cost nothing,
    have one without.
    """
    return await receipt_file(call.dependencies, call.queries, call.company, session, query.number)


@endpoint("GET", "/sessions/{session}/receipts", needs=VIEW)
async def list_receipts(call: ApiCall, session: str, query: PageQuery) -> Answer[Items[ReceiptView]]:
    """The numbered receipts of a session, oldest first; more than one where the bill was corrected."""
    row = await call.queries.session(call.company, session)
    if row is None:
        raise not_found()
    return paged(call, [_view(each) for each in row.receipts], lambda each: each.number, query)


def _view(receipt: SessionReceipt) -> ReceiptView:
    total = receipt.total
    return ReceiptView(
        number=receipt.number,
        at=receipt.at,
        total=paid(total.gross),
        net=paid(total.net),
        vat=paid(total.vat),
        corrects=receipt.corrects,
    )


ENDPOINTS = (receipt, list_receipts)
