"""Locations in a browser: the pin on the map, hours that a charger is held to, and who was refused."""

import re

from ocpp.v16 import call
from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import known, plugged
from tests.e2e.web.conftest import OpenWindow

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
    await page.goto(tab.system.base_url + "/locations/new")
    await expect(page.get_by_text("the company's contact: +49 40 1234567")).to_be_visible()
    # What was typed for the first location is the company's contact now.
    await page.goto(tab.system.base_url + "/settings")
    await expect(page.locator('[value="+49 40 1234567"]')).to_have_count(1)


async def test_windows_are_drawn_on_the_bar_of_the_day_and_the_example_follows(tab: BrowserTab) -> None:
    page = await tab.go("/locations/new")
    await page.get_by_label("Name").fill("Drawn yard")
    await page.get_by_label("Price, VAT included").fill("0.50")
    await page.get_by_label("Amount per full interval").fill("1")
    await page.get_by_label("Cap per session").fill("3")
    await expect(page.locator("#example")).to_contain_text("45 min and more")
    await expect(page.locator("#example")).to_contain_text("the cap, no more")
    bar, said = page.locator("[data-day-bar]"), page.locator("[data-day-said]")

    async def drag(since: int, until: int) -> None:
        await bar.scroll_into_view_if_needed()
        box = await bar.bounding_box()
        assert box is not None
        hour, y = box["width"] / 24, box["y"] + box["height"] / 2
        # A pixel inside: that is where the end of a window is grasped.
        await page.mouse.move(box["x"] + since * hour + 2, y)
        await page.mouse.down()
        await page.mouse.move(box["x"] + until * hour, y, steps=4)
        await page.mouse.up()

    async def window(number: int, since: str, until: str, price: str) -> None:
        row = page.locator("[data-row-list] [data-window]").nth(number)
        await expect(row.get_by_label("From")).to_have_value(since)
        await expect(row.get_by_label("To (00:00: midnight)")).to_have_value(until)
        await row.get_by_label("Price").fill(price)

    await drag(6, 10)
    await window(0, "06:00", "10:00", "0.80")
    await drag(11, 13)
    await window(1, "11:00", "13:00", "0.90")
    await drag(11, 9)
    await expect(said).to_have_text("Two windows overlap.")
    await drag(9, 10)
    await window(1, "10:00", "13:00", "0.90")
    await expect(said).to_have_text("The price above applies in the gaps.")
    await page.get_by_label("Starts at").fill("09:00")
    await page.get_by_label("Energy in kWh").fill("10")
    await page.get_by_label("Stays after that, in minutes").fill("44")
    # 5 kWh at 0.80, 5 kWh at 0.90, two full intervals of 15 minutes.
    await expect(page.locator("#example tfoot")).to_contain_text("€10.50")
    assert await tab.violations() == []
    await page.get_by_role("button", name="Create location").click()
    await expect(page.get_by_role("heading", name="Drawn yard", exact=True)).to_be_visible()
    await expect(page.get_by_role("cell", name="10:00 – 13:00")).to_be_visible()


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


async def test_who_is_listed_is_found_among_all_tokens_of_the_company(tab: BrowserTab) -> None:
    api = tab.system.api()
    location = api.location(TARIFF, name="Listed yard", type="private")
    api.token("A11CE", label="Alice", groupUid="FLEET")
    api.token("B0B", label="Bob")
    ana = api.post("/customers", {"name": "Ana Blum", "email": "ana@listed.example"}, 201)["id"]
    page = await tab.go(f"/locations/{location}/access")
    for name, typed, wanted in (
        ("tokens", "alice", "A11CE"),
        ("groups", "fle", "FLEET"),
        ("customers", "blum", "ana@listed.example"),
    ):
        search = page.locator(f'[data-pick="{name}"]')
        await search.get_by_role("combobox").fill(typed)
        await expect(search.locator("option")).to_have_count(1)
        await search.get_by_role("button", name="Add").click()
        await expect(page.locator(f"#field-{name}")).to_have_value(wanted)
    await page.get_by_role("button", name="Add a time").click()
    await page.get_by_label("Days").select_option("Saturday and Sunday")
    await page.get_by_label("Times").fill("8-18")
    await page.get_by_label("Open to").select_option("Nobody (bookings only)")
    assert await tab.violations() == []
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saturday and Sunday, 08:00–18:00")).to_be_visible()
    known = api.get(f"/locations/{location}")
    assert (known["authorizedTokens"], known["authorizedGroups"]) == (["A11CE"], ["FLEET"])
    assert known["authorizedCustomers"] == [ana]
    await tab.go(f"/locations/{location}/access")
    await page.get_by_label("Authorized tokens").fill("A11CE\nB0B")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("link", name="Ana Blum")).to_be_visible()
    await tab.go(f"/locations/{location}/access")
    tab.expects("422")
    await page.get_by_label("Authorized customers").fill("ANA@listed.example\neve@listed.example")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#about-customers")).to_have_text("There is no customer eve@listed.example.")
    await expect(page.get_by_label("Authorized customers")).to_have_value(
        "ana@listed.example\neve@listed.example"
    )
    listed = {"authorizedTokens": ["A11CE", "N0B0DY"], "authorizedGroups": [], "schedule": []}
    api.client.put(f"/locations/{location}/access", json=listed).raise_for_status()
    for path, shown in (("", "2"), ("/access", "Whose they are (2)")):
        await tab.go(f"/locations/{location}{path}")
        await page.locator("summary", has_text=shown).filter(visible=True).last.click()
        await expect(page.get_by_role("listitem").filter(has_text="A11CE")).to_have_text("A11CE Alice")
        await expect(page.get_by_role("listitem").filter(has_text="N0B0DY")).to_have_text(
            "N0B0DY unknown token"
        )
        assert await tab.violations() == []


