"""Passkeys with Chromium's virtual authenticator: alone, after the password, and copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, CDPSession, Page, expect

from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.e2e.web.browsing import BrowserTab


class NamedSystem(RunningSystem):
    """A system that people reach by a name: browsers keep no passkeys for an IP address."""

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"


@pytest.fixture(scope="module", autouse=True)
def company() -> int:
    """These tests have a system of their own, and so no need of the one that the others share."""
    return 242


@pytest.fixture
def named(database: str, tmp_path: Path) -> Iterator[NamedSystem]:
    running = NamedSystem(database, tmp_path)
    running.settings = {"EOSVOLT_PUBLIC_URL": running.base_url}
    try:
        running.start()
        running.create_company(242, "Volt Harbour")
        yield running
    finally:
        running.close()


async def authenticator(page: Page) -> tuple[CDPSession, str]:
    """A virtual authenticator in the browser that proves its person without asking."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    made = await session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    return session, str(made["authenticatorId"])


async def set_sign_count(session: CDPSession, device: str, count: int) -> None:
    """Put the passkey back as a copy with this sign count."""
    kept = (await session.send("WebAuthn.getCredentials", {"authenticatorId": device}))["credentials"]
    await session.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    for each in kept:
        copy = {**each, "signCount": count}
        await session.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": copy})


async def sign_out(page: Page) -> None:
    await page.get_by_label("Account and appearance").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_a_passkey_signs_in_alone_and_as_the_second_step_until_it_is_removed(
    named: NamedSystem, browser: Browser
) -> None:
    async with await browser.new_context() as context:
        tab = BrowserTab(named, context, await context.new_page())
        page = tab.page
        session, device = await authenticator(page)
        await tab.sign_in()
        await tab.go("/account")
        await page.get_by_role("link", name="Add a passkey").click()
        assert await tab.violations() == []
        tab.expects("422")
        await page.get_by_label("Name of the device").fill("Laptop")
        await page.get_by_label("Present password").fill("wrong horse battery staple")
        await page.get_by_role("button", name="Add a passkey").click()
        await expect(page.get_by_role("alert")).to_contain_text("not your present password")
        await page.get_by_label("Present password").fill(OWNER_PASSWORD)
        await page.get_by_role("button", name="Add a passkey").click()
        await expect(page.locator("#recovery-codes li")).to_have_count(10)

        await sign_out(page)
        await page.get_by_role("button", name="Use a passkey").click()
        await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

        await sign_out(page)
        await page.get_by_label("E-mail").fill(named.owner(242))
        await page.get_by_label("Password").fill(OWNER_PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(page.get_by_role("heading", name="Second step")).to_be_visible()
        assert await tab.violations() == []
        await page.get_by_role("button", name="Use a passkey").click()
        await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

        # A copy of the passkey whose count does not rise is refused.
        await sign_out(page)
        await set_sign_count(session, device, 0)
        await page.get_by_role("button", name="Use a passkey").click()
        await expect(page.get_by_role("alert").first).to_contain_text("not right")
        await set_sign_count(session, device, 100)
        await page.get_by_role("button", name="Use a passkey").click()
        await expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

        await tab.go("/account")
        await expect(page.locator("#factors")).to_contain_text("Laptop")
        await page.locator("#factors").get_by_role("link", name="Remove").click()
        await page.get_by_label("Present password").fill(OWNER_PASSWORD)
        await page.get_by_role("button", name="Remove “Laptop”").click()
        await expect(page.locator(".notice")).to_contain_text("removed")
        await sign_out(page)
        await page.get_by_role("button", name="Use a passkey").click()
        await expect(page.get_by_role("alert").first).to_contain_text("not right")
        assert tab.complaints == []
