"""A group of customers is made, has prices of its own, and pays them; on the screen."""

import asyncio
import secrets

from playwright.async_api import expect

from tests.e2e.api.charger import charge_now, eventually
from tests.e2e.web.browsing import BrowserTab

PRICE = {"strategy": "perKwh", "price": "0.50"}


async def test_a_group_is_made_a_customer_joins_and_pays_the_group_s_price(tab: BrowserTab) -> None:
    api, mark = tab.system.api(), secrets.token_hex(3).upper()
    box, name = f"GRP-{mark}", f"Staff {mark}"
    place = api.location(PRICE, name=f"Yard {mark}")
    api.charger(place, box)
    tab.expects("422")
    page = await tab.go("/customers")
    await page.get_by_role("link", name="Groups").click()
    await page.get_by_role("link", name="Add group").first.click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Groups of tokens").fill(f"FLEET-{mark}\nVANS-{mark}")
    await page.get_by_role("button", name="Add a price").click()
    await page.get_by_label("Location").select_option(place)
    await page.locator("[name=kind]").select_option("perKwh")
    await page.get_by_label("Percent or amount").fill("0,20")
    await page.get_by_label("Other prices by time of day").fill("at night 0.10")
    await page.get_by_role("button", name="Add group").click()
    await expect(page.locator(".invalid-feedback")).to_contain_text(
        "at night 0.10 is not a time with a price"
    )
    await page.get_by_label("Other prices by time of day").fill("00:00–12:00 0.10, 12:00–24:00 0.10")
    assert await tab.violations() == []
    await page.get_by_role("button", name="Add group").click()
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text(f"FLEET-{mark}, VANS-{mark}")
    await expect(row).to_contain_text("at 1 location")
    await row.get_by_role("link", name="Change").click()
    await expect(page.get_by_label("Other prices by time of day")).to_have_value(
        "00:00–12:00 0.10, 12:00–00:00 0.10"
    )

    await tab.go("/customers/new")
    await page.get_by_label("Name", exact=True).fill(f"Ana {mark}")
    await page.get_by_label("Numbers of cards, keys and apps").fill(f"{mark}1\n{mark}2")
    await page.get_by_label("Notes").fill("Comes by van.\nPays at the month's end.")
    await page.get_by_label(name).check()
    await page.get_by_role("button", name="Add customer").click()
    await expect(page.locator("#facts")).to_contain_text(name)
    await expect(page.locator("#facts")).to_contain_text(f"{mark}2")
    await asyncio.to_thread(charge_now, tab.system, box, f"{mark}2")
    session = eventually(lambda: api.get("/sessions", location=place, status="completed")["items"])[0]
    await expect(page.get_by_role("link", name=str(session["number"]))).to_be_visible()
    await tab.go(f"/sessions/{session['id']}")
    await expect(page.get_by_text(name)).to_be_visible()
    await expect(page.locator("#lines")).to_contain_text("€0.10")
    assert api.get(f"/sessions/{session['id']}")["lines"][0]["price"] == "0.10"

    await tab.go("/customer-groups")
    await page.get_by_role("row").filter(has_text=name).get_by_role("link", name="Remove").click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text(f"Group {name} removed.")).to_be_visible()
    await expect(page.get_by_role("row").filter(has_text=name)).to_have_count(0)
