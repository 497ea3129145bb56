"""My account: another password, and the browsers that are signed in."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pyotp
from playwright.async_api import expect

from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow

OTHER = "another horse battery staple"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@contextmanager
def elsewhere(system: RunningSystem, password: str = OWNER_PASSWORD) -> Iterator[httpx2.Client]:
    """Another browser in which the company's owner is signed in."""
    headers = {"origin": system.base_url, "user-agent": FIREFOX}
    with httpx2.Client(base_url=system.base_url, headers=headers, timeout=60) as browser:
        entry = {"email": system.owner(), "password": password}
        assert browser.post("/sign-in", data=entry).status_code == 303
        yield browser


def status(browser: httpx2.Client, path: str = "/account") -> int:
    return browser.get(path).status_code


async def test_another_browser_is_shown_and_signed_out_from_here_and_its_open_stream_ends(
    tab: BrowserTab,
) -> None:
    with elsewhere(tab.system) as browser, browser.stream("GET", "/live") as stream:
        events = stream.iter_text()
        assert "hello" in next(events)
        page = await tab.go("/")
        await page.get_by_role("link", name="My account").click()
        row = page.get_by_role("row").filter(has_text="Firefox, Windows")
        await expect(row).to_contain_text("127.0.0.1")
        await expect(page.get_by_role("row").filter(has_text="this one")).to_have_count(1)
        await row.get_by_role("button", name="Sign out").click()
        await expect(page.locator(".notice")).to_contain_text("Signed out there.")
        await expect(row).to_have_count(0)
        rest = "".join(events)
        assert "goodbye" in rest
        assert status(browser) == 303


async def test_another_password_signs_all_other_browsers_out(window: OpenWindow) -> None:
    tab: BrowserTab = await window()
    await tab.sign_in()
    with elsewhere(tab.system) as browser:
        page = await tab.go("/account")
        tab.expects("422")
        await page.get_by_label("Present password").fill("wrong horse battery staple")
        await page.get_by_label("New password").fill(OTHER)
        await page.get_by_role("button", name="Change password").click()
        assert await tab.wrong_fields() == ["field-present"]
        assert status(browser) == 200
        await page.get_by_label("Present password").fill(OWNER_PASSWORD)
        await page.get_by_label("New password").fill(OTHER)
        await page.get_by_role("button", name="Change password").click()
        await expect(page.locator(".notice")).to_contain_text("All other browsers are signed out.")
        assert status(browser) == 303
    with elsewhere(tab.system, OTHER) as browser:
        assert status(browser) == 200
        form = {"present": OTHER, "password": OWNER_PASSWORD}
        assert browser.post("/account/password", data=form).status_code == 303


async def test_a_link_of_the_command_line_sets_another_password_once(window: OpenWindow) -> None:
    tab: BrowserTab = await window()
    made = tab.system.run("reset-link", tab.system.owner())
    assert made.returncode == 0, made.stderr
    path = made.stdout.strip().removeprefix(tab.system.base_url)
    with elsewhere(tab.system) as browser:
        page = await tab.go(path)
        await page.get_by_label("New password").fill(OWNER_PASSWORD)
        await page.get_by_role("button", name="Set the password").click()
        await expect(page.get_by_role("status")).to_contain_text("Password changed.")
        assert status(browser) == 303
    tab.expects("410")
    await tab.go(path)
    await expect(page.get_by_role("alert")).to_contain_text("used already")
    nobody = tab.system.run("reset-link", "nobody@cpo.example")
    assert (nobody.returncode, nobody.stdout) == (1, "")


async def test_an_authenticator_app_protects_the_sign_in_and_a_recovery_code_stands_in_for_it(
    window: OpenWindow,
) -> None:
    tab: BrowserTab = await window()
    await tab.sign_in()
    page = await tab.go("/account")
    await page.get_by_role("link", name="Set up", exact=True).click()
    await page.get_by_label("Present password").fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="Set up the app").click()
    await expect(page.get_by_role("img", name="QR code with the key")).to_be_visible()
    assert await tab.violations() == []
    app = pyotp.TOTP(await page.locator("#app-key").inner_text())
    await page.get_by_label("Code", exact=True).fill(app.now())
    await page.get_by_role("button", name="Confirm").click()
    await expect(page.locator("#recovery-codes li")).to_have_count(10)
    codes = await page.locator("#recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    assert await tab.violations() == []
    await page.set_viewport_size({"width": 390, "height": 800})
    assert await tab.too_wide() == 0

    other: BrowserTab = await window()
    entering = await other.go("/sign-in?next=/sessions")
    await entering.get_by_label("E-mail").fill(tab.system.owner())
    await entering.get_by_label("Password").fill(OWNER_PASSWORD)
    await entering.keyboard.press("Enter")
    await expect(entering.get_by_role("heading", name="Second step")).to_be_visible()
    assert await other.violations() == []
    other.expects("422")
    await entering.get_by_label("Code of your app or recovery code").fill("0")
    await entering.keyboard.press("Enter")
    assert await other.wrong_fields() == ["field-code"]
    await entering.get_by_label("Code of your app or recovery code").fill(codes[0].upper())
    await entering.keyboard.press("Enter")
    await expect(entering.get_by_role("heading", name="Sessions")).to_be_visible()
    await other.go("/account")
    await expect(entering.locator("#factors")).to_contain_text("9 left")
    removed = tab.system.run("remove-factors", tab.system.owner())
    assert removed.returncode == 0, removed.stderr
    await other.go("/account")
    await expect(entering.locator("#factors")).to_contain_text("not set up")
