"""Plug status of many locations: a tile for each, the worst first, its plugs when it is opened."""

import secrets

from playwright.async_api import Page, expect

from tests.e2e.web.browsing import BrowserTab
from tests.e2e.web.cars import plugged

PRICE = {"strategy": "perKwh", "price": "0.50"}


def _yards(tab: BrowserTab, *boxes: str) -> list[str]:
    api = tab.system.api()
    yards = [api.location(PRICE, name=f"Yard {box}") for box in boxes]
    for yard, box in zip(yards, boxes, strict=True):
        api.charger(yard, box)
    return yards


def _boxes(number: int) -> list[str]:
    stem = secrets.token_hex(3).upper()
    return [f"MAP-{stem}-{each}" for each in range(number)]


async def _order(page: Page) -> list[str]:
    return [await each.inner_text() for each in await page.locator(".site-head a").all()]


async def test_a_location_with_a_faulted_plug_comes_first(tab: BrowserTab) -> None:
    good, bad = _boxes(2)
    _yards(tab, good, bad)
    async with plugged(tab.system, bad) as car, plugged(tab.system, good) as other:
        await other.boot()
        await other.status("Available")
        await car.boot()
        await car.status("Faulted", error="GroundFailure")
        page = await tab.go("/")
        tile = page.locator(".site", has_text=f"Yard {bad}")
        await expect(tile).to_contain_text("1 Faulted")
        await page.reload()
        order = await _order(page)
        assert order.index(f"Yard {bad}") < order.index(f"Yard {good}")


async def test_no_tile_moves_while_plugs_change(tab: BrowserTab) -> None:
    first, second = _boxes(2)
    _yards(tab, first, second)
    async with plugged(tab.system, first) as one, plugged(tab.system, second) as two:
        for each in (one, two):
            await each.boot()
            await each.status("Available")
        page = await tab.go("/")
        await tab.live()
        order = await _order(page)
        await two.status("Faulted", error="GroundFailure")
        await expect(page.locator(".site", has_text=f"Yard {second}")).to_contain_text("1 Faulted")
        assert await _order(page) == order


async def test_a_tile_opens_in_place_and_its_address_opens_it_again(tab: BrowserTab) -> None:
    (box,) = _boxes(1)
    (yard,) = _yards(tab, box)
    async with plugged(tab.system, box) as car:
        await car.boot()
        await car.status("Available")
        page = await tab.go("/")
        await page.evaluate("window.sameDocument = true")
        await page.get_by_role("link", name=f"Yard {box}").click()
        plug = page.locator(".plug", has_text=f"{box} · 1")
        await expect(plug).to_contain_text("Available")
        assert await page.evaluate("window.sameDocument") is True
        assert f"open={yard}" in page.url
        await car.status("Charging")
        await expect(plug).to_contain_text("Charging")
        await page.reload()
        await expect(plug).to_contain_text("Charging")


async def test_the_plugs_behind_a_count_are_listed(tab: BrowserTab) -> None:
    box, later = _boxes(2)
    _yards(tab, box, later)
    async with plugged(tab.system, box) as car, plugged(tab.system, later) as other:
        await other.boot()
        await car.boot()
        await car.status("SuspendedEVSE")
        page = await tab.go("/")
        await page.locator("#chip-SuspendedEVSE").click()
        await expect(page.locator(".plug", has_text=f"{box} · 1")).to_be_visible()
        await expect(page.locator(".plug[data-state=Offline]")).to_have_count(0)
        await other.status("SuspendedEVSE")
        await expect(page.locator(".plug", has_text=f"{later} · 1")).to_be_visible()
