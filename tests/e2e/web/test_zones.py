"""Load balancing zones on the screen: an operator makes one, a car comes, and the page follows."""

import asyncio
import secrets

from playwright.async_api import expect

from tests.e2e.api.charger import eventually
from tests.e2e.api.steerable_charger import a_zone, steerable
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow


def _mark() -> str:
    return f"ZONE-{secrets.token_hex(4).upper()}"


def _location(tab: BrowserTab) -> str:
    tariff = {"strategy": "perKwh", "price": "0.50"}
    wanted = {
        "name": f"Garage {_mark()}",
        "timeZone": "Europe/Berlin",
        "currency": "EUR",
        "vatRate": "0.19",
        "tariff": tariff,
    }
    made: str = tab.system.api().post("/locations", wanted)["id"]
    return made


def _charger(tab: BrowserTab, location: str, *, plugs: int = 1) -> str:
    box = _mark()
    numbered = [{"number": each, "maxPowerW": 22_000} for each in range(1, plugs + 1)]
    tab.system.api().post("/chargers", {"locationId": location, "chargeBoxId": box, "plugs": numbered})
    return box


async def test_an_operator_makes_a_zone_and_its_page_follows_a_car(tab: BrowserTab) -> None:
    location = _location(tab)
    box, silent, name, token = _charger(tab, location), _charger(tab, location), f"Grid {_mark()}", _mark()
    tab.system.api().token(token)
    async with steerable(tab.system, box) as charger:
        page = await tab.go("/zones/new")
        await page.get_by_label("Name").fill(name)
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_label("Maximum grid capacity in kW").fill("13.8")
        await page.get_by_label("Buffer in %").fill("0")
        await page.get_by_label("Fallback for each plug in A").fill("6")
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_label(box).check()
        await expect(page.get_by_label(silent)).to_be_disabled()
        row = page.locator(".zone-choice li").filter(has_text=silent)
        await expect(row).to_contain_text("It is not known whether this charger supports smart charging")
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_text("13.8")).to_be_visible()
        await page.get_by_role("button", name="Create the zone").click()
        await expect(page.get_by_role("heading", name=name)).to_be_visible()
        assert charger.limits == {}

        await page.get_by_role("switch", name="Turn on").click()
        await expect(page.get_by_role("switch", name="Turn off")).to_be_visible()
        await tab.live()
        plug = page.get_by_role("row").filter(has_text=box)
        # The fallback was sent, and confirmed.
        await expect(plug).to_contain_text("No session")
        await expect(page.locator("#state")).to_contain_text("4.1 kW")
        assert charger.limits == {0: 6.0}

        await charger.status("Charging")
        transaction = await charger.starts(token)
        # 13.8 kW are 20 A on each line.
        await expect(plug).to_contain_text("Confirmed")
        await expect(plug).to_contain_text("20.0 A")
        assert charger.limits[1] == 20.0
        await charger.meters(transaction, 500, 11_000)
        await expect(plug).to_contain_text("11.0 kW")
        await expect(page.locator("#figure-measured")).to_have_text("11.0 kW")
        await expect(page.locator("#decisions")).to_contain_text("limit changed")
        assert await tab.violations() == []

        await page.get_by_label("Chargers to add").fill("9")
        await page.get_by_role("button", name="Calculate").click()
        # 6 A fit three times into 20 A.
        await expect(page.locator("#what-if-result")).to_contain_text("3 of 10")

        await charger.stops(transaction, 1_000)
        await charger.status("Available")
        await expect(plug).to_contain_text("No session")
        await page.get_by_role("switch", name="Turn off").click()
        await expect(page.get_by_role("switch", name="Turn on")).to_be_visible()
        await expect(page.get_by_text("could not be told")).to_have_count(0)
        await asyncio.to_thread(eventually, lambda: not charger.limits)


async def test_another_company_sees_nothing_of_a_zone(tab: BrowserTab, window: OpenWindow) -> None:
    name = f"Secret {_mark()}"
    zone = tab.system.api().post("/zones", {"name": name, "capacityKw": 50})["id"]
    page = await tab.go("/zones")
    await expect(page.get_by_role("link", name=name)).to_be_visible()
    other = await window()
    other.expects("404")
    company = 300 if tab.system.company != 300 else 301
    tab.system.api(company)
    await other.sign_in(company)
    page = await other.go("/zones")
    await expect(page.get_by_role("heading", name="Load balancing")).to_be_visible()
    await expect(page.get_by_text(name)).to_have_count(0)
    await other.go(f"/zones/{zone}")
    await expect(page.get_by_text(name)).to_have_count(0)


async def test_what_is_wrong_with_a_zone_is_said_at_its_step(tab: BrowserTab) -> None:
    tab.expects("422")
    page = await tab.go("/zones/new")
    await page.get_by_role("button", name="Continue").click()
    assert await tab.wrong_fields() == ["field-name"]
    await page.get_by_label("Name").fill("Yard")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_label("Maximum grid capacity in kW").fill("a lot")
    await page.get_by_label("L1 in A").fill("63")
    await page.get_by_role("button", name="Continue").click()
    assert set(await tab.wrong_fields()) == {"field-capacity", "field-line2"}
    await page.get_by_role("button", name="Back").click()
    await expect(page.get_by_label("Name")).to_have_value("Yard")


async def test_a_zone_is_changed_wired_and_removed(tab: BrowserTab) -> None:
    location = _location(tab)
    box, name = _charger(tab, location, plugs=2), f"Yard {_mark()}"
    zone = await asyncio.to_thread(a_zone, tab.system, box, name)
    page = await tab.go(f"/zones/{zone}/edit")
    await page.get_by_label("Maximum grid capacity in kW").fill("40")
    await page.get_by_role("button", name="Add a window").click()
    await page.locator("[name=from]").fill("16:00")
    await page.locator("[name=to]").fill("20:00")
    await page.locator("[name=windowCapacity]").fill("20")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#state")).to_contain_text("40.0 kW")
    await page.get_by_role("link", name=box, exact=True).last.click()
    await page.get_by_label("Priority").select_option(label="First")
    await page.get_by_label("Lines at its phases").first.select_option(label="L2 L3 L1")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("1: L2 L3 L1")).to_be_visible()
    found = tab.system.api().get(f"/zones/{zone}")
    assert found["schedule"] == [{"from": "16:00", "to": "20:00", "capacityKw": 20.0}]
    assert found["chargers"][0]["plugs"][0]["rotation"] == [2, 3, 1]
    await tab.go(f"/zones/{zone}/remove")
    await page.locator("[name=name]").fill(name)
    await page.get_by_role("button", name=f"Remove {name}").click()
    await expect(page.get_by_text(f"Zone {name} removed.")).to_be_visible()
    assert zone not in {each["id"] for each in tab.system.api().every("/zones")}


async def test_the_list_and_the_decisions_download(tab: BrowserTab) -> None:
    name = f"Depot {_mark()}"
    tab.system.api().post("/zones", {"name": name, "capacityKw": 22.5})
    page = await tab.go("/zones")
    await page.locator("summary", has_text="Export").click()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Download as CSV").click()
    download = await downloading.value
    text = (await download.path()).read_text(encoding="utf-8-sig")
    assert f"{name}" in text
    assert "22.5" in text
