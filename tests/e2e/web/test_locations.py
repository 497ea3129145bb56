"""Locations in a browser: the pin on the map, hours that a charger is held to, and who was refused."""

from ocpp.v16 import call
from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import plugged

TARIFF = {"strategy": "perKwh", "price": "0.50"}


async def test_a_pin_on_the_map_fills_the_fields_and_suggests_its_time_zone(tab: BrowserTab) -> None:
    page = await tab.go("/locations/new")
    await page.get_by_label("Name").fill("Harbour")
    await page.get_by_label("Price, VAT included").fill("0.50")
    await page.get_by_label("Support phone").fill("+49 40 1234567")
    await page.get_by_label("Latitude").fill("-36.85")
    await page.get_by_label("Longitude").fill("174.76")
    await page.get_by_label("Longitude").press("Tab")
    pin = page.locator(".map-pin")
    await expect(pin).to_be_visible()
    suggestion = page.get_by_role("button", name="Pacific/Auckland")
    await suggestion.click()
    await expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")
    await expect(suggestion).to_be_hidden()
    before = await page.get_by_label("Latitude").input_value()
    await pin.hover()
    await page.mouse.down()
    box = await page.locator("[data-map]").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 60, box["y"] + 60, steps=5)
    await page.mouse.up()
    await expect(page.get_by_label("Latitude")).not_to_have_value(before)
    assert await tab.violations() == []
    await page.get_by_role("button", name="Create location").click()
    await expect(page.get_by_role("heading", name="Harbour", exact=True)).to_be_visible()
    # What was typed for the first location is the company's contact now.
    await page.goto(tab.system.base_url + "/settings")
    await expect(page.locator('[value="+49 40 1234567"]')).to_have_count(1)


async def test_a_closed_location_refuses_a_card_and_its_page_says_so_by_itself(tab: BrowserTab) -> None:
    api, box = tab.system.api(), "CLOSED-1"
    location = api.location(TARIFF, name="Night yard", latitude=51.34, longitude=12.37)
    api.charger(location, box)
    api.token("C105ED")
    page = await tab.go(f"/locations/{location}/opening-hours")
    await page.get_by_label("Open 24 hours a day, every day").uncheck()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        await page.get_by_label(day).fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Opening hours saved.")).to_be_visible()
    await expect(page.get_by_text("Closed now")).to_be_visible()
    await expect(page.locator("#changes")).to_contain_text("Changed: Opening hours.")
    async with plugged(tab.system, box) as car:
        await car.boot()
        answer = await car.tell(call.Authorize(id_tag="C105ED"))
        assert answer.id_tag_info["status"] == "Invalid"
        refused = page.locator("#refused tbody tr")
        await expect(refused).to_contain_text("Outside opening hours")
        await expect(refused).to_contain_text("C105ED")
    request = {"type": "remoteStart", "plug": 1, "token": "C105ED"}
    refusal = api.client.post(f"/chargers/{box}/commands", json=request)
    assert (refusal.status_code, "closed now" in refusal.json()["detail"]) == (409, True)
    page = await tab.go("/locations?view=map")
    await page.get_by_role("button", name="Night yard").click()
    await expect(page.get_by_role("heading", name="Night yard")).to_be_visible()
    page = await tab.go(f"/chargers/{box}/history")
    await expect(page.get_by_text("Start refused, token C105ED: Outside opening hours.")).to_be_visible()


async def test_who_is_listed_is_chosen_from_the_tokens_of_the_company(tab: BrowserTab) -> None:
    api = tab.system.api()
    location = api.location(TARIFF, name="Listed yard", type="private")
    api.token("A11CE", label="Alice", groupUid="FLEET")
    page = await tab.go(f"/locations/{location}/access")
    for uids, wanted in (("field-tokens", "A11CE"), ("field-groups", "FLEET")):
        chosen = page.locator(f'[data-pick="{uids}"]')
        await chosen.get_by_role("combobox").select_option(wanted)
        await chosen.get_by_role("button", name="Add").click()
    await page.get_by_role("button", name="Add a time").click()
    await page.get_by_label("Days").select_option("Saturday and Sunday")
    await page.get_by_label("Times").fill("8-18")
    await page.get_by_label("Open to").select_option("Nobody (bookings only)")
    assert await tab.violations() == []
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saturday and Sunday, 08:00–18:00")).to_be_visible()
    known = api.get(f"/locations/{location}")
    assert (known["authorizedTokens"], known["authorizedGroups"]) == (["A11CE"], ["FLEET"])
