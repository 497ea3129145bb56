"""One search over everything: the palette while one types, and the page of results."""

import secrets

from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import known, plugged
from tests.e2e.web.conftest import OpenWindow

PRICE = {"strategy": "perKwh", "price": "0.50"}


async def test_the_palette_finds_a_plug_as_pages_write_it_and_opens_it_by_keyboard(tab: BrowserTab) -> None:
    box = f"FIND-{secrets.token_hex(3).upper()}"
    api, page = tab.system.api(), tab.page
    api.charger(api.location(PRICE, name=f"Yard {box}"), box)
    api.token(f"F{box[5:]}")
    async with plugged(tab.system, box) as car:
        await car.boot()
        number = await car.begin(f"F{box[5:]}")
        await car.status("Faulted", error="GroundFailure")
        await known(tab.system, number)
        await tab.go("/")
        await page.keyboard.press("Control+k")
        field = page.get_by_role("combobox", name="Search everything")
        await expect(field).to_be_focused()
        await field.fill(f"{box.lower()} · 1")
        hits = page.locator("#palette-hits")
        await expect(hits.get_by_role("option", name=f"Session {number}")).to_be_visible()
        await expect(hits.get_by_role("option", name=f"GroundFailure at {box} · 1")).to_be_visible()
        await page.keyboard.press("ArrowDown")
        await expect(hits.get_by_role("option", name=box, exact=False).nth(1)).to_have_attribute(
            "aria-selected", "true"
        )
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=f"Session {number}")).to_be_visible()


async def test_the_palette_goes_to_pages_by_their_name(tab: BrowserTab) -> None:
    page = await tab.go("/")
    await page.keyboard.press("/")
    await page.get_by_role("combobox", name="Search everything").fill("Diagn")
    await expect(page.locator("#palette-pages [aria-selected=true]")).to_have_text("Diagnostics")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Diagnostics")).to_be_visible()


async def test_the_page_of_results_works_without_a_script(window: OpenWindow) -> None:
    tab = await window(java_script_enabled=False)
    page = await tab.sign_in()
    box = f"FIND-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location(PRICE, name=f"Yard {box}"), box)
    api.token(f"F{box[5:]}", label=f"Card of {box}")
    await tab.go("/")
    await page.get_by_role("searchbox", name="Search").fill(box)
    await page.keyboard.press("Enter")
    for name in (box, f"Yard {box}", f"F{box[5:]}"):
        await expect(page.locator(".hit-name").get_by_text(name, exact=True)).to_be_visible()


async def test_nothing_of_another_company_is_found(tab: BrowserTab) -> None:
    box = f"FIND-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location(PRICE, name=f"Yard {box}"), box)
    assert [hit["kind"] for hit in api.get("/search", q=box)["items"]] == ["charger", "location"]
    assert tab.system.api(7).get("/search", q=box)["items"] == []
    assert api.get("/search", q="' OR 1=1 --")["items"] == []
