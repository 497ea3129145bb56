"""``/reports/uptime``: the uptime of each port by a regulator's definition, as a file."""

from datetime import date, timedelta
from typing import Annotated, Literal

from msgspec import Meta, field
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.performance_views import DefinitionId
from eosvolt.adapters.http.framework.api_types import ApiInput
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.adapters.http.presentation.exports import MEDIA
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.adapters.http.presentation.regulator_report import LONGEST, regulator_report, report_download
from eosvolt.adapters.http.presentation.uptime_document import uptime_pdf
from eosvolt.application.operations.views import PERFORMANCE_EXPORT
from eosvolt.application.table_files import TableFormat

FIRST_YEAR, LAST_YEAR = 1970, 2200


class RegulatorReportQuery(ApiInput, frozen=True, kw_only=True):
    """The definition and the local days of the report, at most 366.

    ``rows`` are ``ports`` with the network in the last row, or each of their ``outages``.
    """

    definition: DefinitionId
    first: Annotated[date, Meta(description="The first day.")] = field(name="from")
    last: Annotated[date, Meta(description="The last day.")] = field(name="to")
    rows: Literal["ports", "outages"] = "ports"
    format: Annotated[
        Literal["csv", "xlsx", "pdf"],
        Meta(description="A `pdf` has the ports, the network, the result and the exclusions of the period."),
    ] = "csv"
    decimal: Annotated[
        Literal["point", "comma"],
        Meta(description="In CSV files; with a `comma`, semicolons separate the cells."),
    ] = "point"
    language: Annotated[
        Literal["en", "de"] | None, Meta(description="Of the `pdf`; without it the company's language.")
    ] = None


@endpoint("GET", "/reports/uptime", media=(*MEDIA.values(), PDF), needs=PERFORMANCE_EXPORT)
async def export_uptime_report(call: ApiCall, query: RegulatorReportQuery) -> Response:
    """The uptime of each port and of the network by a definition, with the result against its threshold."""
    since, until = query.first, query.last
    if not FIRST_YEAR <= since.year <= until.year <= LAST_YEAR or until < since:
        raise invalid("?to", "This is a date from the first day on.")
    if until - since >= LONGEST:
        raise invalid("?to", f"A report covers at most {LONGEST.days} days.")
    report = await regulator_report(
        call.queries, call.company, query.definition, since, until + timedelta(days=1), call.now
    )
    if query.format == "pdf":
        return await uptime_pdf(call.dependencies, call.queries, call.company, report, query.language or "")
    return await report_download(
        call.dependencies,
        call.queries,
        call.company,
        report,
        TableFormat(query.format, decimal_comma=query.decimal == "comma"),
        outages=query.rows == "outages",
    )


ENDPOINTS = (export_uptime_report,)
