"""A fault's life on the screen: it appears by itself, is solved with a note, comes back as another."""

import csv
import io
import secrets

from playwright.async_api import expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import plugged


def _charger(tab: BrowserTab) -> str:
    box = f"DIAG-{secrets.token_hex(3).upper()}"
    api = tab.system.api()
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box, plugs=1)
    return box


async def test_a_fault_appears_is_solved_with_a_note_and_comes_back_with_a_link(tab: BrowserTab) -> None:
    box = _charger(tab)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Available")
        page = await tab.go(f"/diagnostics?charger={box}&state=unsolved")
        await tab.live()
        await expect(page.get_by_text("Nothing to show")).to_be_visible()
        await car.status("Faulted", error="GroundFailure")
        row = page.locator("tr", has_text="GroundFailure")
        await expect(row).to_contain_text("Open")
        await row.get_by_label(f"Solve GroundFailure of {box}").click()
        await row.get_by_label("What was done (optional)").fill("New fuse")
        # What is typed stays while the list is renewed beneath it.
        await car.status("Faulted", error="OverVoltage")
        await expect(page.locator("tr", has_text="OverVoltage")).to_be_visible()
        await expect(row).to_contain_text("Recovered")
        await expect(row.get_by_label("What was done (optional)")).to_have_value("New fuse")
        await row.get_by_role("button", name="Mark as solved").click()
        await expect(page.get_by_role("status").filter(has_text="is solved")).to_be_visible()
        await expect(page.locator("tr", has_text="GroundFailure")).to_have_count(0)

        await car.status("Faulted", error="GroundFailure")
        await page.locator("tr", has_text="GroundFailure").get_by_role("link", name="GroundFailure").click()
        await expect(page.get_by_role("heading", name="What happened")).to_be_visible()
        await expect(page.locator("#story")).to_contain_text("Reported again.")
        await expect(page.locator("#frames")).to_contain_text("StatusNotification")
        assert await tab.violations() == []
        await page.get_by_role("link", name="the earlier entry").click()
        await expect(page.locator("#facts")).to_contain_text("New fuse")
        await page.get_by_role("link", name="the later entry").click()
        await expect(page.locator("#facts")).to_contain_text("Open")


async def test_an_entry_shows_what_was_said_within_five_minutes_of_it(tab: BrowserTab) -> None:
    box, system = _charger(tab), tab.system
    async with plugged(system, box) as car:
        await car.boot()
        await car.status("Faulted", error="GroundFailure")
        page = await tab.go(f"/diagnostics?charger={box}")
        await page.get_by_role("link", name="GroundFailure").click()
        await expect(page.locator("#frames")).to_contain_text("StatusNotification")
    ((seen,),) = system.sql(
        "SELECT convert_from(state, 'utf8')::json->>'recorded_at' FROM stored_events"
        " WHERE convert_from(state, 'utf8') LIKE %s",
        f'%"stream":"fault:{system.company}/{box}/1/GroundFailure"%"fault-opened"%',
    )
    # A frame of another charger at the very same time is nobody's business.
    for charger, seconds in ((box, -301), (box, -299), (box, 299), (box, 301), (f"{box}-OTHER", 0)):
        system.sql(
            "INSERT INTO ocpp_frames (at, company, charge_point, connection, direction, text, message_id,"
            " action, outcome) SELECT %s::timestamptz + make_interval(secs => %s), %s, %s, 'c', 'in', %s,"
            " 'm', 'DataTransfer', 'answered'",
            seen,
            seconds,
            system.company,
            f"{system.company}/{charger}",
            f"said {seconds} s from then",
        )
    await page.reload()
    said = [
        text
        for text in await page.locator("#frames code.frame").all_text_contents()
        if text.startswith("said ")
    ]
    assert said == ["said -299 s from then", "said 299 s from then"]


async def test_several_entries_are_chosen_and_solved_at_once(tab: BrowserTab) -> None:
    box = _charger(tab)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Faulted", error="GroundFailure")
        await car.status("Faulted", error="OverVoltage")
        page = await tab.go(f"/diagnostics?charger={box}&state=unsolved")
        await tab.live()
        await expect(page.locator("#entries tbody tr")).to_have_count(2)
        assert await tab.violations() == []
        await page.get_by_label("Select all on this page").check()
        await expect(page.locator("[data-checked-of]")).to_have_text("2 selected")
        await expect(page.get_by_label(f"Choose OverVoltage of {box}")).to_be_checked()
        # The choice survives that the list is renewed.
        await car.status("Faulted", error="ReaderFailure")
        await expect(page.locator("tr", has_text="ReaderFailure")).to_be_visible()
        await expect(page.get_by_label(f"Choose GroundFailure of {box}")).to_be_checked()
        await page.get_by_label("What was done at the selected entries").fill("Board replaced")
        await page.get_by_role("button", name="Solve selected").click()
        await expect(page.get_by_role("status").filter(has_text="2 entries are solved")).to_be_visible()
        await expect(page.locator("#entries tbody tr")).to_have_count(1)
        found = tab.system.api().get("/faults", charger=box, state="solved")["items"]
        assert sorted((each["code"], each["note"]) for each in found) == [
            ("GroundFailure", "Board replaced"),
            ("OverVoltage", "Board replaced"),
        ]


async def test_filters_and_order_are_in_the_address_and_in_the_download(tab: BrowserTab) -> None:
    box = _charger(tab)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Charging", error="HighTemperature")
        await car.status("Faulted", error="OverVoltage")
        page = await tab.go(f"/diagnostics?charger={box}&state=unsolved")
        await page.get_by_label("Severity").select_option("minor")
        await expect(page).to_have_url(
            f"{tab.system.base_url}/diagnostics?state=unsolved&level=minor&charger={box}"
        )
        await expect(page.locator("#entries tbody tr")).to_have_count(1)
        await expect(page.locator("#entries tbody tr")).to_contain_text("HighTemperature")
        await tab.go(f"/diagnostics?charger={box}&state=unsolved&sort=since")
        await expect(page.locator("#entries tbody tr").first).to_contain_text("HighTemperature")
        answer = await tab.context.request.get(
            f"{tab.system.base_url}/diagnostics/export.csv?charger={box}&sort=-since"
        )
        rows = list(csv.DictReader(io.StringIO(await answer.text())))
        assert [(row["code"], row["kind"], row["state"]) for row in rows] == [
            ("OverVoltage", "power", "open"),
            ("HighTemperature", "hardware", "recovered"),
        ]


async def test_another_companys_entries_are_neither_shown_nor_solved(tab: BrowserTab) -> None:
    box = _charger(tab)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Faulted", error="GroundFailure")
        page = await tab.go(f"/diagnostics?charger={box}")
        await expect(page.locator("#entries tbody tr")).to_have_count(1)
        (found,) = tab.system.api().get("/faults", charger=box)["items"]
        other_company = tab.system.api(777)
        place = "/faults/" + found["id"].replace("/", "%2F").replace("#", "%23")
        assert other_company.client.get(place).status_code == 404
        assert other_company.client.get(f"{place}/events").status_code == 404
        assert other_company.client.post(f"{place}/solve", json={}).status_code == 404
        assert tab.system.api().get(place)["state"] == "open"
        events = tab.system.api().get(f"{place}/events")["items"]
        assert [event["type"] for event in events] == ["fault-opened"]
