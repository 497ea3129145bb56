"""``/finance/withdrawals``: what a company asked to be paid, and what became of it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, cast

from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.confirmation import ConfirmationInput, check_either
from eosvolt.adapters.http.api.export_days import Decimals
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    AsOfInstant,
    Cursor,
    Instant,
    Items,
    Limit,
    MoneyView,
    View,
    amount,
    utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.exports import MEDIA
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.adapters.http.presentation.withdrawal_document import statement_pdf
from eosvolt.adapters.http.presentation.withdrawals import is_overdue, statement_download
from eosvolt.application.operations import payouts
from eosvolt.application.operations.payouts import WithdrawalInput
from eosvolt.application.operations.views import FINANCE
from eosvolt.application.table_files import TableFormat
from eosvolt.projections.payouts import PayoutRow

WithdrawalState = Literal["requested", "paid", "rejected", "returned"]
CurrencyCode = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["EUR"])]
AmountText = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,15}(\.[0-9]{1,4})?$",
        description="A decimal number as text.",
        examples=["123.45"],
    ),
]


class WithdrawalView(View, frozen=True, kw_only=True):
    """A withdrawal.

    ``available`` was what could be withdrawn when it was requested. ``dueOn`` is the last day of its review.
    ``reference`` is the bank's, ``reason`` why it was rejected or returned.
    """

    id: str
    state: WithdrawalState
    currency: str
    amount: MoneyView
    available: MoneyView
    requested_at: Instant
    due_on: date
    overdue: bool
    iban_masked: str
    bic: str = ""
    paid_at: Instant | None = None
    reference: str = ""
    ended_at: Instant | None = None
    reason: str = ""


class RequestedWithdrawalView(View, frozen=True, kw_only=True):
    """A withdrawal that was just requested; ``dueOn`` is the last day of its review."""

    id: str
    state: Literal["requested"]
    currency: str
    amount: MoneyView
    due_on: date


class WithdrawalRequest(ApiInput, frozen=True, kw_only=True):
    """What to withdraw; without ``amount`` all that is available.

    Where a person is signed in, ``confirmation`` has the password or a code.
    """

    currency: CurrencyCode
    amount: AmountText | None = None
    confirmation: ConfirmationInput | UnsetType = UNSET


class WithdrawalsQuery(ApiInput, frozen=True, kw_only=True):
    """A page of withdrawals."""

    limit: Limit = 50
    cursor: Cursor | None = None
    as_of: AsOfInstant = None


class StatementQuery(ApiInput, frozen=True, kw_only=True):
    """The format of a statement."""

    format: Annotated[
        Literal["csv", "xlsx", "pdf"],
        Meta(description="A `pdf` is a document in the company's language, and always the same file."),
    ] = "csv"
    decimal: Decimals = "point"


@endpoint("GET", "/finance/withdrawals", needs=FINANCE)
async def list_withdrawals(call: ApiCall, query: WithdrawalsQuery) -> Answer[Items[WithdrawalView]]:
    """The withdrawals, the last requested first. Whoever may see some locations only sees none."""
    page = await call.queries.payouts(
        call.company, cursor=query.cursor, limit=query.limit, as_of=call.as_of(query.as_of)
    )
    items = Items(items=[withdrawal_view(row, call.now) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("GET", "/finance/withdrawals/{withdrawal}", needs=FINANCE)
async def get_withdrawal(call: ApiCall, withdrawal: str) -> WithdrawalView:
    """One withdrawal."""
    row = await call.queries.payout(call.company, withdrawal)
    if row is None:
        raise not_found()
    return withdrawal_view(row, call.now)


@endpoint("POST", "/finance/withdrawals", status=201, refusals=(409,), operation=payouts.withdraw)
async def request_withdrawal(call: ApiCall, body: WithdrawalRequest) -> Answer[RequestedWithdrawalView]:
    """Ask for a payout; the amount is reserved until platform staff have reviewed it.

    Needs complete billing data and a bank account.
    """
    await check_either(call, body.confirmation)
    asked = await call.run(
        payouts.withdraw,
        WithdrawalInput(
            payout=call.new_id(),
            currency=body.currency,
            amount=None if body.amount is None else Decimal(body.amount),
        ),
    )
    view = RequestedWithdrawalView(
        id=asked.payout,
        state="requested",
        currency=asked.amount.currency,
        amount=amount(asked.amount.currency, asked.amount.minor),
        due_on=asked.due_on,
    )
    return Answer(view, {"Location": f"/api/v1/finance/withdrawals/{asked.payout}"})


@endpoint("GET", "/finance/withdrawals/{withdrawal}/statement", media=(*MEDIA.values(), PDF), needs=FINANCE)
async def get_statement(call: ApiCall, withdrawal: str, query: StatementQuery) -> Response:
    """Exactly the movements that a withdrawal consists of, since the one before, as a file."""
    if query.format == "pdf":
        return await statement_pdf(call.dependencies, call.queries, call.company, withdrawal)
    form = TableFormat(query.format, query.decimal == "comma")
    return await statement_download(call.dependencies, call.queries, call.company, withdrawal, form)


def withdrawal_view(row: PayoutRow, now: datetime) -> WithdrawalView:
    """A withdrawal as the API shows it."""
    return WithdrawalView(
        id=row.id,
        state=cast("WithdrawalState", row.state),
        currency=row.currency,
        amount=amount(row.currency, row.amount),
        available=amount(row.currency, row.available),
        requested_at=utc(row.requested_at),
        due_on=row.due_on,
        overdue=is_overdue(row, now),
        iban_masked=row.account.iban,
        bic=row.account.bic,
        paid_at=None if row.paid_at is None else utc(row.paid_at),
        reference=row.reference,
        ended_at=None if row.ended_at is None else utc(row.ended_at),
        reason=row.reason,
    )


ENDPOINTS = (list_withdrawals, get_withdrawal, request_withdrawal, get_statement)
