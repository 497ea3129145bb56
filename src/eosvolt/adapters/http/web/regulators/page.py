"""The page of reports for regulators: each port, the network, and the result against the threshold."""

from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import invalid
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.formulas import FORMULAS
from eosvolt.adapters.http.presentation.regulator_report import (
    LONGEST,
    RegulatorReport,
    regulator_report,
    report_download,
)
from eosvolt.adapters.http.presentation.uptime_document import LANGUAGES, uptime_pdf
from eosvolt.adapters.http.presentation.uptime_names import DEFINITION_NAMES
from eosvolt.adapters.http.web.regulators.view_models import RegulatorPage
from eosvolt.adapters.http.web.shell import query_parameters
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.operations.views import DASHBOARD, PERFORMANCE_EXPORT
from eosvolt.application.table_files import TableFormat

PAGE = "/regulators"
MOST_LINES = 500
_A_DAY = timedelta(days=1)
_A_YEAR = timedelta(days=365)


def regulator_routes(pages: Pages) -> list[Route]:
    """``/regulators``."""
    checks = {
        "definition": query_parameters.one_of(DEFINITION_NAMES),
        "from": query_parameters.lived_day,
        "to": query_parameters.lived_day,
        "rows": query_parameters.one_of(("ports", "outages")),
        "format": query_parameters.one_of(("csv", "xlsx", "pdf")),
        "language": query_parameters.one_of(LANGUAGES),
        "decimal": query_parameters.one_of(("point", "comma")),
    }
    return [
        pages.get(PAGE, regulator_page, checks, needs=DASHBOARD),
        pages.get(f"{PAGE}/export", export, checks, needs=PERFORMANCE_EXPORT),
    ]


async def regulator_page(request: PageRequest) -> Response:
    """The page."""
    definition = request.query("definition") or "nevi"
    first, last = _days(request)
    problem = _problem(first, last)
    report = None if problem else await _report(request, definition, first, last)
    formula = FORMULAS[f"uptime.{definition}"]
    return await show(
        request,
        RegulatorPage(
            definition=definition,
            definitions=DEFINITION_NAMES,
            first=first,
            last=last,
            formula=gettext("{formula} (version {version})", formula=formula.text, version=formula.version),
            report=report,
            problem=problem,
            most_lines=MOST_LINES,
        ),
        status=422 if problem else 200,
    )


async def export(request: PageRequest) -> Response:
    """The report as a file."""
    first, last = _days(request)
    if problem := _problem(first, last):
        raise invalid("?to", problem)
    report = await _report(request, request.query("definition") or "nevi", first, last)
    if request.query("format") == "pdf":
        language = request.query("language")
        return await uptime_pdf(request.dependencies, request.queries, request.number, report, language)
    kind = "xlsx" if request.query("format") == "xlsx" else "csv"
    return await report_download(
        request.dependencies,
        request.queries,
        request.number,
        report,
        TableFormat("xlsx" if kind == "xlsx" else "csv", decimal_comma=request.query("decimal") == "comma"),
        outages=request.query("rows") == "outages",
    )


def _days(request: PageRequest) -> tuple[date, date]:
    """The first and last day: the twelve months up to yesterday, where the address names none."""
    last = request.query("to")
    until = date.fromisoformat(last) if last else request.today - _A_DAY
    first = request.query("from")
    return date.fromisoformat(first) if first else until - _A_YEAR + _A_DAY, until


def _problem(first: date, last: date) -> str:
    if last < first:
        return gettext("The last day is before the first.")
    if last - first >= LONGEST:
        return gettext("A report covers at most {days} days.", days=LONGEST.days)
    return ""


async def _report(request: PageRequest, definition: str, first: date, last: date) -> RegulatorReport:
    return await regulator_report(
        request.queries, request.number, definition, first, last + _A_DAY, request.now
    )
