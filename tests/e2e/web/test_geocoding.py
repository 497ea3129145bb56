"""The address of a location's form, looked up with the installation's geocoder."""

from playwright.async_api import Browser, expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.small_geocoder import small_geocoder


async def test_an_address_is_looked_up_when_asked_and_sets_the_pin(
    browser: Browser, own_system: RunningSystem
) -> None:
    with small_geocoder() as geocoder:
        own_system.settings["EOSVOLT_GEOCODER_URL"] = geocoder.url
        own_system.start()
        own_system.create_company(own_system.company, "Volt Harbour")
        context = await browser.new_context(viewport={"width": 390, "height": 844})
        tab = BrowserTab(own_system, context, await context.new_page())
        await tab.sign_in()
        page = await tab.go("/locations/new")
        look = page.get_by_role("button", name="Find the address on the map")
        await look.click()
        await expect(page.get_by_label("Address")).to_be_focused()
        await page.get_by_label("Address").fill("Landungsbrücken 1\t Hamburg")
        assert geocoder.asked == []
        await look.click()
        found = page.get_by_role("button", name="Landungsbrücken 1, Hamburg")
        await expect(found).to_be_focused()
        assert await tab.violations() == []
        await found.click()
        await expect(page.get_by_label("Latitude")).to_have_value("53.5459")
        await expect(page.get_by_label("Longitude")).to_have_value("9.9664")
        await expect(page.locator(".map-pin")).to_be_visible()
        await expect(found).to_be_hidden()
        assert [each["q"] for each in geocoder.asked] == [["Landungsbrücken 1 Hamburg"]]
        geocoder.body = b"[]"
        await look.click()
        await expect(page.get_by_text("No place is known under this address.")).to_be_visible()
        geocoder.status = 503
        await look.click()
        await expect(page.get_by_text("The address cannot be looked up at present.")).to_be_visible()
        await context.close()
        assert tab.complaints == []
    assert "open-sesame" not in (own_system.folder / "serve.log").read_text()
