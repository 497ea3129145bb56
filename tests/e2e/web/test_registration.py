"""A newcomer's first minute: the link that an empty system prints leads to a company, once."""

import asyncio
import re

from playwright.async_api import Browser, expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.browsing import BrowserTab


async def test_the_link_of_an_empty_system_registers_its_first_company(
    own_system: RunningSystem, browser: Browser
) -> None:
    own_system.start()
    async with asyncio.timeout(30):
        while (found := re.search(r"http://\S+/register/\S+", own_system.log())) is None:
            await asyncio.sleep(0.05)
    path = found[0].removeprefix(own_system.base_url)
    async with await browser.new_context() as context:
        tab = BrowserTab(own_system, context, await context.new_page())
        page = await tab.go(path)
        tab.expects("422")
        await page.get_by_label("Company").fill("Volt\u202e")
        await page.get_by_label("E-mail").fill("olga")
        await page.get_by_label("Password").fill("short")
        await page.get_by_role("button", name="Register").click()
        names = ("company", "name", "email", "password")
        assert await tab.wrong_fields() == [f"field-{name}" for name in names]
        await expect(page.get_by_label("Company")).to_be_focused()
        await expect(page.locator("#about-company")).to_contain_text("U+202E")
        await page.get_by_label("Company").fill("Volt Harbour")
        await page.get_by_label("Your name").fill("Olga Owner")
        await page.get_by_label("E-mail").fill("olga@volt.example")
        await page.get_by_label("Password").fill("correct horse battery staple")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        await expect(page.locator(".rail-company")).to_contain_text("Volt Harbour")
        await expect(
            page.get_by_role("link", name=re.compile("location", re.IGNORECASE)).first
        ).to_be_visible()
        tab.expects("410", "422")
        await page.get_by_label("Account and appearance").click()
        await page.get_by_role("button", name="Sign out").click()
        await tab.go(path)
        await expect(page.get_by_role("alert")).to_contain_text("used already")
        await expect(page.get_by_label("Password")).to_have_count(0)
        assert tab.complaints == []
