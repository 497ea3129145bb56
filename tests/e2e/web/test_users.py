"""Admins: invited, limited to one location and to a few permissions, and deactivated."""

import re
import secrets

from playwright.async_api import expect

from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import NAME, PASSWORD, invited, joined

HERS, OTHERS = "Harbour of Nina", "Airport of others"


def two_places(system: RunningSystem) -> tuple[str, str, str, str]:
    """Two locations with a charger each: their ids, and the charge box ids."""
    api, mark = system.api(), secrets.token_hex(3).upper()
    tariff = {"strategy": "perKwh", "price": "0.50"}
    hers, others = (api.location(tariff, name=f"{name} {mark}") for name in (HERS, OTHERS))
    boxes = f"HERS-{mark}", f"OTHERS-{mark}"
    for location, box in zip((hers, others), boxes, strict=True):
        api.charger(location, box)
    return hers, others, *boxes


async def test_a_support_person_of_one_location_is_refused_what_is_not_theirs(
    tab: BrowserTab, window: OpenWindow
) -> None:
    hers, others, her_box, other_box = two_places(tab.system)
    email = f"nina-{her_box}@cpo.example"
    link = await invited(tab, hers, email)
    nina = await window()
    nina.expects("403", "404", "410")
    page = await joined(nina, link)
    rail = page.get_by_role("navigation", name="Main")
    for name, shown in (("Chargers", 1), ("Sessions", 1), ("Users", 0), ("Settings", 0)):
        await expect(rail.get_by_role("link", name=name, exact=True)).to_have_count(shown)
    await nina.go("/chargers")
    await expect(page.get_by_role("link", name=her_box, exact=True)).to_be_visible()
    await expect(page.get_by_text(other_box)).to_have_count(0)
    for path, status in (
        (f"/chargers/{her_box}", 200),
        (f"/chargers/{other_box}", 404),
        (f"/locations/{others}", 404),
        ("/users", 403),
        ("/settings", 403),
        (f"/api/v1/chargers/{her_box}", 200),
        (f"/api/v1/chargers/{other_box}", 404),
        ("/api/v1/admins", 403),
        ("/api/v1/events", 403),
    ):
        answer = await page.request.get(tab.system.base_url + path)
        assert answer.status == status, path
    # The link was used, and says so.
    again = await window()
    again.expects("410")
    await again.go(link.removeprefix(tab.system.base_url))
    await expect(again.page.get_by_role("alert")).to_contain_text("used already")
    # What she does is refused once she is deactivated, and her page ends.
    await nina.go(f"/chargers/{her_box}")
    await nina.live()
    owner = await tab.go("/users")
    row = owner.get_by_role("row").filter(has_text=email)
    await expect(row).to_contain_text("Active")
    await row.get_by_role("link", name="Deactivate").click()
    await owner.get_by_label("Type the name to confirm").fill(NAME)
    await owner.get_by_role("button", name="Deactivate").click()
    await expect(owner.get_by_role("status").filter(has_text="is deactivated.")).to_be_visible()
    await expect(page).to_have_url(re.compile("/sign-in"))
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    nina.expects("403", "404", "410", "422")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("Wrong e-mail or password.")


async def test_access_is_changed_the_invitation_revoked_and_the_owner_is_asked_for_the_name(
    tab: BrowserTab, window: OpenWindow
) -> None:
    hers, *_ = two_places(tab.system)
    email = f"tom-{secrets.token_hex(3)}@cpo.example"
    link = await invited(tab, hers, email)
    page = tab.page
    row = page.get_by_role("row").filter(has_text=email)
    await row.get_by_role("link", name=NAME, exact=True).click()
    await page.get_by_label("Dashboard: Export").check()
    await page.get_by_label("All locations").check()
    await page.get_by_role("button", name="Save").click()
    await expect(row).to_contain_text("All")
    await row.get_by_role("button", name="Resend").click()
    renewed = await page.locator("#invitation-link").inner_text()
    assert renewed != link
    late = await window()
    late.expects("410")
    await late.go(link.removeprefix(tab.system.base_url))
    await expect(late.page.get_by_role("alert")).to_contain_text("revoked")
    await row.get_by_role("link", name="Revoke the invitation").click()
    tab.expects("422")
    await page.get_by_label("Type the name to confirm").fill("Somebody else")
    await page.get_by_role("button", name="Revoke invitation").click()
    assert await tab.wrong_fields() == ["field-name"]
    await page.get_by_label("Type the name to confirm").fill(NAME)
    await page.get_by_role("button", name="Revoke invitation").click()
    await expect(row).to_have_count(0)
    await late.go(renewed.removeprefix(tab.system.base_url))
    await expect(late.page.get_by_role("alert")).to_contain_text("revoked")


async def test_the_ownership_is_transferred_and_the_api_tells_the_permissions_of_then(
    tab: BrowserTab, window: OpenWindow
) -> None:
    api = tab.system.api()
    everything = [
        {"page": each, "actions": ["view", "edit", "add", "delete"]}
        for each in ("dashboard", "users", "sessions")
    ]
    body = {"firstName": "Eve", "lastName": "Sund", "email": f"eve-{secrets.token_hex(3)}@cpo.example"}
    invitation = api.post("/admins", {**body, "permissions": everything})
    assert (
        invitation["state"],
        api.client.post("/admins", json={**body, "permissions": []}).status_code,
    ) == (
        "invited",
        409,
    )
    await joined(await window(), invitation["link"])
    eve = api.get(f"/admins/{invitation['id']}")
    assert (eve["state"], eve["owner"], "link" in eve) == ("active", False, False)
    assert eve["lastSeenAt"] >= eve["since"]
    before = eve["since"]
    page = await tab.go("/users")
    row = page.get_by_role("row").filter(has_text=body["email"])
    await row.get_by_role("link", name="Make Eve Sund the owner").click()
    await page.get_by_label("Type the name to confirm").fill("Eve Sund")
    await page.get_by_role("button", name="Transfer ownership").click()
    await expect(row).to_contain_text("Owner of the company")
    assert api.get(f"/admins/{eve['id']}")["owner"] is True
    assert api.client.post(f"/admins/{eve['id']}/deactivate").status_code == 409
    then = api.get(f"/admins/{eve['id']}", asOf=before)
    assert (then["owner"], then["permissions"]) == (False, eve["permissions"])
    await tab.go(f"/users?asOf={before}")
    await expect(row).to_be_visible()
    await expect(row).not_to_contain_text("Owner of the company")
    await expect(page.get_by_role("row").filter(has_text=tab.system.owner())).to_contain_text(
        "Owner of the company"
    )
    entry = {"email": tab.system.owner(), "password": OWNER_PASSWORD}
    assert [each["owner"] for each in api.get("/admins")["items"] if each["email"] == entry["email"]] == [
        False
    ]
