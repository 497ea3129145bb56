"""The performance area, the kiosk, exclusions and reports: the pages say what the API says."""

import asyncio
import csv
import io
import re
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect
from pypdf import PdfReader

from eosvolt.domain.calendar import local_date
from tests.e2e.api.charger import charge_once
from tests.e2e.web.browsing import BrowserTab
from tests.eventually import until

PRICE = {"strategy": "perKwh", "price": "0.50"}
MINUTES = ("minutesCounted", "outageMinutes", "excludedMinutes", "downMinutes")


def _figure(page: Page, number: int = 0) -> str:
    return f"#performance .performance-figures > div:nth-child({number + 1}) strong"


async def _charged(tab: BrowserTab) -> tuple[str, str]:
    """A location and a charger there at which a car has just charged."""
    box, token = f"PERF-{secrets.token_hex(3).upper()}", secrets.token_hex(4).upper()
    api = tab.system.api()
    place = api.location(PRICE, name=f"Yard {box}")
    api.charger(place, box)
    api.token(token)
    await asyncio.to_thread(charge_once, tab.system, box, token)
    return place, box


async def test_the_page_shows_the_figures_of_the_api(tab: BrowserTab) -> None:
    place, box = await _charged(tab)
    api = tab.system.api()
    sold = api.get("/dashboard/performance", metric="energy", range="week", location=place)
    assert sold["unit"] == "Wh"
    assert sum(int(step["value"]) for step in sold["series"][0]["steps"]) == int(sold["series"][0]["value"])
    page = await tab.go(f"/?chart=energy&range=week&place={place}")
    kwh = int(sold["series"][0]["value"]) / 1000
    await expect(page.locator(_figure(page))).to_have_text(
        f"{kwh:.3f} kWh" if kwh * 100 % 1 else f"{kwh:.2f} kWh"
    )
    await expect(page.locator("#performance [data-chart] svg").first).to_be_visible()
    success = api.get("/dashboard/success-rate", range="week", location=place)
    assert (success["attempts"], success["value"]) == (1, "1.000000")
    await expect(page.locator("#usage strong")).to_have_text("100 %")
    # The session may have begun in the week before that of its end.
    started_at = api.get("/sessions", location=place)["items"][0]["startedAt"]
    begun = local_date(datetime.fromisoformat(started_at), api.get(f"/locations/{place}")["timeZone"])
    heat = api.get("/dashboard/heat-map", range="week", date=begun.isoformat(), location=place)
    assert sum(cell["sessions"] for cell in heat["cells"]) == 1

    up = api.get("/dashboard/performance", metric="uptime", range="week", charger=box, plug=1)
    page = await tab.go(f"/?chart=uptime&range=week&box={box}&connector=1")
    value = float(up["series"][0]["value"]) * 100
    shown = await page.locator(_figure(page)).inner_text()
    assert shown in {f"{value:.1f} %", "100 %"}
    await expect(page.locator(".causes li")).to_have_count(4)
    await page.get_by_label("Definition of uptime").select_option("nevi")
    await expect(page.locator("#performance")).to_contain_text("23 CFR 680.116(b)")
    await expect(page.locator("#performance")).to_contain_text("97 %")


async def test_several_locations_stand_side_by_side(tab: BrowserTab) -> None:
    first, _ = await _charged(tab)
    second, _ = await _charged(tab)
    both = tab.system.api().get("/dashboard/performance", metric="sessions", location=[first, second])
    assert [each["location"] for each in both["series"]] == [first, second]
    assert [each["value"] for each in both["series"]] == ["1", "1"]
    page = await tab.go(f"/?chart=sessions&place={first}&place={second}")
    await expect(page.locator("#performance .performance-figures > div")).to_have_count(2)
    await page.locator("#performance summary").click()
    await expect(page.locator("#performance thead th")).to_have_count(3)


async def test_the_kiosk_has_figures_and_no_menus(tab: BrowserTab) -> None:
    await _charged(tab)
    page = await tab.go("/?kiosk=1")
    await expect(page.locator(".board-figure").first).to_be_visible()
    await expect(page.locator("nav")).to_have_count(0)
    await expect(page.locator("#live")).to_have_attribute("data-live-state", "live")


