"""Drivers of the demo come to what they booked, most of them, and others make room for them."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import psycopg

from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.park import Park
from eosvolt.adapters.simulator.parking_bay_session import BookedTime
from eosvolt.adapters.simulator.station import Station
from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock
from eosvolt.demo.customers import BOOKING_CARDS
from eosvolt.domain.bookings.calendar import calendars
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.state import Active, Booked, Known
from eosvolt.domain.bookings.values import BookedPlug, SlotChoice
from eosvolt.domain.customers.decider import Customer, customers

LOOK_EVERY_S = 20.0
# What is booked for later is told in time.
_SOON = timedelta(days=1)
# One in so many does not come.
_MISSED = 9
# The cards with which drivers come, those first that they have for it.
_CARDS = tuple(token.uid for token in (*BOOKING_CARDS, *DEMO.drivers))

# What is booked of each plug, by charge box id and number.
BookedTimes = Mapping[tuple[str, int], Sequence[BookedTime]]


def chance(booking: str) -> int:
    """A number from 0 on that follows from the id of a booking, and decides what its driver does."""
    return int.from_bytes(sha256(booking.encode()).digest()[:4])


def comes_at(choice: SlotChoice) -> datetime | None:
    """When the driver of a booking comes, by its id: a little early, in time or late; ``None``: never."""
    number = chance(choice.booking)
    if number % _MISSED == 0:
        return None
    early = min(choice.rules.early_start_minutes, 4)
    return choice.since + timedelta(minutes=number // _MISSED % (early + 9) - early, seconds=number % 60)


async def booked_times(application: Application, now: datetime, in_use: Collection[str]) -> BookedTimes:
    """What is booked of the plugs of the demo up to a day from ``now``.

    Who charges elsewhere with the card comes later: those ``in_use`` would be refused.
    """
    plugs = [BookedPlug(box, plug.number) for box, plan in DEMO.plans.items() for plug in plan.plugs]
    taken = [
        each.booking
        for calendar in await application.states(calendars, [plug.key(DEMO.company) for plug in plugs])
        for each in calendar.times
        if each.held_until is None and each.holds(now) and each.since - _SOON < now < each.until
    ]
    found: dict[tuple[str, int], list[BookedTime]] = {}
    for state in await application.states(bookings, taken):
        if isinstance(state, Booked | Active):
            time = await _booked_time(application, state, in_use)
            plug = state.choice.plug
            found.setdefault((plug.charge_point, plug.connector), []).append(time)
    return found


async def _booked_time(application: Application, state: Known, in_use: Collection[str]) -> BookedTime:
    choice = state.choice
    card = await _card(application, choice)
    comes = comes_at(choice) if isinstance(state, Booked) and card and card not in in_use else None
    return BookedTime(choice.since, choice.until, card, comes)


async def _card(application: Application, choice: SlotChoice) -> str:
    """A card of who booked, rather one for the road than one for home."""
    if choice.booker.token:
        return choice.booker.token
    customer = await application.state(customers, choice.booker.customer)
    uids = customer.tokens if isinstance(customer, Customer) else ()
    return next((uid for uid in _CARDS if uid in uids), "")


def cards_in_use(stations: Collection[Station]) -> set[str]:
    """The cards of the drivers who are at a plug."""
    plugs = [plug for station in stations for plug in station.plugs.values()]
    return {plug.visit.token for plug in plugs if plug.visit is not None}


async def come_to_bookings(application: Application, clock: Clock, park: Park) -> None:
    """Tell the chargers of a park that runs what is booked of them, until cancelled."""
    while True:
        # While the database is away they know what they knew.
        with contextlib.suppress(OSError, psycopg.Error):
            await _tell(application, clock, park)
        await asyncio.sleep(LOOK_EVERY_S)


async def _tell(application: Application, clock: Clock, park: Park) -> None:
    in_use = cards_in_use([charger.station for charger in park.chargers])
    booked = await booked_times(application, clock.now(), in_use)
    for charger in park.chargers:
        box = charger.station.plan.charge_box_id
        charger.book({plug: times for (at, plug), times in booked.items() if at == box})
