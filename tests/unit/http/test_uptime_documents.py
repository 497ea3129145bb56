"""The report of uptime as a PDF: the figures of the reckoning, in both languages, with its exclusions."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec.structs import replace
from pypdf import PdfReader

from eosvolt.adapters.documents.typesetter import Typesetter
from eosvolt.adapters.http.framework.texts import language, speaking
from eosvolt.adapters.http.presentation.regulator_report import RegulatorReport, reckoned_report
from eosvolt.adapters.http.presentation.uptime_document import uptime_document
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.exclusions import ExclusionRow
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.uptime_definitions import DEFINITIONS, Port
from tests.examples import COMPANY, DETAILS, FLAT_TARIFF
from tests.unit.projections.ports import BEGINS, ENDS, excluded, minute, outage, port

ISSUER = CompanyRow(
    key=str(COMPANY),
    company=COMPANY,
    name="Pier",
    owner="",
    registered_at=BEGINS,
    billing=BillingDetails(legal_name="Pier Power GmbH", street="Am Kai 1", vat_id="DE136695976"),
)
# 20,000 minutes down of which 5,000 are excluded, and none.
TWO = (
    port(outage(1_000, 20_000), exclusions=(excluded(1_000, 5_000, ExclusionKind.UTILITY),)),
    port()._replace(charge_box_id="CP-2"),
)


def location(key: str, name: str) -> LocationRow:
    return LocationRow(
        location=key,
        company=COMPANY,
        name=name,
        details=replace(DETAILS, name=name),
        tariff=replace(FLAT_TARIFF, time_zone="UTC"),
        added_at=BEGINS,
    )


def exclusion(reason: str, **more: Any) -> ExclusionRow:
    given: dict[str, Any] = {"since": minute(1_000), "until": minute(6_000), "connector": 1} | more
    return ExclusionRow(
        exclusion=reason,
        company=COMPANY,
        location="L",
        charge_point="CP-1",
        kind="utility",
        reason=reason,
        recorded_at=BEGINS,
        by="admin:1",
        **given,
    )


def of_year(definition: str, ports: Sequence[Port] = TWO) -> RegulatorReport:
    return reckoned_report(DEFINITIONS[definition], ports, date(2026, 1, 1), date(2027, 1, 1))


async def printed(
    report: RegulatorReport,
    *places: LocationRow,
    exclusions: Sequence[ExclusionRow] = (),
    spoken: str = "en",
) -> list[str]:
    """The texts of the pages."""
    with speaking(language(spoken)):
        by_id = {each.location: each for each in places or (location("L", "Harbour"),)}
        document = uptime_document(report, ISSUER, by_id, exclusions, ENDS)
    reader = PdfReader(io.BytesIO(await Typesetter().uptime_report(document, None)))
    texts = (each.extract_text().replace("\xa0", " ").replace("\u200b", "") for each in reader.pages)
    return [" ".join(text.split()) for text in texts]


async def test_the_lines_are_those_of_the_reckoning_and_the_network_s_is_last() -> None:
    (text,) = await printed(of_year("nevi"))
    first = "Harbour CP-1 · 1 525,600.00 20,000.00 5,000.00 15,000.00 97.146 % Yes"
    second = "Harbour CP-2 · 1 525,600.00 0.00 0.00 0.00 100 % Yes"
    both = "Network 1,051,200.00 20,000.00 5,000.00 15,000.00 98.573 %"
    assert text.index(first) < text.index(second) < text.index(both)
    for each in ("Uptime report", "NEVI (United States)", "23 CFR 680.116(b)", "2026-01-01", "2026-12-31"):
        assert each in text
    for each in ("Pier Power GmbH", "Am Kai 1", "VAT id DE136695976"):
        assert each in text


async def test_a_port_below_the_threshold_does_not_meet_it_and_neither_does_the_whole() -> None:
    below = port(outage(0, 20_000))
    (text,) = await printed(of_year("nevi", (below,)))
    assert "525,600.00 20,000.00 0.00 20,000.00 96.194 % No" in text
    assert "Threshold for each port 97 % Met No" in text


async def test_a_threshold_of_the_network_is_judged_on_its_line_alone() -> None:
    (text,) = await printed(of_year("uk2023"))
    assert "Threshold for the network 99 %" in text
    assert "Harbour CP-2 · 1 525,600.00 0.00 0.00 0.00 100 % Network" in text


async def test_a_definition_without_a_threshold_says_nothing_of_one() -> None:
    (text,) = await printed(of_year("raw"))
    assert "Threshold" not in text


async def test_it_is_printed_in_german_as_well() -> None:
    (text,) = await printed(of_year("nevi"), spoken="de")
    assert "Harbour CP-1 · 1 525.600,00 20.000,00 5.000,00 15.000,00 97,146 % Ja" in text
    for each in ("Bericht zur Verfügbarkeit", "Standort", "Schwelle"):
        assert each in text


async def test_exclusions_of_the_period_are_listed_with_their_reason() -> None:
    listed = (
        exclusion("of the year after", since=ENDS, until=ENDS.replace(month=2)),
        exclusion("withdrawn again", withdrawn_at=ENDS),
        exclusion("power cut, ticket 4711"),
    )
    (text,) = await printed(of_year("nevi"), exclusions=listed)
    assert "CP-1 · 1 1 Jan 2026 16:40:00 UTC 5 Jan 2026 04:00:00 UTC Grid power cut, ticket 4711" in text
    assert "of the year after" not in text
    assert "withdrawn again" not in text


async def test_two_hundred_locations_are_all_printed_below_the_heads_of_each_page() -> None:
    places = [location(f"L{number}", f"Yard {number:03}") for number in range(200)]
    ports = [
        port()._replace(location=each.location, charge_box_id=f"CP-{each.location}", connector=plug)
        for each in places
        for plug in (1, 2)
    ]
    pages = await printed(of_year("nevi", ports), *places)
    text = " ".join(pages)
    assert len(pages) > 5
    for each in places:
        for plug in (1, 2):
            assert f"{each.name} CP-{each.location} · {plug} 525,600.00" in text
    for page in pages[:-1]:
        assert "Location Plug Minutes Outage Excluded Down Uptime Met" in page


async def test_names_are_printed_and_never_executed() -> None:
    hostile = '#panic("x") $x^2$ *b* @ref <l> `raw` //c #read("/etc/passwd")'
    (text,) = await printed(of_year("nevi"), location("L", hostile))
    assert hostile.replace(" ", "") in text.replace(" ", "")
