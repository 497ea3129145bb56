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
from eosvolt.adapters.http.presentation.regulator_report import LONGEST, regulator_report, report_download
from eosvolt.application.operations.views import PERFORMANCE_EXPORT
from eosvolt.application.table_files import FileKind, TableFormat

FIRST_YEAR, LAST_YEAR = 1970, 2200


class RegulatorReportQuery(ApiInput, frozen=True, kw_only=True):
    """The definition and the local days of the report, at most 366.

    ``rows`` are ``ports`` with the network in the last row, or each of their ``outages``.
    """

    definition: DefinitionId
    first: Annotated[date, Meta(description="The first day.")] = field(name="from")
    last: Annotated[date, Meta(description="The last day.")] = field(name="to")
    rows: Literal["ports", "outages"] = "ports"
    format: FileKind = "csv"
    decimal: Annotated[
        Literal["point", "comma"],
        Meta(description="In CSV files; with a `comma`, semicolons separate the cells."),
    ] = "point"


@endpoint("GET", "/reports/uptime", media=tuple(MEDIA.values()), needs=PERFORMANCE_EXPORT)
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
    return await report_download(
        call.dependencies,
        call.queries,
        call.company,
        report,
        TableFormat(query.format, decimal_comma=query.decimal == "comma"),
        outages=query.rows == "outages",
    )


ENDPOINTS = (export_uptime_report,)
