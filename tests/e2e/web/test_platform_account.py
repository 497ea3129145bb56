"""The own account of a member of the platform staff, in a browser."""

import pyotp
from playwright.async_api import expect

from tests.e2e.running import OWNER_PASSWORD
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow
from tests.e2e.web.people import staff_signed_in


async def test_a_member_sets_an_app_up_signs_in_with_it_and_ends_another_browser(window: OpenWindow) -> None:
    tab: BrowserTab = await window()
    email = tab.system.create_staff("Wilhelmina Wolkenstein-Hohenwerfen zu Waldburg")
    page = await staff_signed_in(tab, email)
    await page.get_by_role("link", name="My account").click()
    await expect(page.get_by_role("heading", name="My account")).to_be_visible()
    assert await tab.violations() == []
    await page.get_by_role("link", name="Set up", exact=True).click()
    assert await tab.violations() == []
    await page.get_by_label("Present password").fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="Set up the app").click()
    await expect(page.get_by_role("img", name="QR code with the key")).to_be_visible()
    assert await tab.violations() == []
    app = pyotp.TOTP(await page.locator("#app-key").inner_text())
    await page.get_by_label("Code", exact=True).fill(app.now())
    await page.get_by_role("button", name="Confirm").click()
    codes = await page.locator("#recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    assert await tab.violations() == []

    other: BrowserTab = await window()
    entering = await other.go("/platform/sign-in")
    await entering.get_by_label("E-mail").fill(email)
    await entering.get_by_label("Password").fill(OWNER_PASSWORD)
    await entering.keyboard.press("Enter")
    await expect(entering.get_by_role("heading", name="Second step")).to_be_visible()
    assert await other.violations() == []
    other.expects("422")
    await entering.get_by_label("Code of your app or recovery code").fill("0")
    await entering.keyboard.press("Enter")
    assert await other.wrong_fields() == ["field-code"]
    await entering.get_by_label("Code of your app or recovery code").fill(codes[0])
    await entering.keyboard.press("Enter")
    await expect(entering.get_by_role("heading", name="Companies", exact=True)).to_be_visible()
    await other.go("/platform/account")
    await expect(entering.locator("#factors")).to_contain_text("9 left")

    await page.set_viewport_size({"width": 360, "height": 800})
    for path in ("", "/authenticator", "/recovery-codes"):
        await tab.go(f"/platform/account{path}")
        assert await tab.too_wide() == 0
        assert await tab.violations() == []
    await tab.go("/platform/account")
    elsewhere = page.locator("#sessions tbody tr").filter(has_not_text="this one")
    await elsewhere.get_by_role("button", name="Sign out").click()
    await expect(page.locator(".notice")).to_contain_text("Signed out there.")
    await other.go("/platform/account")
    await expect(entering.get_by_role("heading", name="Platform staff")).to_be_visible()
