"""The main job as the operator sees it: a location, a charger, a car, and the money on the page."""

import secrets
from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import known, plugged
from tests.e2e.web.sites import charger_added, location_created


async def test_from_a_location_to_the_money_without_a_reload(tab: BrowserTab) -> None:
    page, box = tab.page, f"WEB-{secrets.token_hex(3).upper()}"
    await tab.go("/")
    await location_created(page, f"Yard {box}")
    await charger_added(page, box)
    link = f"ws://127.0.0.1:{tab.system.port}/ocpp/{tab.system.company}"
    await expect(page.get_by_text(link, exact=True)).to_be_visible()
    await tab.live()
    token = f"T{box[4:]}"
    tab.system.api().token(token)

    async with plugged(tab.system, box) as car:
        await car.boot()
        await expect(page.locator("#online")).to_have_text("Online")
        await expect(page.locator(".facts")).to_contain_text("ACME AC22")
        start = datetime.now(UTC) - timedelta(minutes=30)
        await car.status("Charging", start)
        number = await car.begin(token, start)
        await car.meter(number, 6000, start + timedelta(minutes=20))
        await expect(page.locator("#plug-1")).to_contain_text("Charging")
        await expect(page.locator("#plug-1")).to_contain_text("11.0 kW")

        await tab.go(f"/sessions/{number}")
        await tab.live()
        await expect(page.locator("#total")).to_have_text("€2.50")
        await expect(page.get_by_role("heading", name="How fast did the car charge")).to_be_visible()
        await expect(page.locator("[data-chart] svg")).to_be_visible()
        await car.end(number, 11_000, start + timedelta(minutes=30))
        await expect(page.locator("#total")).to_have_text("€5.00")
        await expect(page.locator("#status")).to_contain_text("Blocking")
        await car.status("Available")
        await expect(page.locator("#status")).to_contain_text("Completed")
        await expect(page.locator("[data-event=connector-freed]")).to_be_visible()
        frame = page.locator("[data-event=charging-ended]").get_by_text("frame")
        await expect(frame).to_be_visible()
        await page.get_by_role("link", name="OCPP log").click()
        await expect(page.get_by_text("StopTransaction", exact=True).first).to_be_visible()


async def test_a_stop_asks_by_name_and_shows_what_came_of_it(tab: BrowserTab) -> None:
    page, box = tab.page, f"WEB-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    api.token(f"T{box[4:]}")
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Charging")
        number = await car.begin(f"T{box[4:]}")
        await known(tab.system, number)
        await tab.go(f"/sessions/{number}")
        await page.get_by_role("link", name="Stop…").click()
        await expect(page.get_by_role("heading", name=f"Stop session {number}?")).to_be_visible()
        await page.get_by_role("button", name=f"Stop session {number}").click()
        await expect(
            page.locator(".notice").filter(has_text=f"Stop requested: session {number}")
        ).to_be_visible()
        await expect(page.locator("#stop-outcome")).to_contain_text("Owner: Accepted")
        await tab.go(f"/chargers/{box}")
        await expect(page.locator("#commands")).to_contain_text("Remote stop")
        await expect(page.locator("#commands")).to_contain_text("Accepted")
        assert car.resets == [str(number)]


async def test_an_operation_shows_the_chargers_answer(tab: BrowserTab) -> None:
    page, box = tab.page, f"WEB-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await tab.go(f"/chargers/{box}")
        await page.get_by_role("link", name="Operations").click()
        await tab.live()
        await page.locator("#do-reset summary").click()
        await page.get_by_role("button", name=f"Reset {box}").click()
        await expect(page.locator("#commands")).to_contain_text("Reset")
        await expect(page.locator("#commands")).to_contain_text("Accepted")
        assert car.resets == ["Soft"]


async def test_a_session_that_its_charger_forgot_is_ended_without_it(tab: BrowserTab) -> None:
    page, box = tab.page, f"WEB-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    api.token(f"T{box[4:]}")
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Charging")
        number = await car.begin(f"T{box[4:]}")
        await car.meter(number, 5000)
        await known(tab.system, number)
    await tab.go(f"/sessions/{number}/stop")
    await page.locator("#end-by-force summary").click()
    await page.get_by_label("Why").fill("The charger was replaced.")
    await page.get_by_role("button", name="End without the charger").click()
    await expect(page.get_by_role("status").filter(has_text="ended at its last reading")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("stopped by the operator")
