"""Who did what, by person, kind and day, and to what; at some locations what concerns them alone."""

import re
import secrets
from datetime import UTC, datetime, timedelta

from playwright.async_api import Locator, Page, expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import NAME, joined
from tests.e2e.web.sites import location_created

PRICE = {"strategy": "perKwh", "price": "0.50"}
OWNER, EVERYBODY = "Olga Owner", "Everybody"


def _site(system: RunningSystem, name: str) -> tuple[str, str]:
    """A location and its charger, which an API key added and asked to restart."""
    api = system.api()
    location, box = (
        api.location(PRICE, name=name),
        f"{name.split(maxsplit=1)[0].upper()}-{secrets.token_hex(3).upper()}",
    )
    api.charger(location, box)
    api.post(f"/chargers/{box}/commands", {"type": "reset", "kind": "hard"}, expected=202)
    return location, box


def _row(page: Page, *said: str) -> Locator:
    rows = page.locator("tbody tr")
    for each in said:
        rows = rows.filter(has_text=each)
    return rows


async def _shown(page: Page, **filters: str) -> None:
    """Choose filters by their labels and show what matches."""
    await page.get_by_label("Person or program").select_option(label=filters.get("person", EVERYBODY))
    await page.get_by_label("Kind of object").select_option(label=filters.get("kind", "Everything"))
    for name in ("from", "to"):
        await page.get_by_label(name, exact=True).fill(filters.get(name, ""))
    await page.get_by_role("button", name="Show", exact=True).click()
    await page.wait_for_load_state()


async def _column(page: Page, label: str) -> set[str]:
    return set(await page.locator(f'tbody td[data-label="{label}"]').all_inner_texts())


async def test_what_was_done_is_found_by_person_kind_and_day_and_leads_to_what_it_was_done_to(
    tab: BrowserTab,
) -> None:
    _, box = _site(tab.system, "Quay of keys")
    pier = f"Pier {box}"
    place = await location_created(await tab.go("/"), pier)
    await tab.go("/users")
    page = tab.page
    await page.get_by_role("link", name="Activity").click()
    added = _row(page, f"The location {pier} was added.")
    await expect(added).to_contain_text(OWNER)
    await expect(added.get_by_role("link", name=pier)).to_have_attribute("href", f"/locations/{place}")
    asked = _row(page, "Reset (hard) requested.", box)
    await expect(asked).to_contain_text("API key")
    await asked.get_by_role("link", name=box).click()
    await expect(page.get_by_role("heading", name=box)).to_be_visible()

    await tab.go("/activity")
    await added.get_by_role("link", name="Events of it").click()
    await expect(page).to_have_url(re.compile(f"/audit/events.stream=location%3A{place}"))
    await expect(page.locator(".events")).to_contain_text(f"Location {pier}: The location {pier} was added.")

    await tab.go("/activity")
    await _shown(page, person=OWNER)
    await expect(added).to_be_visible()
    assert await _column(page, "Who") == {OWNER}
    await _shown(page, kind="Chargers")
    await expect(_row(page, "Added to the network.", box)).to_be_visible()
    assert {each.split()[0] for each in await _column(page, "Object")} == {"Charger"}
    await _shown(page, kind="Commands", person=OWNER)
    await expect(page.get_by_text("No changes")).to_be_visible()

    now = datetime.now(UTC).date()
    days = [(now + timedelta(days=number)).isoformat() for number in (-3, -2, -1, 1, 2)]
    await _shown(page, **{"from": days[2], "to": days[3]})
    await expect(added).to_be_visible()
    for since, until in ((days[0], days[1]), (days[4], "")):
        await _shown(page, **{"from": since, "to": until})
        await expect(page.get_by_text("No changes")).to_be_visible()
    tab.expects("422")
    await _shown(page, **{"from": days[1], "to": days[0]})
    await expect(page.get_by_text("The end has to be after the beginning.")).to_be_visible()


async def test_who_works_at_some_locations_sees_what_was_done_there_and_who_works_there(
    tab: BrowserTab, window: OpenWindow
) -> None:
    api = tab.system.api()
    hers, her_box = _site(tab.system, "Hers of Nina")
    _, other_box = _site(tab.system, "Others of all")
    api.token(other_box)
    first, last = NAME.split()
    nobody = f"Ida {other_box}"
    views = [{"page": each, "actions": ["view"]} for each in ("dashboard", "users", "chargePoints")]
    body = {"firstName": first, "lastName": last, "email": f"{her_box}@cpo.example", "permissions": views}
    invited = api.post("/admins", {**body, "locations": [hers]})
    api.post(
        "/admins", {**body, "firstName": "Ida", "lastName": other_box, "email": f"{other_box}@cpo.example"}
    )
    page = await joined(await window(), invited["link"])
    await page.goto(f"{tab.system.base_url}/activity")
    await expect(_row(page, "Added to the network.", her_box)).to_be_visible()
    await expect(_row(page, "Reset (hard) requested.", her_box)).to_be_visible()
    await expect(_row(page, "The location Hers of Nina was added.")).to_be_visible()
    for hidden in (other_box, "Others of all", nobody, "Company"):
        await expect(page.locator("tbody").get_by_text(hidden)).to_have_count(0)
    offered = await page.get_by_label("Person or program").locator("option").all_inner_texts()
    assert offered == [EVERYBODY, NAME]
    # The events of it are the auditor's.
    await expect(page.get_by_role("link", name="Events of it")).to_have_count(0)
    await _shown(page, kind="Tokens")
    await expect(page.get_by_text("No changes")).to_be_visible()
    await _shown(page, kind="Locations")
    assert await _column(page, "Object") == {"Location Hers of Nina"}
