"""Bookings by API and pages: what is shown can be booked, what is taken is refused with a sentence."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from eosvolt.adapters.http.web.shell.formats import clock_of
from eosvolt.application.operations import bookings
from eosvolt.application.operations.bookings import BookingRulesInput
from eosvolt.domain.bookings.commands import ReachBookingDeadline
from eosvolt.domain.bookings.decider import bookings as booking_decider
from eosvolt.domain.charge_points.commands import RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.locations.booking_rules import BookingRules
from tests.drivers_in_memory import DRIVER_SECRET
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION
from tests.unit.operations.booking_examples import (
    BOOKING,
    LATER,
    SINCE,
    a_bookable_charger,
    a_booking,
    a_held_slot,
)
from tests.unit.operations.booking_request_cases import a_booking_feed
from tests.unit.operations.charging import OWNER, SESSION, a_location
from tests.unit.operations.driving import a_driver_who_charges
from tests.web_in_memory import Site

SLOT = {"start": SINCE.isoformat(), "chargeBoxId": CHARGE_BOX_ID, "plug": 1}
WANTED = {"locationId": LOCATION, "customerId": "ana", **SLOT}
AT = clock_of(SINCE, "Europe/Berlin")
DAY = SINCE.date().isoformat()
HERE = f"/locations/{LOCATION}"


@pytest.fixture
async def site() -> Site:
    return await Site().opened()


async def free(site: Site, **query: Any) -> list[str]:
    """When the slots begin in which a plug is free."""
    answer = await site.api("GET", f"{HERE}/slots?" + "&".join(f"{k}={v}" for k, v in query.items()))
    assert answer.status_code == 200, answer.text
    return [each["start"] for each in answer.json()["items"] if each["free"]]


async def test_every_slot_that_is_shown_can_be_booked_and_is_not_shown_again(site: Site) -> None:
    await a_bookable_charger(site)
    rules = BookingRules(enabled=True, one_per_driver=False, buffer_minutes=30)
    await site.operations.run(bookings.set_rules, OWNER, BookingRulesInput(location=LOCATION, rules=rules))
    booked = 0
    while starts := await free(site, date=DAY, chargeBoxId=CHARGE_BOX_ID, plug=1):
        answer = await site.api("POST", "/bookings", WANTED | {"start": starts[booked % len(starts)]})
        assert answer.status_code == 201, answer.text
        booked += 1
    assert booked
    assert await free(site, date=DAY, chargeBoxId=CHARGE_BOX_ID, plug=2)


async def test_what_cannot_be_is_said_at_its_field(site: Site) -> None:
    await a_bookable_charger(site)
    for change, pointer in (
        ({"customerId": ""}, "/customerId"),
        ({"token": "T7"}, "/customerId"),
        ({"customerId": "", "token": "T7"}, "/token"),
        ({"chargeBoxId": "CP-99"}, "/plug"),
        ({"chargeBoxId": ""}, "/plug"),
        ({"slots": 0}, "/slots"),
        ({"fee": {"sameDay": "1.00"}}, "/fee"),
    ):
        answer = await site.api("POST", "/bookings", WANTED | change)
        assert answer.status_code == 422, change
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer], change
    elsewhere = await site.api("POST", "/bookings", WANTED | {"locationId": "elsewhere"})
    assert elsewhere.status_code == 404


async def test_rules_that_cannot_be_are_refused_all_at_once(site: Site) -> None:
    await a_location(site)
    answer = await site.api(
        "PUT", f"{HERE}/booking", {"enabled": True, "slotMinutes": 45, "aheadDays": 0, "from": "08:00"}
    )
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/slotMinutes", "/aheadDays"}
    unknown = await site.api("PUT", f"{HERE}/booking", {"enabled": True, "freeMinutes": 5})
    assert unknown.status_code == 422


async def test_rules_are_guarded_by_their_version(site: Site) -> None:
    await a_location(site)
    first = await site.api("PUT", f"{HERE}/booking", {"enabled": True})
    second = await site.api("PUT", f"{HERE}/booking", {"enabled": False})
    assert first.headers["etag"] != second.headers["etag"]
    stale = await site.api("PUT", f"{HERE}/booking", {"enabled": True}, **{"if-match": first.headers["etag"]})
    assert stale.status_code == 412


async def test_a_held_slot_is_confirmed_or_forgotten(site: Site) -> None:
    await a_held_slot(site)
    held = (await site.api("GET", f"/bookings/{BOOKING}")).json()
    assert held["state"] == "held"
    assert held["heldUntil"]
    assert (await site.api("GET", "/bookings")).json()["items"] == []
    assert len((await site.api("GET", "/bookings?state=held")).json()["items"]) == 1
    booked = await site.api("POST", f"/bookings/{BOOKING}/confirm")
    assert booked.json()["state"] == "booked"
    assert "heldUntil" not in booked.json()


async def test_a_repeated_request_makes_one_booking(site: Site) -> None:
    await a_bookable_charger(site)
    made = [await site.api("POST", "/bookings", WANTED, **{"idempotency-key": "k1"}) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    assert made[0].json()["id"] == made[1].json()["id"]
    assert len((await site.api("GET", "/bookings")).json()["items"]) == 1


async def test_a_no_show_is_shown_and_counted(site: Site) -> None:
    await a_booking(site)
    over = SINCE + timedelta(hours=1)
    site.clock.set(over)
    why = Provenance(company=COMPANY, by="system:deadlines")
    await site.application.execute(booking_decider, BOOKING, ReachBookingDeadline(at=over), why)
    row = (await site.api("GET", f"/bookings/{BOOKING}")).json()
    assert (row["state"], row["reason"]) == ("noShow", "noShow")
    shown = await site.page(f"/bookings/{BOOKING}")
    assert "No-show" in shown.text
    assert "Nobody charged in time" in shown.text
    listed = await site.page(f"/bookings?view=list&from={DAY}&state=noShow")
    assert f'id="booking-{BOOKING}"' in listed.text
    assert '<span class="glance-name">No-shows</span><strong class="num">1</strong>' in listed.text
    assert 'draggable="true"' not in (await site.page("/bookings")).text


async def test_a_driver_sees_and_changes_nothing_of_others(site: Site) -> None:
    await a_bookable_charger(site)
    await site.api("POST", "/tokens", {"uid": "T7"})
    other = await site.api("POST", "/bookings", {"locationId": LOCATION, "token": "T7", **SLOT})
    theirs = other.json()["id"]
    for method, path, body in (
        ("GET", "", None),
        ("POST", "/confirm", None),
        ("POST", "/release", None),
        ("POST", "/cancel", {}),
        ("POST", "/extend", {"slots": 2}),
        ("POST", "/reschedule", {"start": LATER.isoformat()}),
        ("POST", "/give-back", None),
    ):
        answer = await site.api(method, f"/driver/bookings/{theirs}{path}", body, DRIVER_SECRET)
        assert answer.status_code == 404, path
    assert (await site.api("GET", "/driver/bookings", None, DRIVER_SECRET)).json()["items"] == []


async def test_slots_of_a_location_that_a_driver_may_not_see_are_not_there(site: Site) -> None:
    await a_bookable_charger(site)
    path = f"/api/v1/driver/locations/{COMPANY}/{LOCATION}/slots?date={DAY}"
    assert (await site.web.get(path)).status_code == 200
    hidden = await site.api("PATCH", HERE, {"type": "private"})
    assert hidden.status_code == 200
    assert (await site.web.get(path)).status_code == 404


async def test_what_a_driver_holds_is_free_for_the_driver_and_taken_for_others(site: Site) -> None:
    await a_held_slot(site)
    place = f"{COMPANY}/{LOCATION}"
    api = f"/api/v1/driver/locations/{place}/slots?date={DAY}&chargeBoxId={CHARGE_BOX_ID}&plug=1"
    page = f"/drive/locations/{place}/book?date={DAY}&plug={CHARGE_BOX_ID}/1"
    for who, taken in ((DRIVER_SECRET, False), ("", True)):
        answer = await site.web.get(api, headers={"authorization": f"Bearer {who}"} if who else {})
        first = answer.json()["items"]
        offered = next(each for each in first if datetime.fromisoformat(each["start"]) == SINCE)
        assert (not offered["free"]) is taken
        shown = (await site.page(page, by=who) if who else await site.web.get(page)).text
        assert (f'value="{SINCE.isoformat()}" required disabled' in shown) is taken


async def test_a_location_with_bookings_is_not_removed(site: Site) -> None:
    await a_booking(site)
    # The charger itself knows nothing of its bookings.
    command = RemoveChargePoint(at=site.clock.now())
    await site.application.execute(
        charge_points, f"{COMPANY}/{CHARGE_BOX_ID}", command, Provenance(COMPANY, "system:test")
    )
    refused = await site.api("DELETE", HERE)
    assert refused.status_code == 409
    assert "still has bookings" in refused.json()["detail"]
    assert (await site.api("POST", f"/bookings/{BOOKING}/cancel", {"reason": "Closed"})).is_success
    assert (await site.api("DELETE", HERE)).status_code == 204


async def test_a_driver_who_is_too_late_to_cancel_is_told_so(site: Site) -> None:
    await a_booking(site)
    site.clock.set(SINCE)
    answer = await site.api("POST", f"/driver/bookings/{BOOKING}/cancel", {}, DRIVER_SECRET)
    assert answer.status_code == 409
    assert "has begun" in answer.json()["detail"]
    shown = await site.page(f"/drive/bookings/{BOOKING}", by=DRIVER_SECRET)
    assert "can no longer be changed or cancelled" in shown.text
    assert f"/drive/bookings/{BOOKING}/extend" not in shown.text
    assert (await site.api("POST", f"/bookings/{BOOKING}/cancel", {"reason": "On the phone"})).is_success


async def test_a_feed_is_there_for_who_knows_its_secret_alone(site: Site) -> None:
    await a_booking_feed(site)
    for secret in ("a1" * 32, "x", "a1" * 32 + ".ics"):
        answer = await site.web.get(f"/booking-feeds/{COMPANY}/{LOCATION}/{secret}")
        assert answer.status_code == 404
    made = await site.api("POST", f"{HERE}/booking-feed")
    path = made.json()["url"].partition("localhost")[2]
    assert (await site.web.get(path)).headers["content-type"].startswith("text/calendar")
    assert (await site.web.get(path.replace(f"/{COMPANY}/", "/77/"))).status_code == 404
    again = await site.api("GET", f"{HERE}/booking-feed")
    assert "url" not in again.json()
    assert (await site.api("DELETE", f"{HERE}/booking-feed")).status_code == 204
    assert (await site.web.get(path)).status_code == 404


async def test_whoever_comes_before_a_booked_time_is_told_when_a_session_is_stopped(site: Site) -> None:
    await a_bookable_charger(site)
    await site.api("POST", "/tokens", {"uid": "T7"})
    page = f"/drive/{COMPANY}/{CHARGE_BOX_ID}/1"
    assert "booked this plug" not in (await site.page(page, by=DRIVER_SECRET)).text
    other = await site.api("POST", "/bookings", {"locationId": LOCATION, "token": "T7", **SLOT})
    told = f"Another driver has booked this plug from {AT} on. A session is stopped then."
    assert told in (await site.page(page, by=DRIVER_SECRET)).text
    assert told in (await site.web.get(page)).text
    assert "booked this plug" not in (await site.page(page[:-1] + "2", by=DRIVER_SECRET)).text
    assert (await site.api("POST", f"/bookings/{other.json()['id']}/cancel", {"reason": "Ill"})).is_success
    assert (await site.api("POST", "/bookings", WANTED)).status_code == 201
    assert "A session that you start now is stopped then" in (await site.page(page, by=DRIVER_SECRET)).text


async def test_a_session_into_a_booked_time_shows_its_warning_from_a_quarter_of_an_hour_before(
    site: Site,
) -> None:
    await a_driver_who_charges(site)
    wanted = BookingRulesInput(location=LOCATION, rules=BookingRules(enabled=True, one_per_driver=False))
    await site.operations.run(bookings.set_rules, OWNER, wanted)
    await site.api("POST", "/tokens", {"uid": "T7"})
    other = await site.api("POST", "/bookings", {"locationId": LOCATION, "token": "T7", **SLOT})
    page = f"/drive/sessions/{SESSION}"

    async def shown(minutes: int) -> str:
        site.clock.set(SINCE - timedelta(minutes=minutes))
        return (await site.page(page, by=DRIVER_SECRET)).text

    assert "booked this plug" not in await shown(16)
    told = f"Another driver has booked this plug from {AT} on. Charging is stopped then."
    assert told in await shown(15)
    assert told in await shown(1)
    assert (await site.api("POST", f"/bookings/{other.json()['id']}/cancel", {"reason": "Ill"})).is_success
    assert "booked this plug" not in await shown(1)
    # What was begun on demand is stopped for the driver's own booking as well, unless it may go on.
    assert (await site.api("POST", "/bookings", WANTED)).status_code == 201
    assert f"You have booked this plug from {AT} on. This session is stopped then" in await shown(1)