async def test_a_location_is_not_removed_while_a_session_goes_on_though_its_charger_moved_away(
    tab: BrowserTab,
) -> None:
    api, box = tab.system.api(), "MOVED-1"
    tab.expects("409", "422")
    fee = {"amount": "1.00", "intervalMinutes": 15}
    old = api.location({**TARIFF, "blockingFee": fee}, name="Old yard")
    new = api.location(TARIFF, name="New yard")
    api.charger(old, box)
    api.token("M07ED")
    async with plugged(tab.system, box) as car:
        await car.boot()
        running = await car.begin("M07ED")
        await car.status("Charging")
        await car.end(running, 3000)
        await car.status("Finishing")
        await known(tab.system, running)
        api.client.patch(f"/chargers/{box}", json={"locationId": new}).raise_for_status()
        page = await tab.go(f"/locations/{old}/remove")
        await page.get_by_label("Type its name").fill("Old yard")
        await page.get_by_role("button", name="Remove Old yard").click()
        await expect(page.get_by_text("This location has open sessions")).to_be_visible()
        assert api.client.delete(f"/locations/{old}").status_code == 409
        await car.status("Available")
    await page.get_by_label("Type its name").fill("Old yard")
    await page.get_by_role("button", name="Remove Old yard").click()
    await expect(page.get_by_text("Location Old yard removed. Its history stays.")).to_be_visible()
    assert api.client.get(f"/locations/{old}").status_code == 404
    # Its sessions stay, and are told as before.
    await page.goto(f"{tab.system.base_url}/sessions/{running}")
    await expect(page.get_by_role("heading").filter(has_text=str(running))).to_be_visible()
    await expect(page.locator("#facts dd").get_by_text("Old yard")).to_be_visible()


async def test_who_may_only_look_is_offered_nothing_that_changes_something(
    tab: BrowserTab, window: OpenWindow
) -> None:
    api = tab.system.api()
    location = api.location(TARIFF, name="Looked at", latitude=51.34, longitude=12.37)
    api.charger(location, "LOOKED-1")
    person = {"firstName": "Lou", "lastName": "Kerr", "email": "lou.kerr@cpo.example"}
    invitation = api.post(
        "/admins", {**person, "permissions": [{"page": "chargePoints", "actions": ["view"]}]}
    )
    page = await tab.go(f"/locations/{location}")
    offered = page.locator(".page-head .tools a, .card-header a, #recent")
    assert await offered.count() > 0
    other = await window()
    page = await other.go(invitation["link"].removeprefix(tab.system.base_url))
    await page.get_by_label("Password").fill("a long enough password")
    other.expects("403")
    await page.get_by_role("button", name="Join").click()
    await expect(page).not_to_have_url(re.compile("/join/"))
    await other.go(f"/locations/{location}")
    await expect(page.get_by_role("heading", name="Looked at")).to_be_visible()
    await expect(page.locator(".page-head .tools a, .card-header a, #recent")).to_have_count(0)
    assert await other.violations() == []
    await other.go("/locations")
    await expect(page.get_by_role("link", name="Add location")).to_have_count(0)
