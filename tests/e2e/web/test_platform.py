"""From the staff's invitation to the first dashboard of a company."""

import secrets

import httpx2
from playwright.async_api import expect

from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow

STAFF = f"staff-{secrets.token_hex(3)}@eosvolt.example"


def staff(system: RunningSystem) -> httpx2.Client:
    """The API with a key of a new member of the staff."""
    file = system.folder / "staff-password"
    file.write_text(OWNER_PASSWORD)
    made = system.run("create-staff", "--email", STAFF, "--name", "Sam Staff", "--password-file", str(file))
    assert made.returncode == 0, made.stderr
    key = system.run("create-staff-key", "--email", STAFF, "--label", "test").stdout.rsplit(" ", 1)[1].strip()
    return httpx2.Client(
        base_url=f"{system.base_url}/api/v1", headers={"authorization": f"Bearer {key}"}, timeout=60
    )


async def test_a_company_is_invited_registers_itself_and_its_link_works_once(
    window: OpenWindow, company: int
) -> None:
    tab: BrowserTab = await window()
    with staff(tab.system) as api:
        page = await tab.go("/platform")
        await expect(page.get_by_role("heading", name="Platform staff")).to_be_visible()
        assert await tab.violations() == []
        await page.get_by_label("E-mail").fill(STAFF)
        await page.get_by_label("Password").fill(OWNER_PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Companies", exact=True)).to_be_visible()
        tab.expects("422")
        await page.get_by_label("E-mail of its owner").fill("nobody")
        await page.get_by_role("button", name="Make an invitation").click()
        assert await tab.wrong_fields() == ["field-email"]
        await page.get_by_label("E-mail of its owner").fill("eve@pier.example")
        await page.get_by_role("button", name="Make an invitation").click()
        link = await page.locator("#invitation-link").inner_text()
        number = int(link.split("/")[-2])
        await page.reload()
        await expect(page.locator("#invitation-link")).to_have_count(0)
        row = page.get_by_role("row").filter(has_text="eve@pier.example")
        await expect(row).to_contain_text("Invited")
        assert await tab.violations() == []
        await page.set_viewport_size({"width": 390, "height": 800})
        assert await tab.too_wide() == 0

        newcomer: BrowserTab = await window()
        registering = await newcomer.go(link.removeprefix(tab.system.base_url))
        await registering.get_by_label("Company").fill("Pier Power")
        await registering.get_by_label("Your name").fill("Eve Owner")
        await registering.get_by_label("E-mail").fill(f"eve-{number}@elsewhere.example")
        await registering.get_by_label("Password").fill(OWNER_PASSWORD)
        await registering.keyboard.press("Enter")
        await expect(registering.get_by_role("heading", name="Dashboard")).to_be_visible()
        newcomer.expects("403", "410")
        await newcomer.go("/platform")
        await expect(registering.get_by_text("This is for platform staff.")).to_be_visible()
        await newcomer.go(link.removeprefix(tab.system.base_url))
        await expect(registering.get_by_role("alert")).to_contain_text("used already")

        await page.reload()
        row = page.get_by_role("row").filter(has_text="Pier Power")
        await expect(row).to_contain_text("Registered")
        shown = api.get(f"/platform/companies/{number}").json()
        assert (shown["state"], shown["name"], shown["chargers"]) == ("registered", "Pier Power", 0)
        assert "lastActiveAt" in shown
        assert api.get("/locations").status_code == 401
        assert api.get("/platform/companies").json()["items"][0]["number"] >= 1


async def test_a_revoked_invitation_says_so(window: OpenWindow) -> None:
    tab: BrowserTab = await window()
    page = await tab.go("/platform/sign-in")
    await page.get_by_label("E-mail").fill(STAFF)
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.keyboard.press("Enter")
    await page.get_by_label("E-mail of its owner").fill("ben@quay.example")
    await page.get_by_role("button", name="Make an invitation").click()
    link = await page.locator("#invitation-link").inner_text()
    row = page.get_by_role("row").filter(has_text="ben@quay.example")
    await row.get_by_role("link", name="Revoke").click()
    await page.get_by_role("button", name="Revoke the invitation").click()
    await expect(page.locator(".notice")).to_contain_text("revoked")
    await expect(row).to_contain_text("Invitation revoked")
    tab.expects("410")
    await tab.go(link.removeprefix(tab.system.base_url))
    await expect(page.get_by_role("alert")).to_contain_text("was revoked")
