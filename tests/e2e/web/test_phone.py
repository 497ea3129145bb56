"""At the roadside with a phone: what counts is on the screen, and nothing needs scrolling sideways."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import known, plugged
from tests.e2e.web.conftest import OpenWindow

WIDTH = 390


@pytest_asyncio.fixture(loop_scope="session")
async def phone(window: OpenWindow) -> BrowserTab:
    """The owner, signed in on a phone."""
    tab: BrowserTab = await window(viewport={"width": WIDTH, "height": 844})
    await tab.sign_in()
    return tab


async def _is_seen(what: Locator) -> None:
    """The element is within the window's width, and in nothing that has to be scrolled sideways."""
    await expect(what).to_be_visible()
    box = await what.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= WIDTH
    wider = (
        "each => { const wide = []; for (let on = each.parentElement; on; on = on.parentElement)"
        " if (on.scrollWidth > on.clientWidth && getComputedStyle(on).overflowX !== 'visible')"
        " wide.push(on.className); return wide; }"
    )
    assert await what.evaluate(wider) == []


async def test_a_running_session_is_found_and_stopped_on_a_phone(phone: BrowserTab) -> None:
    box = f"PHONE-{secrets.token_hex(3).upper()}"
    api, page = phone.system.api(), phone.page
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    api.token(f"R{box[6:]}")
    async with plugged(phone.system, box) as car:
        await car.boot()
        start = datetime.now(UTC) - timedelta(minutes=30)
        await car.status("Charging", start)
        number = await car.begin(f"R{box[6:]}", start)
        await car.meter(number, 3000)
        await known(phone.system, number)

        await phone.go(f"/sessions?charger={box}")
        card = page.locator(f"#session-{number}")
        await _is_seen(card.get_by_role("link", name=box))
        await _is_seen(card.get_by_text("Charging"))
        await _is_seen(card.get_by_text("€1.00"))
        await _is_seen(card.get_by_label(f"Actions of session {number}"))
        stop = card.get_by_role("link", name=f"Stop… session {number}")
        await _is_seen(stop)

        await card.get_by_role("link", name=str(number), exact=True).click()
        await _is_seen(page.locator(".page-head").get_by_role("link", name=box))
        await _is_seen(page.locator("#status"))
        await _is_seen(page.locator("#total"))
        await _is_seen(page.locator("#glance").get_by_role("link", name="Stop"))
        await _is_seen(page.locator("#lines").get_by_text("€1.00").first)


async def test_a_tap_on_a_card_opens_the_session(phone: BrowserTab) -> None:
    box = f"PHONE-{secrets.token_hex(3).upper()}"
    api, page = phone.system.api(), phone.page
    api.charger(api.location({"strategy": "perKwh", "price": "0.50"}, name=f"Yard {box}"), box)
    api.token(f"R{box[6:]}")
    async with plugged(phone.system, box) as car:
        await car.boot()
        number = await car.begin(f"R{box[6:]}")
        await known(phone.system, number)
        await phone.go(f"/sessions?charger={box}")
        await page.locator(f"#session-{number}").get_by_text(f"Yard {box}").click()
        await expect(page.get_by_role("heading", name=f"Session {number}")).to_be_visible()


async def test_filters_are_folded_until_they_are_wanted(phone: BrowserTab) -> None:
    page = phone.page
    phone.system.api().location({"strategy": "perKwh", "price": "0.50"}, name="Folded" * 20)
    for address, label in (("/chargers", "Connection"), ("/diagnostics", "Severity")):
        await phone.go(address)
        one = page.get_by_label(label, exact=True)
        await expect(one).to_be_hidden()
        unfold = page.get_by_role("button", name="Filters")
        await expect(unfold).to_have_attribute("aria-expanded", "false")
        await unfold.click()
        await _is_seen(one)
        await expect(unfold).to_have_attribute("aria-expanded", "true")
    await phone.go("/chargers?connection=offline&faults=open")
    await expect(page.get_by_role("button", name="Filters (2)")).to_have_attribute("aria-expanded", "true")
    await _is_seen(page.get_by_label("Connection", exact=True))
    assert await phone.too_wide() == 0
