"""The bookings of the demo: a garage whose plugs can be booked, what drivers book there, and the rules.

Who books has a card for it, which nobody uses elsewhere meanwhile.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.application.actor import Actor
from eosvolt.application.booking_slots import slot_plan
from eosvolt.application.executor import Application
from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations.booking_plans import NewBookingInput
from eosvolt.application.operations.operation import Operations
from eosvolt.demo.booked_visits import chance
from eosvolt.demo.contents import WHY, location_id
from eosvolt.demo.customers import BOOKERS, person_of
from eosvolt.domain.bookings.slots import SlotPlan
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.booking_rules import BookingRules, SlotFee
from eosvolt.domain.locations.commands import ChangeBookingRules
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.locations.opening_hours import OpenRange
from eosvolt.domain.tariffs.tariff import BlockingFee

PLACE = "Wien Naschmarkt Garage"
RULES = BookingRules(
    enabled=True,
    frame=OpenRange(6 * 60, 23 * 60),
    slot_minutes=60,
    buffer_minutes=10,
    auto_cancel_minutes=30,
    early_start_minutes=10,
    late_stop_minutes=10,
    ahead_days=60,
    # Who books regularly books several days at once.
    one_per_driver=False,
    fee=SlotFee(same_day=Decimal("1.50"), future=Decimal("1.00")),
    grace_minutes=15,
    blocking_fee=BlockingFee(Decimal("2.00"), 30),
)
DAYS_AHEAD = 5
# Where to book on a day: hours after the first slot, plugs of the place, slots.
_PATTERN = ((2, 0, 2), (3, 1, 1), (5, 2, 3), (9, 0, 1), (11, 3, 2), (12, 1, 2))
# Drivers book so many hours before, at the least and at the most.
_LEAST_H, _MOST_H = 3, 40


class Wish(NamedTuple):
    """What somebody books at an instant."""

    made_at: datetime
    driver: str
    booking: NewBookingInput


def booking_place() -> str:
    """The id of the location whose plugs can be booked."""
    return location_id(DEMO.company, PLACE)


async def open_for_bookings(application: Application, at: datetime) -> None:
    """Let drivers book the plugs of the garage."""
    command = ChangeBookingRules(at=at, rules=RULES)
    await application.execute(locations, booking_place(), command, WHY)


def wishes(day: date, plan: SlotPlan) -> Iterator[Wish]:
    """What is booked for a local day; the same day gives the same wishes."""
    plugs = [
        (charger.plan.charge_box_id, plug.number)
        for charger in DEMO.chargers
        if charger.location == PLACE
        for plug in charger.plan.plugs
    ]
    slots = plan.slots_of(day)
    for turn, (hour, plug, count) in enumerate(_PATTERN):
        first = hour + day.toordinal() % 2
        if first + count > len(slots):
            continue
        booking = str(uuid5(NAMESPACE_URL, f"booking:{day}/{turn}"))
        box, number = plugs[(plug + day.toordinal()) % len(plugs)]
        driver = BOOKERS[(day.toordinal() * len(_PATTERN) + turn) % len(BOOKERS)]
        since = slots[first].since
        before = timedelta(hours=_LEAST_H + chance(booking) % (_MOST_H - _LEAST_H), minutes=turn * 7)
        wanted = NewBookingInput(
            booking=booking,
            location=booking_place(),
            since=since,
            slots=count,
            charger=box,
            plug=number,
            customer=person_of(driver).customer,
        )
        yield Wish(since - before, driver, wanted)


async def book_ahead(application: Application, runner: Operations, owner: Actor, now: datetime) -> None:
    """Book on the coming days, as the operator would for customers who call.

    What was booked before stays as it is.
    """
    place = await application.state(locations, booking_place())
    if not isinstance(place, Location) or not place.booking.enabled:
        return
    plan = slot_plan(place)
    for day in range(DAYS_AHEAD):
        for wish in wishes(local_date(now, plan.time_zone) + timedelta(days=day), plan):
            if wish.booking.since <= now:
                continue
            try:
                await runner.run(operations.book, owner, wish.booking)
            except Rejected:
                # Somebody has the plug.
                continue
