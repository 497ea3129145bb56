"""The requests that set rules for bookings, book, change and cancel, and their secret address."""

from eosvolt.application.operations import booking_feeds
from eosvolt.application.operations.booking_feeds import BookingFeedEnd, BookingFeedIssue
from tests.drivers_in_memory import DRIVER
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION
from tests.unit.operations.booking_examples import (
    BOOKING,
    LATER,
    SINCE,
    a_bookable_charger,
    a_booking,
    a_charged_fee,
    a_held_slot,
    a_used_booking,
)
from tests.unit.operations.charging import OWNER, a_location
from tests.unit.operations.permission_example import Example
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site


async def a_booking_feed(site: Site) -> None:
    await a_location(site)
    wanted = BookingFeedIssue(location=LOCATION, digest="a1" * 32)
    await site.operations.run(booking_feeds.issue, OWNER, wanted)


EXAMPLES_OF_BOOKING_FEEDS: dict[str, Example] = {
    "booking_feeds.issue": Example(a_location, BookingFeedIssue(location=LOCATION, digest="b2" * 32)),
    "booking_feeds.withdraw": Example(a_booking_feed, BookingFeedEnd(location=LOCATION)),
}
_ONE = f"/bookings/{BOOKING}"
_PLUG = {"chargeBoxId": CHARGE_BOX_ID, "plug": 1}
_PLUG_FIELD = f"{CHARGE_BOX_ID}/1"
_SLOT = {"start": SINCE.isoformat(), "slots": 1, **_PLUG}
_RULES_FORM = {
    "enabled": "yes",
    "from": "08:00",
    "to": "20:00",
    "slotMinutes": "90",
    "bufferMinutes": "15",
    "autoCancelMinutes": "20",
    "onePerDriver": "yes",
    "earlyStartMinutes": "10",
    "lateStopMinutes": "5",
    "aheadDays": "30",
    "noticeMinutes": "0",
    "changeMinutes": "60",
    "cancelMinutes": "120",
    "feeSameDay": "2,50",
    "feeFuture": "1.00",
    "strategy": "perKwh",
    "price": "0.40",
    "windows": "00:00–06:00 0.25",
    "freeKwh": "5",
    "graceMinutes": "10",
    "blockingFee": "3",
    "blockingInterval": "15",
    "blockingCap": "",
}
_RULES = {
    "enabled": True,
    "from": "08:00",
    "to": "20:00",
    "slotMinutes": 90,
    "bufferMinutes": 15,
    "autoCancelMinutes": 20,
    "mixMode": False,
    "earlyStartMinutes": 10,
    "lateStopMinutes": 5,
    "aheadDays": 30,
    "cancelMinutes": 120,
    "fee": {"sameDay": "2.50", "future": "1.00"},
    "pricing": {
        "strategy": "perKwh",
        "price": "0.40",
        "windows": [{"from": "00:00", "to": "06:00", "price": "0.25"}],
    },
    "freeKwh": "5",
    "graceMinutes": 10,
    "blockingFee": {"amount": "3", "intervalMinutes": 15},
}
_DRIVER_SLOT = {"company": COMPANY, "locationId": LOCATION, **_SLOT}
_BOOK_PAGE = f"/drive/locations/{COMPANY}/{LOCATION}/book"
WAYS_OF_BOOKINGS: dict[str, list[Ways]] = {
    "bookings.set_rules": [
        Ways(
            ("PUT", f"/locations/{LOCATION}/booking", _RULES),
            (f"/locations/{LOCATION}/booking", _RULES_FORM),
            a_location,
        )
    ],
    "bookings.book": [
        Ways(
            ("POST", "/bookings", {"locationId": LOCATION, "customerId": "ana", **_SLOT}),
            (
                "/bookings/new",
                {
                    "location": LOCATION,
                    "start": SINCE.isoformat(),
                    "slots": "1",
                    "plug": _PLUG_FIELD,
                    "email": DRIVER.email,
                    "token": "",
                },
            ),
            a_bookable_charger,
        )
    ],
    # Operators hold nothing in their pages: they book at once.
    "bookings.hold": [
        Ways(
            ("POST", "/bookings/holds", {"locationId": LOCATION, "customerId": "ana", **_SLOT}),
            None,
            a_bookable_charger,
        )
    ],
    "bookings.confirm": [Ways(("POST", f"{_ONE}/confirm", None), None, a_held_slot)],
    "bookings.release": [Ways(("POST", f"{_ONE}/release", None), None, a_held_slot)],
    "bookings.reschedule": [
        Ways(
            ("POST", f"{_ONE}/reschedule", {"start": LATER.isoformat(), **_PLUG}),
            (f"{_ONE}/reschedule", {"start": LATER.isoformat(), "plug": _PLUG_FIELD}),
            a_booking,
        )
    ],
    "bookings.extend": [
        Ways(("POST", f"{_ONE}/extend", {"slots": 2}), (f"{_ONE}/extend", {"slots": "2"}), a_booking)
    ],
    "bookings.cancel": [
        Ways(
            ("POST", f"{_ONE}/cancel", {"reason": "Closed"}),
            (f"{_ONE}/cancel", {"note": " Closed "}),
            a_booking,
        )
    ],
    "booking_refunds.refund": [
        Ways(
            ("POST", f"{_ONE}/refunds", {"reason": "Goodwill", "amount": "1.50"}),
            (f"{_ONE}/refund", {"reason": " Goodwill ", "amount": "1,50"}),
            a_charged_fee,
        )
    ],
    "bookings.give_back": [
        Ways(("POST", f"{_ONE}/give-back", None), (f"{_ONE}/give-back", {}), a_used_booking)
    ],
    "booking_feeds.issue": [
        Ways(
            ("POST", f"/locations/{LOCATION}/booking-feed", None),
            (f"/locations/{LOCATION}/booking/feed", {}),
            a_location,
        )
    ],
    "booking_feeds.withdraw": [
        Ways(
            ("DELETE", f"/locations/{LOCATION}/booking-feed", None),
            (f"/locations/{LOCATION}/booking/feed/withdraw", {}),
            a_booking_feed,
        )
    ],
    "driving_bookings.hold": [
        Ways(
            ("POST", "/driver/bookings/holds", _DRIVER_SLOT),
            (_BOOK_PAGE, {"start": SINCE.isoformat(), "slots": "1", "plug": _PLUG_FIELD}),
            a_bookable_charger,
            by_driver=True,
        )
    ],
    # In the pages of drivers slots are held first.
    "driving_bookings.book": [
        Ways(("POST", "/driver/bookings", _DRIVER_SLOT), None, a_bookable_charger, by_driver=True)
    ],
    "driving_bookings.confirm": [
        Ways(
            ("POST", f"/driver{_ONE}/confirm", None),
            (f"/drive{_ONE}/confirm", {}),
            a_held_slot,
            by_driver=True,
        )
    ],
    "driving_bookings.release": [
        Ways(
            ("POST", f"/driver{_ONE}/release", None),
            (f"/drive{_ONE}/release", {}),
            a_held_slot,
            by_driver=True,
        )
    ],
    "driving_bookings.reschedule": [
        Ways(
            ("POST", f"/driver{_ONE}/reschedule", {"start": LATER.isoformat()}),
            (f"/drive{_ONE}/change", {"start": LATER.isoformat()}),
            a_booking,
            by_driver=True,
        )
    ],
    "driving_bookings.extend": [
        Ways(
            ("POST", f"/driver{_ONE}/extend", {"slots": 2}),
            (f"/drive{_ONE}/extend", {"slots": "2"}),
            a_booking,
            by_driver=True,
        )
    ],
    "driving_bookings.cancel": [
        Ways(
            ("POST", f"/driver{_ONE}/cancel", {}),
            (f"/drive{_ONE}/cancel", {}),
            a_booking,
            by_driver=True,
        )
    ],
    "driving_bookings.give_back": [
        Ways(
            ("POST", f"/driver{_ONE}/give-back", None),
            (f"/drive{_ONE}/give-back", {}),
            a_used_booking,
            by_driver=True,
        )
    ],
}
