"""The list of chargers: what it tells, how it is narrowed, and what many of them can be asked at once."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from tests.e2e.running import RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import Kept, known, plugged

TARIFF = {"strategy": "perKwh", "price": "0.50"}


def yard(system: RunningSystem, *boxes: str) -> str:
    """A location of its own with these chargers."""
    api = system.api()
    location = api.location(TARIFF, name=f"Yard {secrets.token_hex(3)}")
    for box in boxes:
        api.charger(location, box, plugs=1)
    return location


def box() -> str:
    return f"LIST-{secrets.token_hex(3).upper()}"


async def tried_to_connect(system: RunningSystem, charge_box_id: str) -> None:
    """A charger that nobody knows tries to connect, and is refused."""
    with pytest.raises(InvalidStatus) as refused:
        async with connect(system.charger_url(charge_box_id), subprotocols=[Subprotocol("ocpp1.6")]):
            pass
    assert refused.value.response.status_code == 404
    # Connection attempts are written once a second.
    async with asyncio.timeout(30):
        while charge_box_id not in str(await asyncio.to_thread(system.api().get, "/unknown-chargers")):
            await asyncio.sleep(0.1)


async def test_a_row_reports_how_a_charger_is_and_what_its_plugs_did_today(tab: BrowserTab) -> None:
    name, page = box(), tab.page
    location = yard(tab.system, name)
    token = f"C{name[5:]}"
    tab.system.api().token(token)
    async with plugged(tab.system, name) as car:
        await car.boot()
        await car.status("Charging", datetime.now(UTC) - timedelta(minutes=10))
        number = await car.begin(token, datetime.now(UTC) - timedelta(minutes=10))
        await car.meter(number, 4_500)
        await known(tab.system, number)
        await tab.go(f"/chargers?location={location}")
        row = page.locator(f"#charger-{name}")
        await expect(row).to_contain_text("ACME AC22")
        await expect(row).to_contain_text("Online")
        await expect(row).to_contain_text("insecure")
        await expect(row).to_contain_text("1 Charging")
        await expect(row).to_contain_text("100 %")
        await row.locator("summary").click()
        plug = row.locator("tbody tr")
        await expect(plug).to_contain_text("3.50")
        await expect(plug.get_by_role("link", name="Open")).to_be_visible()
        await tab.live()
        await car.status("SuspendedEV")
        await expect(row).to_contain_text("1 SuspendedEV")
        await expect(plug).to_be_visible()


async def test_filters_and_order_are_in_the_address(tab: BrowserTab) -> None:
    here, away = sorted((box(), box()))
    page = tab.page
    location = yard(tab.system, here, away)
    async with plugged(tab.system, here) as car:
        await car.boot()
        await tab.go(f"/chargers?location={location}")
        await expect(page.locator(".charger")).to_have_count(2)
        await page.get_by_label("Connection", exact=True).select_option("online")
        await page.wait_for_url("**connection=online**")
        await expect(page.locator(".charger")).to_have_count(1)
        await expect(page.locator(f"#charger-{here}")).to_be_visible()
        await tab.go(f"/chargers?location={location}")
        await page.get_by_role("link", name="Charge box id").click()
        await expect(page.locator(".charger-id").first).to_contain_text(away)
        assert "sort=-chargeBoxId" in page.url
        await tab.go(f"/chargers?location={location}&search={away.lower()}")
        await expect(page.locator(".charger")).to_have_count(1)
        await tab.go(f"/chargers?location={location}&state=Faulted")
        await expect(page.get_by_text("No charger matches")).to_be_visible()
        await tab.go(f"/chargers?location={location}&sort=")
        await expect(page.locator(".charger")).to_have_count(2)


async def test_pages_follow_each_other(tab: BrowserTab) -> None:
    prefix, page = f"MANY-{secrets.token_hex(2).upper()}", tab.page
    location = yard(tab.system, *(f"{prefix}-{number:02}" for number in range(53)))
    await tab.go(f"/chargers?location={location}")
    await expect(page.locator(".charger")).to_have_count(50)
    await expect(page.locator(".chosen-bar")).to_contain_text("1–50 of 53")
    await page.get_by_role("link", name="Next").click()
    await expect(page.locator(".charger")).to_have_count(3)
    await expect(page.locator(f"#charger-{prefix}-52")).to_be_visible()
    await page.get_by_role("link", name="Previous").click()
    await expect(page.locator(".charger")).to_have_count(50)


async def test_many_are_asked_at_once_and_each_answer_shows(tab: BrowserTab) -> None:
    here, away = sorted((box(), box()))
    page = tab.page
    location = yard(tab.system, here, away)
    async with plugged(tab.system, here, Kept) as car:
        await car.boot()
        await tab.go(f"/chargers?location={location}")
        await page.get_by_label(f"Choose {here}").check()
        await page.get_by_label(f"Choose {away}").check()
        await page.get_by_role("button", name="Bulk actions: selected").click()
        await expect(page.get_by_role("heading", name="Bulk operation on 2 chargers")).to_be_visible()
        await page.locator("#do-triggerMessage summary").click()
        await page.get_by_role("button", name="Trigger message: 2 chargers").click()
        await expect(page.locator("#progress")).to_contain_text("of 2 are done")
        await expect(page.locator("#progress tr", has_text=here)).to_contain_text("Accepted")
        await expect(page.locator("#progress tr", has_text=away)).to_contain_text("Failed")
        await expect(page.locator(".strip-sum")).to_contain_text("2 of 2 are done")
        await page.get_by_role("link", name="Bulk actions").click()
        run = page.locator("#runs tbody tr").first
        await expect(run).to_contain_text("1 Accepted")
        await expect(run).to_contain_text("1 Failed")
        await expect(run).to_contain_text("Owner")
        await run.get_by_role("link", name="Trigger message").click()
        await expect(page.locator(".strip-sum")).to_contain_text("2 of 2 are done")


async def test_all_chargers_of_a_page_are_selected_with_one_box(tab: BrowserTab) -> None:
    boxes, page = sorted((box(), box(), box())), tab.page
    location = yard(tab.system, *boxes)
    async with plugged(tab.system, boxes[0]) as car:
        await tab.go(f"/chargers?location={location}")
        await tab.live()
        everyone, chosen = page.get_by_label("Select all"), page.locator("[data-checked-of]")
        await everyone.check()
        await expect(page.locator(".charger input:checked")).to_have_count(3)
        await expect(chosen).to_have_text("3 selected")
        # A list that is renewed meanwhile keeps what was chosen.
        await car.boot()
        await expect(page.locator(f"#charger-{boxes[0]}")).to_contain_text("Online")
        await expect(chosen).to_have_text("3 selected")
        await expect(everyone).to_be_checked()
        await page.get_by_label(f"Choose {boxes[1]}").uncheck()
        await expect(chosen).to_have_text("2 selected")
        await expect(everyone).not_to_be_checked()
        await page.get_by_role("button", name="Bulk actions: selected").click()
        await expect(page.get_by_role("heading", name="Bulk operation on 2 chargers")).to_be_visible()


async def test_the_filters_are_one_row_and_long_names_break_nothing(tab: BrowserTab) -> None:
    name, page = f"L{secrets.token_hex(23).upper()}", tab.page
    api = tab.system.api()
    location = api.location(TARIFF, name="Unbroken" * 20)
    api.charger(location, name, plugs=1)
    await tab.go(f"/chargers?location={location}")
    await expect(page.locator(".charger-id")).to_contain_text(name)
    assert await tab.too_wide() == 0
    tops = "all => new Set(all.map(each => Math.round(each.getBoundingClientRect().top))).size"
    assert await page.locator("#filters > :visible").evaluate_all(tops) == 1
    fits = "each => each.scrollWidth <= each.clientWidth"
    assert await page.locator(".charger-id").evaluate(fits)


async def test_a_reset_of_many_is_typed_first(tab: BrowserTab) -> None:
    name, page = box(), tab.page
    location = yard(tab.system, name)
    token = f"C{name[5:]}"
    tab.system.api().token(token)
    async with plugged(tab.system, name) as car:
        await car.boot()
        await known(tab.system, await car.begin(token))
        tab.expects("422")
        await tab.go(f"/chargers/bulk/new?of=all&location={location}")
        await page.locator("#do-reset summary").click()
        warning = page.locator("#do-reset").get_by_role("note")
        await expect(warning).to_contain_text("1 session is running on these chargers and may end.")
        await page.get_by_label("Type RESET to confirm").fill("reset")
        await page.get_by_role("button", name="Reset: 1 charger").click()
        await expect(page.get_by_role("alert")).to_contain_text("type RESET to confirm")
        assert car.resets == []
        await page.get_by_label("Type RESET to confirm").fill("RESET")
        await page.get_by_role("button", name="Reset: 1 charger").click()
        await expect(page.locator(f"#progress tr:has-text('{name}')")).to_contain_text("Accepted")
        assert car.resets == ["Soft"]


async def test_chargers_of_another_company_cannot_be_operated(tab: BrowserTab) -> None:
    elsewhere, page = box(), tab.page
    api = tab.system.api(243)
    api.charger(api.location(TARIFF, name="Elsewhere"), elsewhere, plugs=1)
    await tab.go(f"/chargers/bulk/new?of=chosen&charger={elsewhere}")
    await expect(page.get_by_text("No charger selected")).to_be_visible()
    tab.expects("404")
    await tab.go(f"/chargers/{elsewhere}/messages")
    await expect(page.get_by_text("There is no such charger.")).to_be_visible()


async def test_an_unknown_charger_can_be_adopted_or_dismissed(tab: BrowserTab) -> None:
    first, second, page = box(), box(), tab.page
    yard(tab.system)
    for name in (first, second):
        await tried_to_connect(tab.system, name)
    await tab.go("/chargers/unknown")
    await expect(page.locator(f"#charger-{first}")).to_contain_text("ocpp1.6")
    await page.get_by_role("button", name=f"Dismiss {second}").click()
    await expect(page.get_by_role("status").filter(has_text="off the list")).to_be_visible()
    await expect(page.locator(f"#charger-{second}")).to_have_count(0)
    await page.locator(f"#charger-{first}").get_by_role("link", name="Adopt").click()
    await expect(page.get_by_label("Charge box id")).to_have_value(first)
    await page.get_by_role("button", name="Add charger").click()
    await expect(page.get_by_role("heading", name=first)).to_be_visible()
    await tab.live()
    async with plugged(tab.system, first) as car:
        await car.boot()
        await expect(page.locator("#online")).to_be_visible()
    await tab.go("/chargers/unknown")
    await expect(page.locator(f"#charger-{first}")).to_have_count(0)


async def test_a_site_is_commissioned_by_adopting_unknown_chargers(tab: BrowserTab) -> None:
    name, page = box(), tab.page
    location = yard(tab.system)
    await tab.go("/chargers/unknown")
    await page.get_by_label("Location").select_option(location)
    await page.get_by_role("button", name="Adopt for 24 hours").click()
    await expect(page.get_by_text("On until")).to_be_visible()
    try:
        async with plugged(tab.system, name) as car:
            await car.boot()
            await tab.go(f"/chargers?location={location}")
            await expect(page.locator(f"#charger-{name}")).to_contain_text("Online")
    finally:
        await tab.go("/chargers/unknown")
        await page.get_by_role("button", name="Switch off").click()
        await expect(page.get_by_role("button", name="Adopt for 24 hours")).to_be_visible()
