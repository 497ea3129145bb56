"""``/driver/statements``: what drivers are reimbursed for charging at their own homes."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import Items, MoneyView, View, amount
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.presentation.driver_statements import (
    OwnStatement,
    own_statement_pdf,
    own_statements,
)
from eosvolt.adapters.http.presentation.home_statements import StatementState
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.application.operations import driving


class OwnStatementView(View, frozen=True, kw_only=True):
    """What a driver is reimbursed for a month at a home charger; the PDF is there once it is approved."""

    id: str
    company: int
    charge_box_id: str
    month: Annotated[str, Meta(examples=["2026-10"])]
    state: StatementState
    business_wh: int
    private_wh: int
    amount: MoneyView
    reference: str = ""


@endpoint("GET", "/driver/statements", needs=driving.DRIVE)
async def list_own_statements(call: ApiCall, query: PageQuery) -> Answer[Items[OwnStatementView]]:
    """The statements of the driver's home chargers, the newest month first."""
    found = await own_statements(call.dependencies, call.driver, call.now)
    return paged(call, [_view(each) for each in found], lambda each: each.id, query)


@endpoint("GET", "/driver/statements/{statement}/pdf", media=(PDF,), refusals=(409,), needs=driving.DRIVE)
async def get_own_statement(call: ApiCall, statement: str) -> Response:
    """The statement as a PDF. 409 until it is approved."""
    return await own_statement_pdf(call.dependencies, call.driver, statement, call.now)


def _view(own: OwnStatement) -> OwnStatementView:
    month = own.month
    return OwnStatementView(
        id=month.id,
        company=own.company,
        charge_box_id=month.charger,
        month=f"{month.month:%Y-%m}",
        state=month.state,
        business_wh=month.business_wh,
        private_wh=month.private_wh,
        amount=amount(month.currency, month.amount),
        reference=month.reference,
    )


ENDPOINTS = (list_own_statements, get_own_statement)
