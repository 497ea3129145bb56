"""Locations and chargers that are made on the screen."""

from playwright.async_api import Page, expect


async def location_created(page: Page, name: str) -> str:
    """Create a location with a price of 0.50 per kWh and a blocking fee; returns its id."""
    await page.get_by_role("link", name="Locations").first.click()
    await page.get_by_role("link", name="Add location").click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Price, VAT included").fill("0.50")
    await page.get_by_label("Amount per full interval").fill("1.00")
    # While it is typed: 22 kWh × 0.50 and two blocking intervals.
    await expect(page.locator(".sum")).to_contain_text("€13.00")
    await page.get_by_role("button", name="Create location").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()
    return page.url.rpartition("/")[2]


async def charger_added(page: Page, charge_box_id: str) -> None:
    """Add a charger on the page of its location; leads to the charger's page."""
    await page.get_by_role("link", name="Add charger").first.click()
    await page.get_by_label("Charge box id").fill(charge_box_id)
    await page.get_by_role("button", name="Add charger").click()
    await expect(page.get_by_role("heading", name=charge_box_id)).to_be_visible()
    await expect(page.get_by_text("Waiting for the first connection")).to_be_visible()
