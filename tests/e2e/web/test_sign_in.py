"""Who gets in, and who does not."""

from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.e2e.running import OWNER_PASSWORD
from tests.e2e.web.browsing import Visitor
from tests.e2e.web.conftest import OpenWindow


async def test_a_page_leads_to_the_sign_in_page_and_from_there_back_to_itself(window: OpenWindow) -> None:
    visitor: Visitor = await window()
    page = await visitor.go("/sessions?status=completed")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.get_by_label("E-mail").fill(visitor.system.owner())
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Sessions")).to_be_visible()
    assert page.url.endswith("/sessions?status=completed")


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "/\\evil.example", "https://evil.example/"])
async def test_signing_in_never_leads_to_another_site(window: OpenWindow, elsewhere: str) -> None:
    visitor: Visitor = await window()
    page = await visitor.go(f"/sign-in?next={elsewhere}")
    await page.get_by_label("E-mail").fill(visitor.system.owner())
    await page.get_by_label("Password").fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    assert urlsplit(page.url).path == "/"


async def test_a_wrong_password_shows_an_error_and_keeps_the_email(window: OpenWindow) -> None:
    visitor: Visitor = await window()
    visitor.expects("422")
    page = await visitor.go("/sign-in")
    await page.get_by_label("E-mail").fill(visitor.system.owner())
    await page.get_by_label("Password").fill("wrong horse battery staple")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("Wrong e-mail or password")
    await expect(page.get_by_label("E-mail")).to_have_value(visitor.system.owner())


async def test_signing_out_shuts_every_page(visitor: Visitor) -> None:
    page = visitor.page
    await page.get_by_label("Account and appearance").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await visitor.go("/chargers")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await visitor.context.cookies() == []


async def test_an_unknown_page_is_refused_in_the_look_of_the_product(visitor: Visitor) -> None:
    visitor.expects("404")
    page = await visitor.go("/no-such-page")
    await expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    await page.get_by_role("link", name="To the dashboard").click()
    await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


async def test_an_unknown_invitation_registers_no_account(window: OpenWindow) -> None:
    visitor: Visitor = await window()
    visitor.expects("410")
    page = await visitor.go(f"/register/77/{sha256(b'guess').hexdigest()[:24]}")
    await expect(page.get_by_role("alert")).to_contain_text("not valid")
    await expect(page.get_by_label("Password")).to_have_count(0)
