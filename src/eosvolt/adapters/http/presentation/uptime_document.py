"""A report for regulators as a PDF: each port, the network, and the exclusions that were recorded."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import LOCALES, current, gettext, language, speaking
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.amounts import count, decimal_text, quantity
from eosvolt.adapters.http.presentation.exports import dated, place_of
from eosvolt.adapters.http.presentation.formulas import FORMULAS
from eosvolt.adapters.http.presentation.instants import date_text, day_pattern, exact_moment
from eosvolt.adapters.http.presentation.letterhead import attachment, issuer_lines, issuer_name, logo_of
from eosvolt.adapters.http.presentation.regulator_report import (
    PortLine,
    RegulatorReport,
    exact_percent,
    meets,
    minutes,
)
from eosvolt.adapters.http.presentation.uptime_names import DEFINITION_NAMES, EXCLUSION_KINDS
from eosvolt.application.uptime_reports import UptimeReport
from eosvolt.domain.calendar import local_day
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.exclusions import ExclusionRow
from eosvolt.projections.locations import LocationRow

LANGUAGES = tuple(LOCALES)
_A_DAY = timedelta(days=1)


async def uptime_pdf(
    dependencies: Dependencies, queries: Queries, company: int, report: RegulatorReport, spoken: str = ""
) -> Response:
    """The report as a PDF in the language ``spoken``, or in that of the company.

    Raises a 429 ``Problem`` if too many files are being written.
    """
    issuer = await queries.company(company)
    if issuer is None:
        raise not_found()
    places = {row.location: row for row in await queries.locations(company, removed=True)}
    exclusions = await queries.exclusions(company)
    logo = await logo_of(dependencies, issuer)
    made_at = dependencies.clock.now()
    with (
        place_of(dependencies, company),
        speaking(language(spoken or issuer.preferences.language.value)),
    ):
        # Thousands of lines take half a second.
        document = await asyncio.to_thread(uptime_document, report, issuer, places, exclusions, made_at)
        content = await dependencies.documents.uptime_report(document, logo)
    name = dated(f"uptime-{report.definition.id}", report.since, report.until - _A_DAY)
    return attachment(content, f"{name}.pdf")


def uptime_document(
    report: RegulatorReport,
    issuer: CompanyRow,
    places: dict[str, LocationRow],
    exclusions: Sequence[ExclusionRow],
    made_at: datetime,
) -> UptimeReport:
    """The texts of the report, in the language that is spoken now; the last line is the network's."""
    definition = report.definition
    formula = FORMULAS[f"uptime.{definition.id}"]
    last = report.until - _A_DAY
    days = f"{_date(report, first=True)} – {_date(report, first=False)}"
    return UptimeReport(
        language=current().code,
        title=gettext("Uptime report"),
        subject=f"{DEFINITION_NAMES[definition.id]}, {days}",
        company=issuer_name(issuer),
        issuer=tuple(issuer_lines(issuer)),
        facts=(
            (gettext("Definition"), f"{DEFINITION_NAMES[definition.id]}"),
            (gettext("Formula"), f"{formula.text}"),
            (gettext("Version"), str(formula.version)),
            (gettext("First day"), report.since.isoformat()),
            (gettext("Last day"), last.isoformat()),
            (gettext("Made"), exact_moment(made_at, issuer.preferences.fiscal_time_zone or "UTC")),
        ),
        results=_results(report),
        lines_title=gettext("Ports"),
        columns=(
            gettext("Location"),
            gettext("Plug"),
            gettext("Minutes"),
            gettext("Outage"),
            gettext("Excluded"),
            gettext("Down"),
            gettext("Uptime"),
            gettext("Met"),
        ),
        lines=tuple(_line(report, places, each) for each in report.ports),
        network=_line(report, places, PortLine(None, report.network)),
        exclusions_title=gettext("Exclusions"),
        exclusion_columns=(
            gettext("Where"),
            gettext("From"),
            gettext("To"),
            gettext("Kind"),
            gettext("Reason"),
        ),
        exclusions=tuple(
            _exclusion(each, places) for each in reversed(exclusions) if _counts(report, each, places)
        ),
        notes=(
            gettext("All durations are in minutes. Days are those of each location's time zone."),
            gettext("Percentages are rounded down."),
        ),
        page_label=gettext("Page"),
        at=made_at,
    )


def _date(report: RegulatorReport, *, first: bool) -> str:
    day = report.since if first else report.until - _A_DAY
    return date_text(day, f"{day_pattern()} y")


def _results(report: RegulatorReport) -> tuple[tuple[str, str], ...]:
    definition = report.definition
    results = [(gettext("Network"), _uptime(PortLine(None, report.network)))]
    if definition.threshold is not None:
        label = (
            gettext("Threshold for each port")
            if definition.per_port
            else gettext("Threshold for the network")
        )
        results += [(label, f"{definition.threshold} %"), (gettext("Met"), _yes(report.met))]
    return (*results, (gettext("Ports"), count(len(report.ports))))


def _line(report: RegulatorReport, places: dict[str, LocationRow], line: PortLine) -> tuple[str, ...]:
    port, found = line.port, line.reckoning
    judged = (port is not None) == report.definition.per_port
    place = places.get(port.location) if port else None
    return (
        (place.details.name if place else port.location) if port else gettext("Network"),
        f"{port.charge_box_id} · {port.connector}" if port else "",
        *(_minutes(each) for each in (found.counted, found.outage, found.excluded, found.down)),
        _uptime(line),
        _yes(meets(found, report.definition.threshold)) if judged else "",
    )


def _exclusion(row: ExclusionRow, places: dict[str, LocationRow]) -> tuple[str, ...]:
    place = places[row.location]
    plug = f" · {row.connector}" if row.connector else ""
    zone = place.tariff.time_zone
    return (
        f"{row.charge_point}{plug}" if row.charge_point else place.details.name,
        exact_moment(row.since, zone),
        exact_moment(row.until, zone),
        f"{EXCLUSION_KINDS[row.kind]}",
        row.reason,
    )


def _counts(report: RegulatorReport, row: ExclusionRow, places: dict[str, LocationRow]) -> bool:
    """Whether the exclusion is one of the period and was not withdrawn."""
    place = places.get(row.location)
    if place is None or row.withdrawn_at is not None:
        return False
    begins, ends = (local_day(day, place.tariff.time_zone)[0] for day in (report.since, report.until))
    return row.since < ends and row.until > begins


def _minutes(length: int) -> str:
    return decimal_text(minutes(length), format="#,##0.00")


def _uptime(line: PortLine) -> str:
    uptime = line.reckoning.uptime
    return "–" if uptime is None else f"{quantity(exact_percent(uptime))} %"


def _yes(met: bool | None) -> str:
    return "–" if met is None else gettext("Yes") if met else gettext("No")
