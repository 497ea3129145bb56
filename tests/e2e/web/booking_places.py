"""A location whose plugs can be booked, for tests of bookings on the screen."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Locator, expect

from tests.e2e.running import Api
from tests.e2e.web.browsing import BrowserTab

TARIFF = {"strategy": "perKwh", "price": "0.50"}
PHONE = {"viewport": {"width": 390, "height": 844}}
# Round the clock, so that there is always a slot to come, and begun before its slot, so that nobody waits.
RULES: dict[str, Any] = {
    "enabled": True,
    "slotMinutes": 30,
    "earlyStartMinutes": 30,
    "changeMinutes": 0,
    "cancelMinutes": 0,
}


def mark() -> str:
    return f"BOOK-{secrets.token_hex(4).upper()}"


def bookable(api: Api, box: str, **rules: Any) -> str:
    """A location with a charger whose plugs can be booked."""
    location = api.location(TARIFF, name=f"Yard {box}")
    api.charger(location, box)
    api.client.put(f"/locations/{location}/booking", json=RULES | rules).raise_for_status()
    return location


def customer(api: Api, name: str = "Ana Blum", **more: Any) -> str:
    email = f"{name.split(maxsplit=1)[0].lower()}.{mark().lower()}@home.example"
    api.post("/customers", {"name": name, "email": email, **more})
    return email


def slots_of(api: Api, location: str, days: int = 2) -> list[dict[str, Any]]:
    """The slots of a day to come that are free."""
    day = (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
    found = api.get(f"/locations/{location}/slots", date=day)["items"]
    return [each for each in found if each["free"]]


def book(api: Api, location: str, token: str, start: str, box: str, plug: int = 1) -> dict[str, Any]:
    wanted = {"locationId": location, "start": start, "token": token, "chargeBoxId": box, "plug": plug}
    made: dict[str, Any] = api.post("/bookings", wanted)
    return made


async def choose(slot: Locator) -> None:
    """Choose a slot by its label, behind which the button itself is hidden."""
    await slot.locator("xpath=..").click()
    await expect(slot).to_be_checked()


async def looks_well(tab: BrowserTab) -> None:
    assert await tab.too_wide() <= 0
    assert await tab.violations() == []
