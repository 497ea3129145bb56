"""``/finance``: what can be withdrawn, the income by month, and every entry of the ledger."""

from datetime import date
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.balances import settled_until
from eosvolt.adapters.http.presentation.entry_kinds import KINDS
from eosvolt.adapters.http.presentation.ledger_table import transactions_download
from eosvolt.adapters.http.web.finance.filter import (
    FILTERS,
    customer_typed,
    filtered,
    wanted_transactions,
)
from eosvolt.adapters.http.web.finance.view_models import (
    FinanceBalances,
    FinancePage,
    FinanceTransactions,
)
from eosvolt.adapters.http.web.shell import query_parameters
from eosvolt.adapters.http.web.shell.export_form import ExportForm, export_form, export_problem
from eosvolt.adapters.http.web.shell.exports import FILE_KINDS, table_format
from eosvolt.adapters.http.web.shell.labels import PAYMENT_METHODS
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.ledger_reports import balances, monthly_income
from eosvolt.application.operations.views import EXPORT_FINANCE, FINANCE
from eosvolt.domain.money import minor_digits

PER_PAGE = 50
_MOST = 2**63 - 1


def finance_routes(pages: Pages) -> list[Route]:
    """``/finance``."""
    checks = {
        "from": query_parameters.lived_day,
        "to": query_parameters.lived_day,
        "kind": query_parameters.one_of(KINDS),
        "currency": query_parameters.currency,
        "session": query_parameters.number(0, _MOST),
        "paymentMethod": query_parameters.one_of(PAYMENT_METHODS),
        "year": query_parameters.number(query_parameters.FIRST_YEAR, query_parameters.LAST_YEAR),
        "income": query_parameters.currency,
    }
    exports = {**checks, "format": query_parameters.one_of(FILE_KINDS)}
    return [
        pages.get("/finance", finance, checks, FINANCE, past=True),
        pages.get("/finance/export", export, exports, EXPORT_FINANCE, past=True),
    ]


async def finance(request: PageRequest) -> Response:
    """The page, or one of its parts."""
    return await _page(request)


async def export(request: PageRequest) -> Response:
    """The entries of the filter as a file, or the page that says why there is none."""
    if problem := export_problem(request):
        return await _page(request, problem)
    days = date.fromisoformat(request.query("from")), date.fromisoformat(request.query("to"))
    return await transactions_download(
        request.dependencies,
        request.queries,
        request.number,
        await wanted_transactions(request),
        days=days,
        everywhere=request.within is None,
        now=request.now,
        as_of=request.as_of,
        form=table_format("xlsx" if request.query("format") == "xlsx" else "csv"),
    )


async def _page(request: PageRequest, problem: str = "") -> Response:
    currencies = {row.tariff.currency for row in request.locations.rows}
    return await show(
        request,
        FinancePage(
            kinds=KINDS,
            currencies=sorted(currencies),
            customer=await customer_typed(request),
            export=_export_form(request, problem),
            filtered=filtered(request),
        ),
        {"balances": _balances, "list": _transactions},
        status=422 if problem else 200,
    )


async def _balances(request: PageRequest) -> FinanceBalances:
    days = await request.queries.ledger_days(request.number, as_of=request.as_of)
    until = settled_until(request.dependencies.payout_rules, request.company, request.then)
    own = request.company.preferences.currency
    found = sorted(balances(days, until), key=lambda each: (each.currency != own, each.currency))
    year = int(request.query("year") or request.today.year)
    known = [each.currency for each in found]
    currency = request.query("income") if request.query("income") in known else next(iter(known), "")
    months = [date(year, month, 1) for month in range(1, 13)]
    income = monthly_income(days, currency, months)
    digits = minor_digits(currency) if currency else 0
    chart: dict[str, Any] = {
        "kind": "performance",
        "labels": [month.isoformat() for month in months],
        "by": "month",
        "unit": currency,
        "digits": digits,
        "formula": gettext("Gross. Corrections count on the day of what they correct."),
        "series": [
            {"name": gettext("Charging"), "values": [each.charging / 10**digits for each in income]},
            {"name": gettext("Blocking fees"), "values": [each.blocking / 10**digits for each in income]},
            {"name": gettext("Booking fees"), "values": [each.booking / 10**digits for each in income]},
            {"name": gettext("Refunds"), "values": [each.refunds / 10**digits for each in income]},
        ],
    }
    return FinanceBalances(
        balances=found,
        currency=currency,
        earlier=request.link("/finance", year=year - 1) if year > query_parameters.FIRST_YEAR else "",
        later=request.link("/finance", year=year + 1) if year < request.today.year else "",
        chart=chart,
        question=gettext("What did each month of {year} bring, in {currency}?", year=year, currency=currency),
        everywhere=request.within is None,
    )


async def _transactions(request: PageRequest) -> FinanceTransactions:
    found = await request.queries.transactions(
        request.number,
        await wanted_transactions(request),
        cursor=request.query("cursor") or None,
        limit=PER_PAGE,
        as_of=request.as_of,
    )
    return FinanceTransactions(
        rows=found.items,
        cursor=found.cursor,
        filtered=filtered(request),
        everywhere=request.within is None,
        kinds=KINDS,
    )


def _export_form(request: PageRequest, problem: str) -> ExportForm | None:
    if not request.may_open("/finance/export"):
        return None
    kept = {*FILTERS, "asOf"} - {"from", "to"}
    rest = [(name, value) for name, value in request.raw.query_params.multi_items() if name in kept]
    return export_form(request, problem, rest)
