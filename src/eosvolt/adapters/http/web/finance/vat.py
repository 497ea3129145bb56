"""``/finance/vat``: the VAT report of a year, by month, quarter or as a whole."""

from collections.abc import Mapping

from babel import Locale
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, current
from eosvolt.adapters.http.presentation.ledger_table import vat_download, vat_lines
from eosvolt.adapters.http.web.finance.view_models import VatPage
from eosvolt.adapters.http.web.shell import query_parameters
from eosvolt.adapters.http.web.shell.exports import FILE_KINDS, table_format
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.ledger_reports import VatPeriod
from eosvolt.application.operations.views import EXPORT_FINANCE, FINANCE

PERIODS: Mapping[VatPeriod, Text] = {"month": Text("Month"), "quarter": Text("Quarter"), "year": Text("Year")}


def vat_routes(pages: Pages) -> list[Route]:
    """``/finance/vat``."""
    checks = {
        "year": query_parameters.number(query_parameters.FIRST_YEAR, query_parameters.LAST_YEAR),
        "by": query_parameters.one_of(PERIODS),
    }
    exports = {**checks, "format": query_parameters.one_of(FILE_KINDS)}
    return [
        pages.get("/finance/vat", vat, checks, FINANCE, past=True),
        pages.get("/finance/vat/export", export_vat, exports, EXPORT_FINANCE, past=True),
    ]


async def vat(request: PageRequest) -> Response:
    """The report of a year, this one where the address names none."""
    year, by = _year(request), _by(request)
    lines = await vat_lines(request.queries, request.number, year, by=by, as_of=request.as_of)
    totals = await vat_lines(request.queries, request.number, year, by="year", as_of=request.as_of)
    territories = Locale.parse(current().locale).territories
    return await show(
        request,
        VatPage(
            year=year,
            by=by,
            periods=PERIODS,
            lines=lines,
            totals=totals,
            names={line.country: territories.get(line.country, line.country) for line in lines},
            earlier=request.link("/finance/vat", year=year - 1) if year > query_parameters.FIRST_YEAR else "",
            later=request.link("/finance/vat", year=year + 1) if year < request.today.year else "",
        ),
    )


async def export_vat(request: PageRequest) -> Response:
    """The report as a file."""
    return await vat_download(
        request.dependencies,
        request.queries,
        request.number,
        _year(request),
        by=_by(request),
        now=request.now,
        as_of=request.as_of,
        form=table_format("xlsx" if request.query("format") == "xlsx" else "csv"),
    )


def _year(request: PageRequest) -> int:
    return int(request.query("year") or request.today.year)


def _by(request: PageRequest) -> VatPeriod:
    return next((period for period in PERIODS if period == request.query("by")), "month")
