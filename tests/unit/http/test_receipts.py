"""The receipt of a session: the API's figures, every script, nothing executed, the same bytes again."""

import io
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

import httpx2
import pytest
from babel.numbers import parse_decimal
from pypdf import PdfReader

from eosvolt.application.charging import ChargingService
from eosvolt.domain.charge_points.reports import ConnectorStatus, StartReport, StatusReport, StopReport
from tests.examples import CHARGE_POINT, LOCATION, TOKEN, after
from tests.unit.operations.charging import SESSION, a_connected_charger
from tests.unit.operations.logos import a_logo
from tests.unit.operations.request_cases import SETTINGS_OF_THE_API
from tests.web_in_memory import Site

RECEIPT = f"/sessions/{SESSION}/receipt"
# U+0110 to U+2602: what ASCII and one European font do not have.
SCRIPTS = "Đường Ελλάδα 東京 北京 서울 Привет ไทย Հայաստան ☂ €"
HEBREW = "שלום"
HOSTILE = '#panic("x") $x^2$ *b* @ref <l> `raw` //c \\n #read("/etc/passwd") = [x] {y}'


async def charging(site: Site, name: str = "Harbour") -> ChargingService:
    """A session that charges over the end of a window, at a location with a blocking fee."""
    charger = await a_connected_charger(site)
    changes = {
        "name": name,
        "tariff": {
            "price": "0.3636",
            "windows": [{"from": "06:00", "to": "12:00", "price": "1.20"}],
            "blockingFee": {"amount": "1.00", "intervalMinutes": 15},
        },
    }
    assert (await site.api("PATCH", f"/locations/{LOCATION}", changes)).is_success
    assert (await site.api("POST", "/tokens", {"uid": TOKEN})).is_success
    begun = StartReport(connector=1, token=TOKEN, at=after(1), received_at=after(1), meter_start_wh=1_000)
    await charger.started(CHARGE_POINT, begun)
    return charger


async def ended(site: Site, name: str = "Harbour") -> None:
    """The same, over after two hours, and unplugged 50 minutes later."""
    charger = await charging(site, name)
    site.clock.set(after(121))
    stop = StopReport(
        transaction=int(SESSION), at=after(121), received_at=after(121), meter_stop_wh=31_004, reason="Local"
    )
    await charger.stopped(CHARGE_POINT, stop)
    for minutes, status in ((121, ConnectorStatus.FINISHING), (171, ConnectorStatus.AVAILABLE)):
        site.clock.set(after(minutes))
        report = StatusReport(connector=1, status=status, at=after(minutes), received_at=after(minutes))
        await charger.reported(CHARGE_POINT, report)


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


def text_of(answer: httpx2.Response) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u200b", "").replace("\xa0", " ")


