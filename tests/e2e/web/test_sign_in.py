"""Who gets in, and who does not."""

from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.e2e.running import OWNER_PASSWORD
from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.conftest import OpenWindow


async def test_a_page_leads_to_the_sign_in_page_and_from_there_back_to_itself(window: OpenWindow) -> None:
    tab: BrowserTab = await window()
    page = await tab.go("/sessions?status=completed")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.get_by_label("E-mail").fill(tab.system.owner())
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    assert page.url.endswith("/sessions?status=completed")


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "/\\evil.example", "https://evil.example/"])
async def test_signing_in_never_leads_to_another_site(window: OpenWindow, elsewhere: str) -> None:
    tab: BrowserTab = await window()
    page = await tab.go(f"/sign-in?next={elsewhere}")
    await page.get_by_label("E-mail").fill(tab.system.owner())
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert urlsplit(page.url).path == "/"


async def test_a_wrong_password_shows_an_error_and_keeps_the_email(window: OpenWindow) -> None:
    tab: BrowserTab = await window()
    tab.expects("422")
    page = await tab.go("/sign-in")
    await page.get_by_label("E-mail").fill(tab.system.owner())
    await page.get_by_label("Password").fill("wrong horse battery staple")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("Wrong e-mail or password")
    await expect(page.get_by_label("E-mail")).to_have_value(tab.system.owner())


async def test_signing_out_shuts_every_page(tab: BrowserTab) -> None:
    page = await tab.go("/")
    await page.get_by_label("Account and appearance").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await tab.go("/chargers")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await tab.context.cookies() == []


async def test_an_unknown_page_is_refused_in_the_look_of_the_product(tab: BrowserTab) -> None:
    tab.expects("404")
    page = await tab.go("/no-such-page")
    await expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    await page.get_by_role("link", name="To the dashboard").click()
    await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


async def test_an_unknown_invitation_registers_no_account(window: OpenWindow) -> None:
    tab: BrowserTab = await window()
    tab.expects("410")
    page = await tab.go(f"/register/77/{sha256(b'guess').hexdigest()[:24]}")
    await expect(page.get_by_role("alert")).to_contain_text("not valid")
    await expect(page.get_by_label("Password")).to_have_count(0)
