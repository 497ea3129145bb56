"""Refunding a session: the form, and the credit notes to download."""

from decimal import Decimal

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.credit_note import credit_note_file
from eosvolt.adapters.http.web.sessions.one.view_models import RefundPage
from eosvolt.adapters.http.web.shell.labels import ACTIVE_STATES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refund_form import refund_problems
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import sessions
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.sessions import RefundInput
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from eosvolt.projections.session_row import SessionRow


def refund_routes(pages: Pages) -> list[Route]:
    """``/sessions/{session}/refund`` and the credit notes."""
    return [
        pages.form(
            "/sessions/{session}/refund",
            ask,
            refund,
            operation=sessions.refund,
            needs=sessions.VIEW,
            marks=True,
        ),
        pages.get("/sessions/{session}/refunds/{refund}/credit-note", credit_note, needs=sessions.VIEW),
    ]


async def ask(request: PageRequest) -> Response:
    """Ask how much is given back, and why; all that is left is proposed."""
    row = await _row(request)
    return await _page(request, row, {"amount": f"{_left(row).amount:f}", "reason": ""}, {})


async def refund(request: PageRequest) -> Response:
    """Give it back."""
    row = await _row(request)
    typed = {name: request.form_value(name).strip() for name in ("amount", "reason")}
    wrong = request.invisible_characters | refund_problems(typed)
    if wrong:
        return await _page(request, row, typed, wrong)
    amount = Decimal(typed["amount"].replace(",", ".")) if typed["amount"] else None
    try:
        number = await request.run(
            sessions.refund, RefundInput(session=row.id, reason=typed["reason"], amount=amount)
        )
    except (InvalidValue, Rejected) as refusal:
        return await _page(request, await _row(request), typed, {"amount": translated(refusal)})
    said = gettext("Session {session} refunded: credit note {number}.", session=row.number, number=number)
    return redirect(f"/sessions/{row.id}", said)


async def credit_note(request: PageRequest) -> Response:
    """The PDF."""
    session, number = request.path_parameter("session"), request.path_parameter("refund")
    return await credit_note_file(request.dependencies, request.queries, request.number, session, number)


async def _row(request: PageRequest) -> SessionRow:
    row = await request.queries.session(request.number, request.path_parameter("session"))
    if row is None:
        raise not_found(gettext("There is no such session."))
    return row


def _left(row: SessionRow) -> Money:
    return Money(row.currency, row.total_gross - row.refunded_gross)


async def _page(
    request: PageRequest, row: SessionRow, typed: dict[str, str], wrong: dict[str, str]
) -> Response:
    page = RefundPage(
        row=row,
        left=_left(row),
        over=row.status not in ACTIVE_STATES,
        typed=typed,
        problems=wrong,
    )
    return await show(request, page, status=422 if wrong else 200)