async def session(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = (await site.api("GET", f"/sessions/{SESSION}")).json()
    return found


async def test_the_receipt_has_the_figures_of_the_api(site: Site) -> None:
    await ended(site)
    bill, text = await session(site), text_of(await site.api("GET", RECEIPT))
    assert [line["kind"] for line in bill["lines"]] == ["energy", "energy", *["blockingFee"] * 3]
    for line in bill["lines"]:
        assert f"€{line['gross']['amount']}" in text
    assert "€0.3636" in text
    assert "€1.20" in text
    for amount in ("total", "net", "vat", "charging", "blockingFee"):
        assert f"€{bill[amount]['amount']}" in text, amount
    assert "30.004 kWh" in text
    assert "19 %" in text
    assert f"Session {SESSION}" in text


async def test_each_amount_can_be_recomputed_from_what_is_printed(site: Site) -> None:
    await ended(site)
    text = text_of(await site.api("GET", RECEIPT))
    printed = re.findall(r"([\d.,]+) (?:kWh|interval)\s+€([\d.]+)\s+€([\d.]+)", text)
    assert len(printed) == 5
    gross = Decimal(0)
    for quantity, price, amount in printed:
        exact = parse_decimal(quantity, locale="en_GB") * Decimal(price)
        assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(amount)
        gross += Decimal(amount)
    assert f"€{gross}" == re.findall(r"Total, VAT included\s+(€[\d.]+)", text)[0]


async def test_times_are_the_location_s_with_their_zone(site: Site) -> None:
    await ended(site)
    text = text_of(await site.api("GET", RECEIPT))
    assert "21 Nov 2026 11:01:00 CET" in text
    assert "21 Nov 2026 12:00:00 CET" in text
    assert "21 Nov 2026 13:51:00 CET" in text
    assert "Europe/Berlin" in text


async def test_company_logo_and_support_are_on_it_in_the_company_s_language(site: Site) -> None:
    await ended(site)
    await a_logo(site)
    assert (await site.api("PATCH", "/settings", SETTINGS_OF_THE_API)).is_success
    answer = await site.api("GET", RECEIPT, accept_language="en")
    text = text_of(answer)
    for expected in (
        "Beleg",
        f"Ladevorgang {SESSION}",
        "Pier Ltd",
        "Quay 1",
        "20457 Hamburg",
        "Deutschland",
        "DE136695976",
        "help@pier.example",
        "0,3636 €",
        "Gesamtbetrag",
    ):
        assert expected in text, expected
    assert len(PdfReader(io.BytesIO(answer.content)).pages[0].images) == 1
    assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{SESSION}.pdf"'
    # Its number is not issued yet.
    assert "Rechnung" not in text
    assert "RE-" not in text


async def test_letters_of_every_script_are_printed(site: Site) -> None:
    await ended(site, name=SCRIPTS)
    answer = await site.api("GET", RECEIPT)
    text = "".join(text_of(answer).split())
    for word in SCRIPTS.split():
        assert word in text, word
    fonts = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in cast("Any", PdfReader(io.BytesIO(answer.content)).pages)
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
    }
    assert len(fonts) >= 4


async def test_right_to_left_scripts_are_printed(site: Site) -> None:
    await ended(site, name=HEBREW)
    assert HEBREW in text_of(await site.api("GET", RECEIPT))


async def test_names_are_printed_and_never_executed(site: Site) -> None:
    await ended(site, name=HOSTILE)
    text = " ".join(text_of(await site.api("GET", RECEIPT)).split())
    assert HOSTILE.replace(" ", "") in text.replace(" ", "")
    assert "root:" not in text


async def test_a_long_name_without_blanks_stays_on_the_page(site: Site) -> None:
    await ended(site, name="M" * 200)
    reader = PdfReader(io.BytesIO((await site.api("GET", RECEIPT)).content))
    assert "M" * 200 in "".join(reader.pages[0].extract_text().replace("\u200b", "").split())
    assert len(reader.pages) == 1


async def test_the_same_receipt_is_the_same_file(site: Site) -> None:
    await ended(site)
    await a_logo(site)
    first, second = await site.api("GET", RECEIPT), await site.page(RECEIPT)
    assert first.content == second.content
    site.clock.set(after(5_000))
    assert (await site.api("GET", RECEIPT)).content == first.content


async def test_a_session_that_is_not_over_has_none(site: Site) -> None:
    charger = await charging(site)
    for _ in range(2):
        answer = await site.api("GET", RECEIPT)
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("This session is not over yet.")
        assert (await site.page(RECEIPT)).status_code == 409
        # Charging is over, and its car is still plugged in: another fee may follow.
        site.clock.set(after(121))
        at = after(121)
        stop = StopReport(
            transaction=int(SESSION), at=at, received_at=at, meter_stop_wh=31_000, reason="Local"
        )
        await charger.stopped(CHARGE_POINT, stop)
        report = StatusReport(connector=1, status=ConnectorStatus.FINISHING, at=at, received_at=at)
        await charger.reported(CHARGE_POINT, report)
    assert (await session(site))["status"] == "blocking"


async def test_a_session_that_nobody_has_is_not_there(site: Site) -> None:
    assert (await site.api("GET", "/sessions/4711/receipt")).status_code == 404
    assert (await site.page("/sessions/4711/receipt")).status_code == 404


async def test_the_session_s_page_leads_to_it_once_it_is_over(site: Site) -> None:
    await ended(site)
    assert f'href="{RECEIPT}"' in (await site.page(f"/sessions/{SESSION}")).text
