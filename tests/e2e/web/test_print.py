"""What is printed says whose it is, of when and of what, and begins on page one."""

from playwright.async_api import expect

from tests.e2e.web.browsing import Visitor


async def test_a_printed_list_begins_on_page_one_with_company_date_and_filter(visitor: Visitor) -> None:
    page = await visitor.go("/sessions?status=completed&from=2026-01-01")
    await page.emulate_media(media="print")
    head = page.locator(".print-head")
    await expect(head).to_be_visible()
    await expect(head).to_contain_text("Company 242")
    await expect(head).to_contain_text("printed")
    await expect(head).to_contain_text("status: completed")
    await expect(head).to_contain_text("from: 2026-01-01")
    broken = await page.locator("#list").evaluate("each => getComputedStyle(each).breakInside")
    assert broken == "auto" or await page.locator("#list .table").count() == 0
    for hidden in (".rail", ".topbar", ".tools"):
        await expect(page.locator(hidden).first).to_be_hidden()
