"""``/finance/vat``: the taxed amounts of a year, sums over the ledger."""

from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.export_days import FIRST_YEAR, LAST_YEAR, Decimals
from eosvolt.adapters.http.framework.api_types import ApiInput, AsOfInstant, Items, MoneyView, View, amount
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.presentation.exports import MEDIA
from eosvolt.adapters.http.presentation.ledger_table import vat_download, vat_lines
from eosvolt.application.ledger_reports import VatPeriod
from eosvolt.application.operations.views import EXPORT_FINANCE, FINANCE
from eosvolt.application.table_files import FileKind, TableFormat

Year = Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR, description="A year of local days.")]


class VatLineView(View, frozen=True, kw_only=True):
    """The taxed amounts of one period, country and rate.

    ``country`` is that of the company's billing address when the sessions began; absent if it had none.
    """

    period: str
    rate: str
    currency: str
    net: MoneyView
    vat: MoneyView
    gross: MoneyView
    country: str = ""


class VatQuery(ApiInput, frozen=True, kw_only=True):
    """The year, and the length of the periods."""

    year: Year
    by: VatPeriod = "month"
    as_of: AsOfInstant = None


class VatExportQuery(VatQuery, frozen=True, kw_only=True):
    """The year, the length of the periods, and the format."""

    format: FileKind = "csv"
    decimal: Decimals = "point"


@endpoint("GET", "/finance/vat", needs=FINANCE)
async def get_vat(call: ApiCall, query: VatQuery) -> Items[VatLineView]:
    """The VAT report of a year, by period, country, rate and currency."""
    lines = await vat_lines(
        call.queries, call.company, query.year, by=query.by, as_of=call.as_of(query.as_of)
    )
    return Items(
        items=[
            VatLineView(
                period=line.period,
                country=line.country,
                rate=f"{line.vat_rate:f}",
                currency=line.currency,
                net=amount(line.currency, line.net),
                vat=amount(line.currency, line.vat),
                gross=amount(line.currency, line.gross),
            )
            for line in lines
        ]
    )


@endpoint("GET", "/finance/vat/export", media=tuple(MEDIA.values()), needs=EXPORT_FINANCE)
async def export_vat(call: ApiCall, query: VatExportQuery) -> Response:
    """The VAT report of a year as a file, for the tax adviser."""
    return await vat_download(
        call.dependencies,
        call.queries,
        call.company,
        query.year,
        by=query.by,
        now=call.now,
        as_of=call.as_of(query.as_of),
        form=TableFormat(query.format, query.decimal == "comma"),
    )


ENDPOINTS = (get_vat, export_vat)
