"""People on the screen: staff who invite a company, its owner who registers it, an admin who joins."""

from playwright.async_api import Page, expect

from tests.e2e.running import OWNER_PASSWORD
from tests.e2e.web.browsing import BrowserTab

NAME, PASSWORD = "Nina Holm", "twelve letters long"


async def staff_signed_in(tab: BrowserTab, email: str) -> Page:
    """The companies, as platform staff see them who sign in."""
    page = await tab.go("/platform/sign-in")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Companies", exact=True)).to_be_visible()
    return page


async def company_invited(page: Page, email: str) -> str:
    """Invite a company on the page of all companies; returns the link."""
    await page.get_by_label("E-mail of its owner").fill(email)
    await page.get_by_role("button", name="Make an invitation").click()
    return await page.locator("#invitation-link").inner_text()


async def registered(tab: BrowserTab, link: str, company: str, owner: str, email: str) -> Page:
    """Register a company by the link of its invitation; leads to its first dashboard."""
    page = await tab.go(link.removeprefix(tab.system.base_url))
    await page.get_by_label("Company").fill(company)
    await page.get_by_label("Your name").fill(owner)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    await page.wait_for_load_state()
    return page


async def invited(tab: BrowserTab, location: str, email: str) -> str:
    """Invite a support person for one location by the form; returns the link."""
    page = await tab.go("/users")
    await page.get_by_role("link", name="Add Admin").click()
    await page.get_by_role("link", name="Support").click()
    await page.get_by_label("First name").fill("Nina")
    await page.get_by_label("Last name").fill("Holm")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Only these:").check()
    await page.locator(f'input[name="locations"][value="{location}"]').check()
    await page.get_by_role("button", name="Invite").click()
    link = await page.locator("#invitation-link").inner_text()
    row = page.get_by_role("row").filter(has_text=email)
    await expect(row).to_contain_text("Invited")
    await expect(row).to_contain_text("Support")
    await page.reload()
    await expect(page.locator("#invitation-link")).to_have_count(0)
    return link


async def joined(tab: BrowserTab, link: str) -> Page:
    """Join by the link of an invitation; leads to the dashboard."""
    page = await tab.go(link.removeprefix(tab.system.base_url))
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    await page.wait_for_load_state()
    return page