async def test_an_exclusion_is_recorded_withdrawn_and_in_the_report(tab: BrowserTab, tmp_path: Path) -> None:
    place, box = await _charged(tab)
    api = tab.system.api()
    tab.expects("422")
    page = await tab.go("/exclusions")
    await page.get_by_role("button", name="Record exclusion").click()
    await expect(page.locator(".alert-danger")).to_contain_text("A location or a charger is needed.")
    await page.locator("#field-charger").fill(box)
    await page.locator("#field-plug").fill("1")
    await page.locator("#field-since").fill("2026-01-01T00:00")
    await page.locator("#field-until").fill("2026-01-01T04:00")
    await page.locator("#field-reason").fill("Power cut")
    await page.get_by_role("button", name="Record exclusion").click()
    row = page.locator("tbody tr", has_text=box)
    await expect(row).to_contain_text("Power cut")
    (listed,) = api.get("/exclusions", charger=box)["items"]
    assert (listed["locationId"], listed["plug"], listed["kind"]) == (place, 1, "utility")
    await row.locator("summary").click()
    await row.get_by_label("Why it is withdrawn").fill("Another street")
    await row.get_by_role("button", name="Withdraw now").click()
    await expect(page.locator("tbody tr", has_text=box)).to_contain_text("Another street")
    assert api.get(f"/exclusions/{listed['id']}")["withdrawalReason"] == "Another street"

    today = datetime.now(UTC).date()
    days = f"from={today - timedelta(days=2)}&to={today + timedelta(days=1)}"
    page = await tab.go(f"/regulators?definition=nevi&{days}")
    await expect(page.locator("tbody tr", has_text=box).first).to_be_visible()
    await page.set_viewport_size({"width": 390, "height": 844})
    plug = page.locator("tbody tr", has_text=box).first.get_by_role("cell", name=f"{box} · 1")
    # A second line would double the height.
    one_line = (
        "each => each.getBoundingClientRect().height < 2 * parseFloat(getComputedStyle(each).lineHeight)"
    )
    assert await plug.evaluate(one_line)
    assert await tab.too_wide() <= 0
    await page.set_viewport_size({"width": 1440, "height": 900})
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Ports as CSV").click()
    saved = tmp_path / "report.csv"
    await (await download.value).save_as(saved)
    lines = list(csv.DictReader(io.StringIO(saved.read_text("utf-8-sig"))))
    assert {line["definition"] for line in lines} == {"nevi"}
    assert [line["chargeBoxId"] for line in lines].count(box) >= 1
    assert lines[-1]["location"] == "network"
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Report as PDF").click()
    pages = PdfReader(await (await download.value).path()).pages
    text = " ".join(" ".join(each.extract_text() for each in pages).split())
    for line in lines[:-1]:
        port = re.escape(f"{line['chargeBoxId']} · {line['plug']}")
        (printed,) = re.findall(rf"{port} ([\d,.]+) ([\d,.]+) ([\d,.]+) ([\d,.]+) [\d.–]+", text)
        # The file was made a moment later, and time only adds.
        for name, minutes in zip(MINUTES, printed, strict=True):
            assert Decimal(minutes.replace(",", "")) >= Decimal(line[name])
    german = api.client.get(f"/reports/uptime?definition=nevi&{days}&format=pdf&language=de")
    assert german.headers["content-type"] == "application/pdf"
    assert "Bericht zur Verfügbarkeit" in PdfReader(io.BytesIO(german.content)).pages[0].extract_text()


async def test_a_removed_location_has_its_name_in_the_pdf_as_in_the_file(tab: BrowserTab) -> None:
    place, box = await _charged(tab)
    api = tab.system.api()
    now = datetime.now(UTC)
    excluded = {
        "locationId": place,
        "kind": "utility",
        "since": (now - timedelta(minutes=30)).isoformat(),
        "until": (now - timedelta(minutes=20)).isoformat(),
        "reason": f"Ticket of {box}",
    }
    api.post("/exclusions", excluded)
    for gone in (f"/chargers/{box}", f"/locations/{place}"):
        api.client.delete(gone).raise_for_status()
    await until(lambda: api.client.get(f"/locations/{place}").status_code == 404, 30)
    today = now.date()
    asked: dict[str, Any] = {
        "definition": "nevi",
        "from": today - timedelta(days=2),
        "to": today + timedelta(days=1),
    }
    text = api.client.get("/reports/uptime", params={**asked, "format": "csv"}).content.decode("utf-8-sig")
    (line,) = (each for each in csv.DictReader(io.StringIO(text)) if each["chargeBoxId"] == box)
    assert line["location"] == f"Yard {box}"
    pdf = api.client.get("/reports/uptime", params={**asked, "format": "pdf"}).content
    pages = (each.extract_text() for each in PdfReader(io.BytesIO(pdf)).pages)
    printed = " ".join(" ".join(pages).replace("\u200b", "").split())
    assert f"Yard {box} {box} · 1" in printed
    assert re.search(rf"Yard {box} .{{10,60}} Grid Ticket of {box}", printed)
    assert place not in printed
