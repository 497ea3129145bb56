"""Drivers hear by mail what happens to their bookings, over a real mail server and across a killed server."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from tests.e2e.notifications.conftest import SendingSystem
from tests.e2e.notifications.receivers import Mailbox
from tests.e2e.running import Api

TARIFF = {"strategy": "perKwh", "price": "0.50"}
RULES = {
    "enabled": True,
    "slotMinutes": 60,
    "fee": {"sameDay": "2.00", "future": "3.00"},
    "oneBookingPerDriver": False,
}
DRIVER = "ida@home.example"


async def mails(post: Mailbox, number: int) -> list[str]:
    """The subjects and texts of so many mails, once they are there."""
    async with asyncio.timeout(60):
        while len(post.mails) < number:
            await asyncio.sleep(0.05)
    bodies = [each.get_body() for each in post.mails]
    assert None not in bodies
    texts = [body.get_content() for body in bodies if body is not None]
    return [f"{each['subject']}\n{text}" for each, text in zip(post.mails, texts, strict=True)]


def entries(post: Mailbox) -> list[tuple[str, str, int]]:
    """Id, status and number of the calendar entry of each mail."""
    found = []
    for mail in post.mails:
        (attached,) = mail.iter_attachments()
        content = attached.get_payload(decode=True)
        assert isinstance(content, bytes)
        (entry,) = Calendar.from_ical(content.decode()).walk("VEVENT")
        found.append((str(entry["uid"]), str(entry["status"]), int(str(entry["sequence"]))))
    return found


def a_place(api: Api) -> tuple[str, str, list[dict[str, Any]]]:
    """A location that can be booked, a customer, and the free slots of the day after tomorrow."""
    location = api.location(TARIFF, name="Yard")
    api.charger(location, "BOOKED-1", plugs=2)
    customer = api.post("/customers", {"name": "Ida Lang", "email": DRIVER, "language": "de"})["id"]
    known = set(api.get(f"/locations/{location}/booking"))
    rules = {name: value for name, value in RULES.items() if name in known or name == "fee"}
    api.client.put(f"/locations/{location}/booking", json=rules).raise_for_status()
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    slots = api.get(f"/locations/{location}/slots", date=day)["items"]
    return location, customer, [each for each in slots if each["free"]]


async def test_a_driver_hears_what_happens_to_a_booking(sending: SendingSystem, post: Mailbox) -> None:
    sending.start()
    sending.create_company(242, "Volt Harbour")
    api = sending.api(242)
    location, customer, slots = a_place(api)
    wanted = {"locationId": location, "start": slots[4]["start"], "customerId": customer}
    # The mail server is away for a while, and this one is killed meanwhile.
    post.answer = "451 later"
    booking = api.post("/bookings", wanted)["id"]
    sending.kill()
    sending.start()
    post.answer = ""
    (made,) = await mails(post, 1)
    assert made.startswith("Gebucht: ")
    assert "3,00" in made
    assert f"{sending.base_url}/drive/bookings/{booking}" in made
    moved = {"start": slots[8]["start"]}
    api.post(f"/bookings/{booking}/reschedule", moved, 200)
    _, changed = await mails(post, 2)
    assert changed.startswith("Geänderte Buchung: ")
    assert "Vorher: " in changed
    assert "3,00" in changed
    api.post(f"/bookings/{booking}/cancel", {"refund": False, "reason": "Die Anlage wird gewartet."}, 200)
    *_, cancelled = await mails(post, 3)
    assert cancelled.startswith("Abgesagte Buchung: ")
    assert "Die Anlage wird gewartet." in cancelled
    assert "wird berechnet" in cancelled
    # The entry for calendar programs is one, which each mail replaces.
    ids, states, numbers = zip(*entries(post), strict=True)
    assert set(ids) == {f"{booking}@127.0.0.1"}
    assert states == ("CONFIRMED", "CONFIRMED", "CANCELLED")
    assert list(numbers) == sorted(set(numbers))
    # Whoever booked with a token alone is not known, and nothing is told twice.
    api.token("NOBODY")
    api.post("/bookings", {"locationId": location, "start": slots[6]["start"], "token": "NOBODY"})
    sending.kill()
    sending.start()
    api.post("/bookings", {"locationId": location, "start": slots[10]["start"], "customerId": customer})
    *_, last = await mails(post, 4)
    assert last.startswith("Gebucht: ")
    assert post.recipients == [[DRIVER]] * 4
