"""From the staff's invitation to the first dashboard of a company."""

import httpx2
import pytest
from playwright.async_api import expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import company_invited, registered, staff_signed_in


@pytest.fixture(scope="module")
def staff(system: RunningSystem) -> str:
    """The e-mail address of a member of the platform's staff."""
    return system.create_staff()


def staff_api(system: RunningSystem, email: str) -> httpx2.Client:
    """The API with a key of the member of staff."""
    key = system.create_staff_key(email)
    return httpx2.Client(
        base_url=f"{system.base_url}/api/v1", headers={"authorization": f"Bearer {key}"}, timeout=60
    )


async def test_a_company_is_invited_registers_itself_and_its_link_works_once(
    window: OpenWindow, staff: str
) -> None:
    tab: BrowserTab = await window()
    with staff_api(tab.system, staff) as api:
        page = await tab.go("/platform")
        await expect(page.get_by_role("heading", name="Platform staff")).to_be_visible()
        assert await tab.violations() == []
        await staff_signed_in(tab, staff)
        tab.expects("422")
        await page.get_by_label("E-mail of its owner").fill("nobody")
        await page.get_by_role("button", name="Make an invitation").click()
        assert await tab.wrong_fields() == ["field-email"]
        link = await company_invited(page, "eve@pier.example")
        number = int(link.split("/")[-2])
        await page.reload()
        await expect(page.locator("#invitation-link")).to_have_count(0)
        row = page.get_by_role("row").filter(has_text="eve@pier.example")
        await expect(row).to_contain_text("Invited")
        assert await tab.violations() == []
        await page.set_viewport_size({"width": 390, "height": 800})
        assert await tab.too_wide() == 0

        newcomer: BrowserTab = await window()
        email = f"eve-{number}@elsewhere.example"
        # Tests of other files register companies as well.
        name = f"Pier Power {number}"
        registering = await registered(newcomer, link, name, "Eve Owner", email)
        newcomer.expects("403", "410")
        await newcomer.go("/platform")
        await expect(registering.get_by_text("This is for platform staff.")).to_be_visible()
        await newcomer.go(link.removeprefix(tab.system.base_url))
        await expect(registering.get_by_role("alert")).to_contain_text("used already")

        await page.reload()
        row = page.get_by_role("row").filter(has_text=name)
        await expect(row).to_contain_text("Registered")
        shown = api.get(f"/platform/companies/{number}").json()
        assert (shown["state"], shown["name"], shown["chargers"]) == ("registered", name, 0)
        assert "lastActiveAt" in shown
        assert api.get("/locations").status_code == 401
        assert api.get("/platform/companies").json()["items"][0]["number"] >= 1


async def test_a_revoked_invitation_says_so(window: OpenWindow, staff: str) -> None:
    tab: BrowserTab = await window()
    page = await staff_signed_in(tab, staff)
    link = await company_invited(page, "ben@quay.example")
    row = page.get_by_role("row").filter(has_text="ben@quay.example")
    await row.get_by_role("link", name="Revoke").click()
    await page.get_by_role("button", name="Revoke the invitation").click()
    await expect(page.locator(".notice")).to_contain_text("revoked")
    await expect(row).to_contain_text("Invitation revoked")
    tab.expects("410")
    await tab.go(link.removeprefix(tab.system.base_url))
    await expect(page.get_by_role("alert")).to_contain_text("was revoked")
