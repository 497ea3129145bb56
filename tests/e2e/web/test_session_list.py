"""The list of sessions: pages both ways, what the filter comes to, columns, views, rows by keyboard."""

import csv
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import Car, known, plugged
from tests.e2e.web.conftest import OpenWindow


async def _charged(tab: BrowserTab, car: Car, token: str, count: int) -> list[int]:
    """Ended sessions of 2 kWh each, the oldest first."""
    numbers, start = [], datetime.now(UTC) - timedelta(hours=12)
    for each in range(count):
        at = start + timedelta(minutes=12 * each)
        number = await car.begin(token, at)
        await car.end(number, 3000, at + timedelta(minutes=10))
        numbers.append(number)
    await car.status("Available")
    await known(tab.system, numbers[-1])
    return numbers


def _rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))


async def _shown(page: Page) -> list[int]:
    return [int(await each.inner_text()) for each in await page.locator(".sessions-table .row-link").all()]


async def test_the_list_is_read_forward_and_backward_and_summed(window: OpenWindow) -> None:
    box, tab = f"BOTH-{secrets.token_hex(3).upper()}", await window()
    api, page = tab.system.api(), tab.page
    await tab.sign_in()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    api.token(f"B{box[5:]}")
    async with plugged(tab.system, box) as car:
        await car.boot()
        numbers = await _charged(tab, car, f"B{box[5:]}", 53)
        await tab.go(f"/sessions?charger={box}")
        await expect(page.locator("#totals")).to_contain_text("53 sessions")
        await expect(page.locator("#totals")).to_contain_text("106.00 kWh")
        await expect(page.locator("#totals")).to_contain_text("€53.00")
        assert await _shown(page) == numbers[:-51:-1]
        await page.get_by_role("link", name="Next").click()
        await expect(page.locator(".sessions-table .row-link")).to_have_count(3)
        assert await _shown(page) == numbers[2::-1]
        await page.get_by_role("link", name="Previous").click()
        await expect(page.locator(".sessions-table .row-link")).to_have_count(50)
        assert await _shown(page) == numbers[:-51:-1]
        await expect(page.get_by_role("link", name="Previous")).to_have_count(0)

        for name in ("Type", "Per kWh", "Total"):
            await expect(page.get_by_role("columnheader", name=name)).to_be_in_viewport(ratio=1)
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        await expect(page.locator(".row-link").first).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=f"Session {numbers[-1]}")).to_be_visible()


async def test_columns_are_chosen_in_the_address_and_views_are_kept_under_a_name(tab: BrowserTab) -> None:
    page = await tab.go("/sessions?column=number&column=total&status=completed&sort=-total")
    await page.locator("#views summary").click()
    await page.get_by_label("Save this view as").fill("Dearest")
    await page.get_by_label("Share with everybody of the company").check()
    await page.get_by_role("button", name="Save view").click()
    await expect(page.get_by_text("View “Dearest” saved.")).to_be_visible()
    await tab.go("/sessions")
    await page.locator("#views summary").click()
    await page.get_by_role("link", name="Dearest").click()
    await page.wait_for_url("**sort=-total**")
    for chosen in ("number", "total"):
        await expect(page.locator(f'input[type=checkbox][name="column"][value="{chosen}"]')).to_be_checked()
    await expect(page.locator('input[type=checkbox][name="column"][value="token"]')).not_to_be_checked()
    await page.locator("#views summary").click()
    await page.get_by_role("button", name="Delete view Dearest").click()
    await page.locator("#views summary").click()
    await expect(page.locator("#views")).to_contain_text("A view is a filter, an order and columns")


async def test_the_filtered_sessions_are_downloaded_and_too_many_days_are_refused_in_the_form(
    window: OpenWindow,
) -> None:
    box, tab = f"FILE-{secrets.token_hex(3).upper()}", await window()
    api, page = tab.system.api(), tab.page
    await tab.sign_in()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    api.token(f"F{box[5:]}")
    async with plugged(tab.system, box) as car:
        await car.boot()
        numbers = await _charged(tab, car, f"F{box[5:]}", 3)
    await tab.go(f"/sessions?charger={box}")
    for column, sort in (
        ("Duration", "duration"),
        ("kWh", "energy"),
        ("Plug", "charger"),
        ("Token", "token"),
    ):
        # All are equal, so that the number decides.
        for direction, expected in (("-", numbers[::-1]), ("", numbers)):
            await page.get_by_role("columnheader", name=column).get_by_role("link").click()
            await page.wait_for_url(f"**sort={direction}{sort}*")
            assert await _shown(page) == expected, (column, direction)
    await tab.go(f"/sessions?charger={box}&sort=duration")
    tab.expects("422")
    await page.locator("#export summary").click()
    await page.get_by_label("First day").fill("2026-01-01")
    await page.get_by_role("button", name="Export sessions").click()
    await expect(page.get_by_role("alert")).to_contain_text("An export covers at most 30 days")
    await expect(page.locator(".sessions-table .row-link")).to_have_count(3)
    last = await page.get_by_label("Last day").input_value()
    await page.get_by_label("First day").fill(last)
    await page.get_by_label("First day").evaluate("each => each.stepDown(2)")
    await page.locator("#export select").select_option("csv")
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Export sessions").click()
    download = await downloading.value
    assert download.suggested_filename.endswith(f"-to-{last}.csv")
    rows = _rows(await download.path())
    assert [(int(row["number"]), row["charger"], row["total"]) for row in rows] == [
        (number, box, "1.00") for number in numbers
    ]
