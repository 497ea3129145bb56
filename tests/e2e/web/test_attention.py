"""Diagnostics as a work queue: what needs attention, who looks after it, and what can wait."""

import secrets
from urllib.parse import quote

from ocpp.v16 import call
from playwright.async_api import Locator, expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import Car, plugged
from tests.e2e.web.conftest import OpenWindow

WIDTH = 390


def _charger(tab: BrowserTab, plugs: int = 1) -> str:
    box = f"CARE-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box, plugs=plugs)
    return box


async def _ground_fails_at_plug_2(car: Car) -> None:
    report = call.StatusNotification(connector_id=2, error_code="GroundFailure", status="Faulted")
    await car.tell(report)


def _queue(tab: BrowserTab, name: str) -> Locator:
    return tab.page.locator("#queues").get_by_role("link", name=name)


async def _is_said(tab: BrowserTab, text: str) -> None:
    await expect(tab.page.get_by_role("status").filter(has_text=text)).to_be_visible()


async def test_a_fault_is_acknowledged_assigned_and_snoozed_until_it_is_seen_again(tab: BrowserTab) -> None:
    box = _charger(tab, plugs=2)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Faulted", error="ConnectorLockFailure")
        page = await tab.go(f"/diagnostics?charger={box}")
        await tab.live()
        row = page.locator("#entries tbody tr")
        await expect(row).to_contain_text("Major")
        await row.get_by_role("button", name=f"Acknowledge ConnectorLockFailure of {box}").click()
        await _is_said(tab, f"ConnectorLockFailure of {box} is acknowledged.")
        await expect(row).to_contain_text("Acknowledged by ")

        await row.get_by_label(f"More for ConnectorLockFailure of {box}").click()
        owner = row.get_by_label("Owner")
        await owner.select_option(index=1)
        name = await owner.locator("option:checked").inner_text()
        await row.get_by_role("button", name="Assign").click()
        await _is_said(tab, f"is assigned to {name}.")
        await expect(row).to_contain_text(f"Owner: {name}")

        await row.get_by_label(f"More for ConnectorLockFailure of {box}").click()
        assert await tab.violations() == []
        await row.get_by_role("button", name="Snooze").click()
        await expect(page.get_by_text("Nothing needs attention")).to_be_visible()
        await _queue(tab, "Snoozed").click()
        await expect(row).to_contain_text("Snoozed until")

        await tab.go(f"/diagnostics?charger={box}")
        await tab.live()
        await car.status("Available")
        await car.status("Faulted", error="ConnectorLockFailure")
        await expect(row).to_contain_text(f"Owner: {name}")
        await row.get_by_role("link", name="ConnectorLockFailure").click()
        story = page.locator("#story")
        await expect(story).to_contain_text(f"Assigned to {name}.")
        await expect(story).to_contain_text("Seen again: snooze ended.")
        facts = page.locator("#facts")
        await expect(facts).to_contain_text("Revenue affected (estimated)")
        await facts.get_by_label("Note (optional)").fill("The part comes on Monday")
        await facts.get_by_role("button", name="Snooze").click()
        await expect(facts).to_contain_text("The part comes on Monday")
        assert await tab.violations() == []
        await facts.get_by_role("button", name="End snooze").click()
        await facts.get_by_role("button", name="Withdraw acknowledgement").click()
        await expect(story).to_contain_text("Acknowledgement withdrawn.")
        await expect(facts.get_by_role("button", name="Acknowledge", exact=True)).to_be_visible()


async def test_the_queue_has_the_worst_first_and_what_is_acknowledged_last(tab: BrowserTab) -> None:
    box = _charger(tab, plugs=2)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Charging", error="HighTemperature")
        await _ground_fails_at_plug_2(car)
        page = await tab.go(f"/diagnostics?charger={box}")
        rows = page.locator("#entries tbody tr")
        await expect(rows).to_have_count(2)
        await expect(rows.first).to_contain_text("Critical")
        await expect(rows.last).to_contain_text("Minor")
        await rows.first.get_by_role("button", name="Acknowledge").click()
        await expect(rows.first).to_contain_text("HighTemperature")
        await _queue(tab, "Acknowledged").click()
        await expect(rows).to_have_count(1)
        await expect(rows).to_contain_text("GroundFailure")
        await page.get_by_role("link", name="Severity").click()
        await expect(page.get_by_role("columnheader", name="Severity")).to_have_attribute(
            "aria-sort", "descending"
        )


