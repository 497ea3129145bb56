"""Customers on the screen: added with a token, changed, found, and erased by name."""

import secrets

from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab


def _stem() -> str:
    return secrets.token_hex(4)


async def test_a_customer_is_added_changed_and_erased(tab: BrowserTab) -> None:
    tab.expects("422")
    stem = _stem()
    uid, name = f"CUST{stem}".upper(), f"Ana {stem}"
    page = await tab.go("/customers")
    await page.get_by_role("link", name="Add customer").first.click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("E-mail").fill("ana")
    await page.get_by_label("Numbers of cards, keys and apps").fill(uid.lower())
    await page.get_by_role("button", name="Add customer").click()
    await expect(page.locator("#about-email")).to_contain_text("not an e-mail address")
    await page.get_by_label("E-mail").fill(f"ana@{stem}.example")
    await page.get_by_label("Country").select_option("DE")
    await page.get_by_role("button", name="Add customer").click()
    await expect(page.get_by_role("status").filter(has_text="Customer added.")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(page.get_by_role("link", name=uid)).to_be_visible()

    await page.get_by_role("link", name="Edit").click()
    await page.get_by_label("Name").fill(f"{name} Stein")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"{name} Stein")

    await tab.go(f"/tokens?search={uid}")
    await page.get_by_role("link", name=f"{name} Stein").click()
    await expect(page).to_have_url(f"{tab.system.base_url}/customers/{page.url.rpartition('/')[2]}")

    await page.get_by_role("link", name="Erase").click()
    await page.get_by_role("textbox").first.fill("somebody")
    await page.get_by_role("button", name="Remove").click()
    await expect(page.locator("#about-name")).to_contain_text("Type the name")
    await page.get_by_label("Type its name").fill(f"{name} stein")
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("status").filter(has_text="is erased")).to_be_visible()
    await tab.go(f"/customers?search={stem}")
    await expect(page.get_by_text("No customer matches")).to_be_visible()
    assert tab.system.api().get(f"/tokens/{uid}")["status"] == "blocked"


async def test_the_search_finds_customers_and_the_list_is_sorted(tab: BrowserTab) -> None:
    stem = _stem()
    api = tab.system.api()
    for name in ("Cem", "Ada", "Bea"):
        api.post("/customers", {"name": f"{name} {stem}", "email": f"{name}@{stem}.example"})
    page = await tab.go(f"/customers?search={stem}")
    rows = page.locator("#list tbody tr .row-link")
    await expect(rows).to_have_text([f"{name} {stem}" for name in ("Ada", "Bea", "Cem")])
    await page.locator("#list").get_by_role("link", name="Name").click()
    await expect(rows).to_have_text([f"{name} {stem}" for name in ("Cem", "Bea", "Ada")])
    await tab.go(f"/search?q=bea@{stem}.example")
    await page.get_by_role("link", name=f"Bea {stem}").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"Bea {stem}")
