"""What holds for every page: nothing from outside, no complaint, open to everybody, at home on a phone."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.running import RunningSystem
from tests.e2e.web.cars import known, plugged
from tests.e2e.web.conftest import OpenWindow


@pytest_asyncio.fixture(loop_scope="session")
async def pages(system: RunningSystem) -> list[str]:
    """The addresses of all pages, with something to show on each."""
    box, api = f"PAGE-{secrets.token_hex(3).upper()}", system.api()
    tariff: dict[str, Any] = {
        "strategy": "perKwh",
        "price": "0.50",
        "windows": [{"from": "22:00", "to": "06:00", "price": "0.30"}],
        "blockingFee": {"amount": "1.00", "intervalMinutes": 15},
    }
    location = api.location(tariff, name=f"Yard {box}")
    api.charger(location, box)
    api.token(f"P{box[5:]}")
    start = datetime.now(UTC) - timedelta(hours=2)
    async with plugged(system, box) as car:
        await car.boot()
        await car.status("Charging", start)
        number = await car.begin(f"P{box[5:]}", start)
        await car.meter(number, 9000, start + timedelta(minutes=40))
        await car.end(number, 12_000, start + timedelta(hours=1))
        await car.status("Faulted", error="GroundFailure")
        running = await car.begin(f"P{box[5:]}")
        await car.meter(running, 1500)
    await known(system, running)
    key = api.post("/api-keys", {"label": "K" * 60})["id"]
    api.location(tariff, name=f"{box}{'W' * 180}")
    wish = {"chargers": [box], "command": {"type": "clearCache"}}
    bulk = api.post("/bulk-commands", wish, expected=202)["id"]
    fault = quote(api.get("/faults", charger=box)["items"][0]["id"], safe="")
    hook = {"name": f"Hook {box}", "channel": "webhook", "url": "https://hooks.example/eosvolt"}
    rule = f"/settings/notifications/{api.post('/notification-rules', hook)['id']}"
    return [
        "/",
        "/?period=year&metric=energy",
        "/sessions",
        "/sessions?status=completed&sort=-total&from=2026-01-01",
        f"/search?q={box}",
        f"/sessions/{number}",
        f"/sessions/{running}",
        f"/sessions/{running}/stop",
        f"/sessions/{number}/log",
        "/locations",
        "/locations/new",
        f"/locations/{location}",
        f"/locations/{location}/edit",
        f"/locations/{location}/remove",
        "/chargers",
        "/chargers/new",
        f"/chargers/{box}",
        f"/chargers/{box}/edit",
        f"/chargers/{box}?days=90",
        f"/chargers/{box}/operations?do=setChargingProfile",
        f"/chargers/{box}/configuration",
        f"/chargers/{box}/messages",
        f"/chargers/{box}/files",
        f"/chargers/{box}/limits",
        f"/chargers/{box}/security",
        f"/chargers/{box}/certificates/revoke",
        f"/chargers/{box}/connections",
        f"/chargers/{box}/history",
        "/chargers/unknown",
        f"/chargers/bulk/new?of=chosen&charger={box}&do=reset",
        "/chargers/bulk/all",
        f"/chargers/bulk/{bulk}",
        "/tokens",
        f"/tokens/P{box[5:]}/edit",
        "/tokens/import",
        "/diagnostics?state=all",
        f"/diagnostics/{fault}",
        "/api/docs",
        "/api/docs?q=POST+tokens",
        "/settings",
        f"/settings/api-keys/{key}/revoke",
        "/settings/failed-jobs",
        "/settings/system",
        "/settings/notifications",
        "/settings/notifications/new",
        rule,
        f"{rule}/edit",
        f"{rule}/remove",
    ]


# Only contrast depends on the colours.
@pytest.mark.parametrize(("theme", "only"), [("light", None), ("dark", "color-contrast")])
async def test_nobody_is_kept_out(window: OpenWindow, pages: list[str], theme: str, only: str | None) -> None:
    visitor = await window(color_scheme=theme)
    assert await _barriers(visitor, ["/sign-in", "/api/docs?q=POST+tokens"], only) == {}
    await visitor.sign_in()
    assert await _barriers(visitor, pages, only) == {}


@pytest.mark.parametrize("width", [360, 2560])
async def test_no_page_is_wider_than_the_window(window: OpenWindow, pages: list[str], width: int) -> None:
    visitor = await window(viewport={"width": width, "height": 800})
    await visitor.sign_in()
    wide = {}
    for path in pages:
        await visitor.go(path)
        wide[path] = await visitor.too_wide()
    assert {path: by for path, by in wide.items() if by > 0} == {}


async def test_everything_is_within_reach_of_the_keyboard(window: OpenWindow) -> None:
    visitor = await window()
    page = await visitor.sign_in()
    await page.keyboard.press("/")
    await expect(page.get_by_role("combobox", name="Search everything")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("c")
    await expect(page.get_by_role("heading", name="Chargers")).to_be_visible()
    await page.wait_for_load_state()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


async def test_the_theme_that_was_chosen_is_there_before_anything_is_painted(window: OpenWindow) -> None:
    visitor = await window(color_scheme="light")
    page = await visitor.sign_in()
    await page.get_by_label("Account and appearance").click()
    await page.get_by_role("button", name="Dark").click()
    await page.reload(wait_until="commit")
    await expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


async def test_pages_work_without_a_script(window: OpenWindow, pages: list[str]) -> None:
    visitor = await window(java_script_enabled=False)
    page = await visitor.sign_in()
    for path in pages:
        await visitor.go(path)
        await expect(page.locator("h1").first).to_be_visible()
    await visitor.go("/settings")
    await page.get_by_label("What is the new key for?").fill("No script")
    await page.get_by_role("button", name="Issue an API key").click()
    await expect(page.locator("#issued-key")).to_contain_text("eosvolt_live_")


async def _barriers(visitor: Any, paths: list[str], only: str | None = None) -> dict[str, list[str]]:
    found = {}
    for path in paths:
        await visitor.go(path)
        if barriers := await visitor.barriers(only):
            found[path] = barriers
    return found
