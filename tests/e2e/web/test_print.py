"""What is printed says whose it is, of when and of what, and begins on page one."""

import asyncio

from playwright.async_api import expect

from tests.e2e.api.charger import charge_once
from tests.e2e.web.browsing import Visitor


async def test_a_printed_list_begins_on_page_one_with_company_date_and_filter(visitor: Visitor) -> None:
    api = visitor.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}), "PRINT-1")
    api.token("PRINT1")
    await asyncio.to_thread(charge_once, visitor.system, "PRINT-1", "PRINT1")
    page = await visitor.go("/sessions?status=completed&from=2026-01-01")
    await page.emulate_media(media="print")
    head = page.locator(".print-head")
    await expect(head).to_be_visible()
    await expect(head).to_contain_text(f"Company {visitor.system.company}")
    await expect(head).to_contain_text("printed")
    await expect(head).to_contain_text("status: completed")
    await expect(head).to_contain_text("from: 2026-01-01")
    await expect(page.locator("#list .table")).to_have_count(1)
    broken = await page.locator("#list").evaluate("each => getComputedStyle(each).breakInside")
    assert broken == "auto"
    for hidden in (".rail", ".topbar", ".tools"):
        await expect(page.locator(hidden).first).to_be_hidden()
