"""The pictures of README and of the guides, taken from the demo.

    make guide-pictures

``docs/images/pictures.json`` has for each picture a digest of what its page says: the texts of its templates,
in their order, and the entries of the menu. ``tests/architecture/test_guide_pictures.py`` compares it with
the templates of today, so that a page that says something else needs another picture.
"""

import asyncio
import hashlib
import json
import tempfile
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import httpx2
from PIL import Image
from playwright.async_api import async_playwright

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.http.web.shell import rail, rendering
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.demo.contents import location_id
from tests.crawl import sign_in
from tests.pictures import DRAWN_AFTER_MS, browser_path, demo

FOLDER = Path(__file__).parents[1] / "docs" / "images"
DIGESTS = FOLDER / "pictures.json"
HALF_A_MONTH = 14
WINDOW, TALLER = (1280, 800), (1280, 1200)


class GuidePicture(NamedTuple):
    """A picture: its name, the address of its page, the folder of the page's templates, the window.

    In the address ``{session}`` and ``{location}`` stand for one of the demo's, ``{day}`` and ``{year}`` for
    ``shown_day``.
    """

    name: str
    page: str
    templates: str
    window: tuple[int, int] = WINDOW


PICTURES = (
    GuidePicture("account", "/account", "account"),
    GuidePicture("bookings", "/bookings", "bookings", TALLER),
    GuidePicture("customers", "/customers", "customers"),
    GuidePicture("dashboard", "/?date={day}", "dashboard"),
    GuidePicture("diagnostics", "/diagnostics?state=all", "diagnostics"),
    GuidePicture("events", "/audit/events", "audit/events"),
    GuidePicture("finance", "/finance?year={year}", "finance", TALLER),
    GuidePicture("home-chargers", "/home-chargers", "home_chargers"),
    GuidePicture("location", "/locations/{location}", "locations/one", TALLER),
    GuidePicture(
        "performance", "/?period=month&date={day}&chart=uptime&range=month&on={day}#performance", "dashboard"
    ),
    GuidePicture("proof", "/sessions/{session}/proof", "audit/proof"),
    GuidePicture("regulators", "/regulators", "regulators"),
    GuidePicture("reimbursements", "/finance/reimbursements", "finance"),
    GuidePicture("session", "/sessions/{session}", "sessions/one", TALLER),
    GuidePicture("sessions", "/sessions", "sessions"),
    GuidePicture("settings", "/settings", "settings"),
    GuidePicture("system", "/settings/system", "settings/system"),
    GuidePicture("tokens", "/tokens", "tokens"),
    GuidePicture("users", "/users", "users"),
    GuidePicture("zone", "/zones/demo-zone-square", "zones", TALLER),
)


def texts(folder: str) -> list[str]:
    """All texts for people in the templates of a folder, in their order, without folders within it."""
    environment = rendering._ENVIRONMENT
    assert environment.loader is not None
    found: list[str] = []
    for name in environment.list_templates(extensions=["html"]):
        if name.rpartition("/")[0] == folder:
            source, _, _ = environment.loader.get_source(environment, name)
            for _, _, message in environment.extract_translations(source):  # type: ignore[attr-defined]  # of its extension
                found += filter(None, (message,) if isinstance(message, str) else message or ())
    return found


def digest(folder: str) -> str:
    """A digest of what a page with the templates of ``folder`` says."""
    menu = [str.__str__(label) for _, _, label, _, _ in rail.RAIL]
    return hashlib.sha256("\n".join([*menu, *texts(folder)]).encode()).hexdigest()[:16]


def shown_day(today: date) -> date:
    """A day of the month of which the demo has most: it has lived for four weeks.

    In the first half of a month that is the month before, so that pictures show one that is not nearly empty.
    """
    return today if today.day > HALF_A_MONTH else today.replace(day=1) - timedelta(days=1)


def main() -> None:
    """Take all pictures anew."""
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as login:
        retake(*login)


def retake(base: str, email: str, password: str) -> None:
    """Take the pictures from a demo that runs at ``base``."""
    with httpx2.Client(base_url=base, headers={"Origin": base}, timeout=60) as client:
        sign_in(client, email, password)
        dearest = {"status": "completed", "sort": "-total", "limit": "1"}
        session = client.get("/api/v1/sessions", params=dearest).json()["items"][0]["id"]
    location = location_id(DEMO.company, DEMO.locations[0].name)
    day = shown_day(WallClock().now().date())
    addresses = [
        each.page.format(session=session, location=location, day=day, year=day.year) for each in PICTURES
    ]
    asyncio.run(_take(base, (email, password), addresses))
    digests = {each.name: digest(each.templates) for each in PICTURES}
    DIGESTS.write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")


async def _take(base: str, login: tuple[str, str], addresses: list[str]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        page = await browser.new_page(locale="en-GB", timezone_id="Europe/Berlin")
        await page.goto(f"{base}/sign-in")
        await page.locator("input[name=email]").fill(login[0])
        await page.locator("input[name=password]").fill(login[1])
        await page.keyboard.press("Enter")
        await page.wait_for_selector("h1")
        for each, address in zip(PICTURES, addresses, strict=True):
            width, height = each.window
            await page.set_viewport_size({"width": width, "height": height})
            await page.goto(base + address)
            await page.wait_for_timeout(2 * DRAWN_AFTER_MS)
            _keep(each.name, await page.screenshot())
        await browser.close()


def _keep(name: str, png: bytes) -> None:
    """Store the picture in a palette, which takes a third of the bytes."""
    with Image.open(BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        few.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
