"""``/finance``: balances, the transaction history and the VAT report, all of them sums over the ledger."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal, cast

from msgspec import Meta, field
from starlette.responses import Response

from eosvolt.adapters.http.api import vat_report
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.export_days import Decimals, export_days
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    AsOf,
    AsOfInstant,
    Cursor,
    Instant,
    Items,
    Limit,
    MoneyView,
    ShortText,
    View,
    amount,
    utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.adapters.http.presentation.balances import settled_until
from eosvolt.adapters.http.presentation.exports import MEDIA
from eosvolt.adapters.http.presentation.ledger_table import (
    transactions_download,
)
from eosvolt.application.ledger_questions import TransactionFilter
from eosvolt.application.ledger_reports import balances
from eosvolt.application.operations.views import EXPORT_FINANCE, FINANCE
from eosvolt.application.payment_methods import PaymentMethod, payment_method
from eosvolt.application.table_files import FileKind, TableFormat
from eosvolt.projections.ledger import LedgerRow

TransactionKind = Literal[
    "charging",
    "correction",
    "blockingFee",
    "blockingFeeCredit",
    "bookingFee",
    "refund",
    "platformFee",
    "withdrawal",
    "withdrawalRejected",
    "withdrawalReturned",
]
Currency = Annotated[str, Meta(pattern="^([A-Z]{3})?$", description="A code of ISO 4217.")]
_A_DAY = timedelta(days=1)


class AccountView(View, frozen=True, kw_only=True):
    """The balance of an account of the ledger: debits are positive, credits negative."""

    account: str
    balance: MoneyView


class BalanceView(View, frozen=True, kw_only=True):
    """The earnings in one currency.

    ``available`` can be withdrawn; ``pending`` is owed by sessions that have not settled; ``requested`` is
    reserved for withdrawals that are reviewed, ``paid`` was paid out. The balances of all ``accounts`` add up
    to zero.
    """

    currency: str
    available: MoneyView
    pending: MoneyView
    requested: MoneyView
    paid: MoneyView
    accounts: list[AccountView]


class TransactionView(View, frozen=True, kw_only=True):
    """An entry of the ledger. ``day`` is the local day on which it counts: the location's, or the company's.

    Entries of withdrawals have no session, no location and no charger; platform fees have a session. Entries
    of booking fees and refunds of them have a booking instead.
    ``balance`` is the sum of the company's entries in this currency up to this one, in the order in which
    they were recorded; it is left out for who may see some locations only. ``reference`` is the number of the
    entry's document, e.g. of a credit note. ``customerId`` is whose token began the session, or who
    booked; it is paid for by ``invoice`` to them, or ``none`` is known.
    """

    id: str
    kind: TransactionKind
    day: date
    at: Instant
    session_id: str
    session_number: int
    location_id: str
    charge_box_id: str
    gross: MoneyView
    net: MoneyView
    vat: MoneyView
    vat_rate: str
    country: str = ""
    reference: str = ""
    withdrawal_id: str = ""
    booking_id: str = ""
    customer_id: str = ""
    payment_method: PaymentMethod | None = None
    balance: MoneyView | None = None


class TransactionFilterQuery(ApiInput, frozen=True, kw_only=True):
    """The filter of transactions; ``from`` and ``to`` are local days, both included."""

    kind: tuple[TransactionKind, ...] = ()
    currency: Currency = ""
    location: ShortText = ""
    charger: ShortText = ""
    session: Annotated[int, Meta(ge=0, le=2**63 - 1, description="A session's number.")] | None = None
    customer: Annotated[ShortText, Meta(description="The id of a customer.")] = ""
    payment_method: PaymentMethod | None = None
    as_of: AsOfInstant = None


class TransactionsQuery(TransactionFilterQuery, frozen=True, kw_only=True):
    """The filter and the page of transactions."""

    first: date | None = field(default=None, name="from")
    last: date | None = field(default=None, name="to")
    limit: Limit = 50
    cursor: Cursor | None = None


class TransactionExportQuery(TransactionFilterQuery, frozen=True, kw_only=True):
    """The filter of transactions, their days, at most 30, and the format."""

    first: date = field(name="from")
    last: date = field(name="to")
    format: FileKind = "csv"
    decimal: Decimals = "point"


@endpoint("GET", "/finance/balance", needs=FINANCE)
async def get_balance(call: ApiCall, query: AsOf) -> Items[BalanceView]:
    """The balance of each currency. For who may see some locations only it is that of these."""
    as_of = call.as_of(query.as_of)
    days = await call.queries.ledger_days(call.company, as_of=as_of)
    company = await call.queries.company(call.company)
    until = settled_until(call.dependencies.payout_rules, company, as_of or call.now)
    return Items(
        items=[
            BalanceView(
                currency=each.currency,
                available=amount(each.currency, each.available),
                pending=amount(each.currency, each.pending),
                requested=amount(each.currency, each.requested),
                paid=amount(each.currency, each.paid),
                accounts=[
                    AccountView(account=str(account), balance=amount(each.currency, minor))
                    for account, minor in each.accounts.items()
                ],
            )
            for each in balances(days, until)
        ]
    )


@endpoint("GET", "/finance/transactions", needs=FINANCE)
async def list_transactions(call: ApiCall, query: TransactionsQuery) -> Answer[Items[TransactionView]]:
    """The entries of the ledger, the last recorded first."""
    page = await call.queries.transactions(
        call.company,
        _wanted(query, query.first, query.last),
        cursor=query.cursor,
        limit=query.limit,
        as_of=call.as_of(query.as_of),
    )
    everywhere = call.within is None
    items = Items(items=[_view(row, everywhere=everywhere) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("GET", "/finance/transactions/export", media=tuple(MEDIA.values()), needs=EXPORT_FINANCE)
async def export_transactions(call: ApiCall, query: TransactionExportQuery) -> Response:
    """The entries of the filter as a file."""
    days = export_days(query.first, query.last)
    return await transactions_download(
        call.dependencies,
        call.queries,
        call.company,
        _wanted(query, *days),
        days=days,
        everywhere=call.within is None,
        now=call.now,
        as_of=call.as_of(query.as_of),
        form=TableFormat(query.format, query.decimal == "comma"),
    )


def _wanted(query: TransactionFilterQuery, first: date | None, last: date | None) -> TransactionFilter:
    """The filter. Raises a 422 ``Problem`` for the last day of the calendar."""
    if last == date.max:
        raise invalid("?to", "This day is outside the calendar.")
    return TransactionFilter(
        since=first,
        until=None if last is None else last + _A_DAY,
        kinds=tuple(dict.fromkeys(query.kind)),
        currency=query.currency,
        location=query.location,
        charge_point=query.charger,
        session=query.session,
        customer=query.customer,
        payment_method=query.payment_method or "",
    )


def _view(row: LedgerRow, *, everywhere: bool) -> TransactionView:
    return TransactionView(
        id=row.id,
        # All entries have these; rows of other kinds are not listed.
        kind=cast("TransactionKind", row.kind),
        day=cast("date", row.day),
        at=utc(cast("datetime", row.at)),
        session_id=row.session,
        session_number=row.number,
        location_id=row.location,
        charge_box_id=row.charge_point,
        gross=amount(row.currency, row.gross),
        net=amount(row.currency, row.net),
        vat=amount(row.currency, row.vat),
        vat_rate=f"{row.vat_rate or 0:f}",
        country=row.country,
        reference=row.reference,
        withdrawal_id=row.payout,
        booking_id=row.booking,
        customer_id=row.customer,
        payment_method=payment_method(row.customer, row.payment) if row.session or row.booking else None,
        balance=amount(row.currency, row.balance) if everywhere else None,
    )


ENDPOINTS = (get_balance, list_transactions, export_transactions, *vat_report.ENDPOINTS)
