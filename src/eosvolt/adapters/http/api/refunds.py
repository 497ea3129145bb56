"""``/sessions/{session}/refunds``: money of a session that is given back, and the credit notes about it."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, MoneyView, View, paid
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.credit_note import credit_note_file
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.application.operations import sessions
from eosvolt.application.operations.sessions import VIEW, RefundInput
from eosvolt.projections.refunds import Refund

GrossAmount = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?$",
        description="Gross, in the currency of the session; all that is left by default.",
    ),
]


class RefundTerms(ApiInput, frozen=True, kw_only=True):
    """How much is given back, and why. The reason is printed on the credit note."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    amount: GrossAmount | None = None


class RefundView(View, frozen=True, kw_only=True):
    """A refund. ``amount`` is gross, ``net`` and ``vat`` its parts; ``creditNote`` is the document's number.

    ``id`` counts the refunds of the session from 1.
    """

    id: str
    at: datetime
    amount: MoneyView
    net: MoneyView
    vat: MoneyView
    reason: str
    credit_note: str


@endpoint("GET", "/sessions/{session}/refunds", needs=VIEW)
async def list_refunds(call: ApiCall, session: str, query: PageQuery) -> Answer[Items[RefundView]]:
    """The refunds of a session, oldest first."""
    return paged(
        call, [refund_view(each) for each in await _refunds(call, session)], lambda each: each.id, query
    )


@endpoint("POST", "/sessions/{session}/refunds", status=201, operation=sessions.refund)
async def issue_refund(call: ApiCall, session: str, body: RefundTerms) -> Answer[RefundView]:
    """Give money of a session that is over back, all or a part, and issue a credit note about it.

    All refunds together are never more than the session cost, whoever sends them at the same time; the last
    part takes what is left of net and VAT. From the first refund on the bill is final: a stop or readings
    that the charger sends later are recorded, but change no amount. 409 while the session is not over, and
    for more than is left.
    """
    amount = None if body.amount is None else Decimal(body.amount)
    wanted = RefundInput(session=session, reason=body.reason, amount=amount)
    number = await call.run(sessions.refund, wanted)
    for each in await _refunds(call, session):
        if each.credit_note == number:
            place = f"/api/v1/sessions/{session}/refunds/{each.number}/credit-note"
            return Answer(refund_view(each), {"Location": place})
    raise not_found()


@endpoint("GET", "/sessions/{session}/refunds/{refund}/credit-note", media=(PDF,), needs=VIEW)
async def credit_note(call: ApiCall, session: str, refund: str) -> Response:
    """The credit note of a refund as a PDF, in the language that the company had when it was issued."""
    return await credit_note_file(call.dependencies, call.queries, call.company, session, refund)


async def _refunds(call: ApiCall, session: str) -> tuple[Refund, ...]:
    row = await call.queries.session(call.company, session)
    if row is None:
        raise not_found()
    return row.refunds


def refund_view(refund: Refund) -> RefundView:
    """The refund in the API."""
    return RefundView(
        id=str(refund.number),
        at=refund.at,
        amount=paid(refund.refunded.gross),
        net=paid(refund.refunded.net),
        vat=paid(refund.refunded.vat),
        reason=refund.reason,
        credit_note=refund.credit_note,
    )


ENDPOINTS = (list_refunds, issue_refund, credit_note)
