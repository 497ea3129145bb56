"""What is printed says whose it is, of when and of what, and begins on page one."""

import asyncio

from playwright.async_api import expect

from tests.e2e.api.charger import charge_once
from tests.e2e.web.browsing import BrowserTab


async def test_a_printed_list_begins_on_page_one_with_company_date_and_filter(tab: BrowserTab) -> None:
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}), "PRINT-1")
    api.token("PRINT1")
    await asyncio.to_thread(charge_once, tab.system, "PRINT-1", "PRINT1")
    page = await tab.go("/sessions?status=completed&from=2026-01-01")
    await page.emulate_media(media="print")
    head = page.locator(".print-head")
    await expect(head).to_be_visible()
    await expect(head).to_contain_text(f"Company {tab.system.company}")
    await expect(head).to_contain_text("printed")
    await expect(head).to_contain_text("status: completed")
    await expect(head).to_contain_text("from: 2026-01-01")
    await expect(page.locator("#list .table")).to_have_count(1)
    broken = await page.locator("#list").evaluate("each => getComputedStyle(each).breakInside")
    assert broken == "auto"
    for hidden in (".rail", ".topbar", ".tools"):
        await expect(page.locator(hidden).first).to_be_hidden()
