"""A charger's pages: how it is, what it is asked, its settings, what it said, when it was connected."""

import asyncio
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import Kept, known, plugged
from tests.e2e.web.conftest import OpenWindow

TARIFF = {"strategy": "perKwh", "price": "0.50"}


def charger(tab: BrowserTab) -> str:
    """A new charger in a location of its own."""
    box = f"KEPT-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location(TARIFF, name=f"Yard {box}"), box, plugs=1)
    return box


async def test_every_tab_has_an_address_of_its_own(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    await tab.go(f"/chargers/{box}")
    tabs = page.get_by_role("navigation", name="Charger")
    for name in await tabs.get_by_role("link").all_inner_texts():
        await tabs.get_by_role("link", name=name).click()
        await expect(tabs.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        await expect(page.locator("h1")).to_contain_text(box)


async def test_a_setting_is_read_changed_in_place_and_remembers_who_changed_it(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    async with plugged(tab.system, box, Kept) as car:
        await car.boot()
        await tab.go(f"/chargers/{box}/configuration")
        await page.get_by_role("button", name="Read all").click()
        await expect(page.locator("#setting-NumberOfConnectors")).to_contain_text("read only")
        row = page.locator("#setting-LightIntensity")
        await expect(row).to_contain_text("40")
        await expect(row).to_contain_text("the charger")
        await row.locator("summary").click()
        await row.get_by_label("New value of LightIntensity").fill("75")
        await row.get_by_role("button", name="Set").click()
        await expect(row).to_contain_text("75")
        await expect(row).to_contain_text("after a reboot")
        await expect(row).to_contain_text("Owner")
        assert car.settings["LightIntensity"] == "75"
        await tab.go(f"/chargers/{box}/configuration?only=changed")
        await expect(page.locator("#settings tbody tr")).to_have_count(1)
        await tab.go(f"/chargers/{box}")
        await expect(page.locator(".warnings")).to_contain_text("Takes effect after a reboot: LightInt")


async def test_what_an_operation_led_to_shows_at_once(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    async with plugged(tab.system, box, Kept) as car:
        await car.boot()
        await tab.go(f"/chargers/{box}/operations")
        await tab.live()
        await page.locator("#do-setChargingProfile summary").click()
        form = page.locator("#do-setChargingProfile form")
        await form.get_by_label("Limit", exact=True).first.fill("16")
        await form.get_by_role("button", name="Set profile").click()
        await expect(page.locator("#commands li").first).to_contain_text("Set charging profile")
        await expect(page.locator("#commands li").first).to_contain_text("Accepted")
        await tab.go(f"/chargers/{box}/limits")
        await expect(page.locator("#device_resources")).to_contain_text("from 0 s: 16.0 A")


async def test_an_operation_leaves_the_page_where_it_was_and_its_outcome_is_announced(
    tab: BrowserTab,
) -> None:
    box, page = charger(tab), tab.page
    async with plugged(tab.system, box, Kept) as car:
        await car.boot()
        await tab.go(f"/chargers/{box}/operations")
        await tab.live()
        await page.locator("#do-setChargingProfile summary").click()
        form = page.locator("#do-setChargingProfile form")
        await form.get_by_label("Limit", exact=True).first.fill("16")
        await form.get_by_role("button", name="Set profile").scroll_into_view_if_needed()
        before = await page.evaluate("[location.href, scrollY]")
        await form.get_by_role("button", name="Set profile").click()
        reported = page.locator("#toasts")
        await expect(reported).to_contain_text("Set charging profile requested.")
        await expect(reported).to_contain_text("Set charging profile: Accepted")
        assert await page.evaluate("[location.href, scrollY]") == before
        await expect(form.get_by_label("Limit", exact=True).first).to_have_value("16")
        # On a page without the list of commands the outcome is announced as well.
        await tab.go(f"/chargers/{box}/configuration")
        await tab.live()
        await page.get_by_role("button", name="Read all").click()
        await expect(reported).to_contain_text("Read configuration: Accepted")
        assert page.url.endswith("/configuration")
    await expect(page.locator("#settings")).to_contain_text("LightIntensity")
    await page.get_by_role("button", name="Read all").click()
    await expect(reported).to_contain_text("Read configuration: Failed. The charger is not connected.")


async def test_without_scripts_an_operation_comes_back_with_what_was_requested(window: OpenWindow) -> None:
    tab: BrowserTab = await window(java_script_enabled=False)
    await tab.sign_in()
    box, page = charger(tab), tab.page
    await tab.go(f"/chargers/{box}/operations?do=reset")
    await page.get_by_role("button", name=f"Reset {box}").click()
    await expect(page.get_by_role("status").filter(has_text="Reset requested.")).to_be_visible()
    await expect(page.locator("#commands li").first).to_contain_text("Failed")


async def test_a_form_that_does_not_fit_is_refused_in_words(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    tab.expects("422")
    await tab.go(f"/chargers/{box}/operations?do=unlock")
    await page.locator("#do-unlock select[name=plug]").evaluate(
        "select => select.append(new Option('x', 'x', true, true))"
    )
    await page.locator("#do-unlock").get_by_role("button", name="Unlock").click()
    await expect(page.get_by_role("status").filter(has_text="Unlock plug:")).to_contain_text("plug")


async def test_a_waiting_command_is_sent_after_the_reconnect(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    await tab.go(f"/chargers/{box}/operations?do=reset")
    form = page.locator("#do-reset form")
    await form.get_by_role("button", name=f"Reset {box}").click()
    await expect(page.locator("#commands li").first).to_contain_text("Failed")
    await tab.go(f"/chargers/{box}/operations?do=reset")
    await form.get_by_label("If it is offline").select_option("10m")
    await form.get_by_role("button", name=f"Reset {box}").click()
    await expect(page.locator("#commands li").first).to_contain_text("waits until")
    async with plugged(tab.system, box) as car:
        await car.boot()
        await expect(page.locator("#commands li").first).to_contain_text("Accepted")
        assert car.resets == ["Soft"]


async def test_the_log_is_filtered_opened_and_taken_home(tab: BrowserTab, tmp_path: Path) -> None:
    box, page = charger(tab), tab.page
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Available")
        await car.status("Faulted", error="GroundFailure")
        async with asyncio.timeout(30):
            while True:
                await tab.go(f"/chargers/{box}/messages?action=StatusNotification&direction=in")
                if await page.locator(".messages li").count() == 2:
                    break
        newest = page.locator(".messages li").first
        await newest.locator("summary").click()
        await expect(newest.locator(".frame")).to_contain_text('"errorCode": "GroundFailure"')
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Download").click()
        taken = tmp_path / "log.txt"
        await (await download.value).save_as(taken)
        text = await asyncio.to_thread(taken.read_text)
        assert text.count("StatusNotification") == 2
        assert "BootNotification" not in text
        await tab.go(f"/chargers/{box}/messages?text=groundfailure")
        await expect(page.locator(".messages li")).to_have_count(1)
        await tab.go(f"/chargers/{box}/messages?text=nothing-like-this")
        await expect(page.get_by_text("No message matches the filter.")).to_be_visible()


async def test_connections_and_history_show_the_newest_first(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    for _ in range(2):
        async with plugged(tab.system, box) as car:
            await car.boot()
    async with plugged(tab.system, box) as car:
        await car.boot()
        await tab.go(f"/chargers/{box}/connections")
        rows = page.locator("tbody tr")
        await expect(rows).to_have_count(3)
        await expect(rows.first).to_contain_text("Online")
        await expect(rows.nth(1)).to_contain_text("not authenticated")
        await tab.go(f"/chargers/{box}/history")
        names = await page.locator(".timeline li").evaluate_all("all => all.map(li => li.dataset.event)")
        assert names[-1] == "charge-point-added"
        assert names.index("charge-point-booted") < names.index("charge-point-connected")


async def test_uptime_reports_each_day_and_why(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Available")
        await tab.go(f"/chargers/{box}")
        strip = page.locator("#uptime .strip g")
        await expect(strip).to_have_count(30)
        await expect(strip.last).to_have_attribute("data-level", "up")
        await expect(strip.first).to_have_attribute("data-level", "none")
        await page.get_by_role("link", name="90 days").click()
        await expect(strip).to_have_count(90)
        await page.locator("#down-days summary").click()
        await expect(page.get_by_text("Uptime = (observed − down) ÷ observed")).to_be_visible()


async def test_how_a_charger_is_treated_is_changed_with_its_form(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    await tab.go(f"/chargers/{box}/edit")
    await page.get_by_label("Messages that break their schema").select_option("strict")
    await page.get_by_role("button", name="Save").click()
    await tab.go(f"/chargers/{box}/security")
    await expect(page.locator("#safety")).to_contain_text("strict: refuse what breaks its schema")
    found = await asyncio.to_thread(tab.system.api().get, f"/chargers/{box}")
    assert found["conformance"] == "strict"


async def test_a_car_that_is_full_shows_although_its_charger_still_says_charging(tab: BrowserTab) -> None:
    box, page = f"FULL-{secrets.token_hex(3)}", tab.page
    api = tab.system.api()
    api.charger(api.location(TARIFF, name=f"Yard {box}"), box, plugs=1)
    token = f"C{secrets.token_hex(4)}"
    api.token(token)
    begun = datetime.now(UTC) - timedelta(minutes=20)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Charging", begun)
        number = await car.begin(token, begun)
        await tab.go(f"/chargers/{box}")
        await expect(page.locator("#plug-1")).not_to_contain_text("by its power")
        for minutes in (10, 14):
            await car.meter(number, 4_500, begun + timedelta(minutes=minutes), power_w=0)
        await expect(page.locator("#plug-1")).to_contain_text("Charging by its power: SuspendedEV")


async def test_a_restart_from_the_header_warns_where_a_car_is_charging(tab: BrowserTab) -> None:
    box, page = charger(tab), tab.page
    token = f"C{secrets.token_hex(4)}".upper()
    tab.system.api().token(token)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await tab.go(f"/chargers/{box}")
        await page.get_by_role("link", name="Start", exact=True).click()
        await expect(page.get_by_label("Token").first).to_be_visible()
        await expect(page.locator(f'#tokens option[value="{token}"]')).to_have_count(1)
        await known(tab.system, await car.begin(token))
        await page.get_by_role("link", name="Restart").click()
        warning = page.locator("#do-reset").get_by_role("note")
        await expect(warning).to_contain_text("1 session is running here and may end.")
        await page.get_by_role("button", name=f"Reset {box}").click()
        await expect(page.get_by_role("status").filter(has_text="Reset requested.")).to_be_visible()


async def test_a_held_charger_says_so_until_it_is_released(tab: BrowserTab) -> None:
    box, page = f"HELD-{secrets.token_hex(3)}", tab.page
    location = tab.system.api().location(TARIFF, name=f"Yard {box}")
    await tab.go(f"/chargers/new?location={location}")
    await page.get_by_label("Charge box id").fill(box)
    await page.get_by_label("Hold at boot").check()
    await page.get_by_role("button", name="Add charger").click()
    async with plugged(tab.system, box, Kept) as car:
        await car.boot()
        await expect(page.locator("#online")).to_be_visible()
        await expect(page.locator("#held")).to_contain_text(
            "the charger is told to wait until you release it"
        )
        await tab.go(f"/chargers?location={location}")
        await expect(page.locator(f"#charger-{box}")).to_contain_text("held")
        await tab.go(f"/chargers/{box}/edit")
        await expect(page.get_by_label("Hold at boot")).to_be_checked()
        await tab.go(f"/chargers/{box}")
        await page.get_by_role("button", name="Release").click()
        await expect(page.get_by_role("status").filter(has_text="is released")).to_be_visible()
        await expect(page.locator("#held")).to_have_count(0)
        await expect(page.locator("#commands")).to_contain_text("Trigger message")
        await car.boot()
        await car.status("Available")
        await expect(page.locator("#plug-1")).to_contain_text("Available")
    await tab.go(f"/chargers/{box}/history")
    await expect(page.locator("main")).to_contain_text("Told to wait (Pending).")


async def test_a_charger_with_a_blank_in_its_id_is_live_too(tab: BrowserTab) -> None:
    box, page = f"Bay {secrets.token_hex(3)}", tab.page
    api = tab.system.api()
    api.charger(api.location(TARIFF, name=f"Yard {box}"), box, plugs=1)
    await tab.go(f"/chargers/{quote(box)}")
    await tab.live()
    await expect(page.locator("#online")).to_have_count(0)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await expect(page.locator("#online")).to_be_visible()
        await car.status("Available")
        await expect(page.locator("#plug-1")).to_contain_text("Available")