async def test_selected_entries_are_acknowledged_assigned_and_snoozed_at_once(tab: BrowserTab) -> None:
    box = _charger(tab, plugs=2)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Faulted", error="ConnectorLockFailure")
        await _ground_fails_at_plug_2(car)
        page = await tab.go(f"/diagnostics?charger={box}")
        await expect(page.locator("#entries tbody tr")).to_have_count(2)
        chosen = page.locator("#solve-chosen")
        await expect(chosen.get_by_role("button", name="Acknowledge selected")).to_be_hidden()
        for deed, said in (
            ("Acknowledge selected", "2 entries are acknowledged."),
            ("Assign selected", "2 entries are assigned to "),
            ("Snooze selected", "2 entries are snoozed."),
        ):
            await page.get_by_label("Select all on this page").check()
            await expect(page.locator("[data-checked-of]")).to_have_text("2 selected")
            await page.get_by_label("Owner of the selected entries").select_option(index=1)
            assert await tab.violations() == []
            await chosen.get_by_role("button", name=deed).click()
            await _is_said(tab, said)
        await expect(page.get_by_text("Nothing needs attention")).to_be_visible()
        found = tab.system.api().get("/faults", charger=box)["items"]
        assert all(each["acknowledgedBy"] and each["owner"] and each["snoozedUntil"] for each in found)
        assert len(found) == 2


async def test_what_cannot_be_snoozed_is_said_and_left_alone(tab: BrowserTab) -> None:
    box = _charger(tab)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Faulted", error="GroundFailure")
        await car.status("Faulted", error="OverVoltage")
        page = await tab.go(f"/diagnostics?charger={box}&state=unsolved")
        await expect(page.locator("#entries tbody tr")).to_have_count(2)
        await page.get_by_label("Select all on this page").check()
        await page.get_by_role("button", name="Snooze selected").click()
        await _is_said(tab, f"OverVoltage of {box} is snoozed. GroundFailure of {box}: This fault is over")


async def test_pages_change_no_fault_of_another_company(window: OpenWindow, tab: BrowserTab) -> None:
    box = _charger(tab)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Faulted", error="GroundFailure")
        await tab.go(f"/diagnostics?charger={box}")
        await expect(tab.page.locator("#entries tbody tr")).to_have_count(1)
        (fault,) = tab.system.api().get("/faults", charger=box)["items"]
        tab.system.api(777)
        other_company: BrowserTab = await window()
        await other_company.sign_in(777)
        origin = {"origin": tab.system.base_url}
        for deed in ("acknowledge", "unacknowledge", "assign", "snooze", "wake", "solve"):
            answer = await other_company.context.request.post(
                f"{tab.system.base_url}/diagnostics/{deed}",
                form={"fault": fault["id"], "for": "hour"},
                headers=origin,
            )
            assert answer.status == 404, deed
        assert tab.system.api().get(f"/faults/{quote(fault['id'], safe='')}") == fault


async def test_a_fault_is_acknowledged_on_a_phone_without_scrolling_sideways(window: OpenWindow) -> None:
    phone: BrowserTab = await window(viewport={"width": WIDTH, "height": 844})
    await phone.sign_in()
    box = _charger(phone, plugs=2)
    async with plugged(phone.system, box) as car:
        await car.boot()
        await car.status("Faulted", error="ConnectorLockFailure")
        page = await phone.go(f"/diagnostics?charger={box}")
        card = page.locator("#entries tbody tr")
        button = card.get_by_role("button", name=f"Acknowledge ConnectorLockFailure of {box}")
        for seen in (
            card.get_by_role("link", name=box),
            card.get_by_text(f"Yard {box}"),
            card.get_by_text("Major"),
            card.locator("time").first,
            button,
            card.get_by_label(f"Solve ConnectorLockFailure of {box}"),
            card.get_by_label(f"More for ConnectorLockFailure of {box}"),
        ):
            await expect(seen).to_be_visible()
            place = await seen.bounding_box()
            assert place is not None
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= WIDTH
        assert await phone.too_wide() == 0
        assert await phone.violations() == []
        await button.click()
        await expect(card).to_contain_text("Acknowledged by")
        await card.get_by_label(f"Choose ConnectorLockFailure of {box}").check()
        await expect(page.get_by_role("button", name="Solve selected")).to_be_visible()
        assert await phone.too_wide() == 0
        await card.get_by_role("link", name="ConnectorLockFailure").click()
        await expect(page.get_by_role("heading", name="Attention")).to_be_visible()
        assert await phone.too_wide() == 0
        assert await phone.violations() == []
