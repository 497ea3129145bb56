"""The bookings of the demo: a garage whose plugs can be booked, with past and coming bookings.

Past bookings are of drivers who charged then; some were cancelled, and to some nobody came.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.application.actor import Actor
from eosvolt.application.booking_slots import slot_plan
from eosvolt.application.executor import Application
from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations.booking_plans import NewBookingInput
from eosvolt.application.operations.operation import Operations
from eosvolt.demo.contents import WHY, location_id
from eosvolt.demo.customers import holders, person_of
from eosvolt.demo.past_sessions import session_rows
from eosvolt.domain.bookings.commands import (
    BeginBooking,
    BookingCommand,
    CancelBooking,
    MakeBooking,
    ReachBookingDeadline,
)
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.slots import Slot, SlotPlan
from eosvolt.domain.bookings.values import BookedPlug, Booker, BookingCancelReason, SlotChoice
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Fact, Provenance, Rejected
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.locations.commands import ChangeBookingRules
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.locations.opening_hours import OpenRange
from eosvolt.projections.session_row import SessionRow

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
)
# A driver books so long before, and what was before on the plug or of the driver is over by then.
_BEFORE = timedelta(hours=2)
_MOST_SLOTS = 4
# Of those who could have booked every other one did.
_EVERY = 2
DAYS_AHEAD = 5
# Where to book on a coming day: hours after the first slot, plugs of the place, slots.
_PATTERN = ((2, 0, 2), (3, 1, 1), (5, 2, 3), (9, 0, 1), (11, 3, 2), (12, 1, 2))


class _Visit(NamedTuple):
    """A session that could have been booked, and the slots around it."""

    row: SessionRow
    slots: Sequence[Slot]


def booking_place() -> str:
    """The id of the location whose plugs can be booked."""
    return location_id(DEMO.company, PLACE)


async def open_for_bookings(application: Application, at: datetime) -> None:
    """Let drivers book the plugs of the garage."""
    command = ChangeBookingRules(at=at, rules=RULES)
    await application.execute(locations, booking_place(), command, WHY)


async def book_past(application: Application, facts: Sequence[Fact], now: datetime) -> None:
    """Make the bookings of the past in which ``facts`` happened: used ones, cancelled ones, no-shows."""
    place = await application.state(locations, booking_place())
    if not isinstance(place, Location):
        return
    plan = slot_plan(place)
    rows = session_rows(facts, lambda start: start.place.location == booking_place())
    ended = [row for row in rows if row.ended_at is not None and row.ended_at < now - _BEFORE]
    for number, visit in enumerate(_visits(ended, plan)):
        if number % _EVERY:
            continue
        choice = _choice(visit, plan)
        made = choice.since - _BEFORE
        await _execute(application, choice.booking, MakeBooking(choice=choice, at=made))
        for command in _story(number, visit, choice):
            await _execute(application, choice.booking, command)


def _visits(rows: Sequence[SessionRow], plan: SlotPlan) -> Iterator[_Visit]:
    """Sessions of customers that lie in slots and begin long enough after the one before.

    Everything about an earlier booking of the plug or of the driver is over before the next one is made.
    """
    over: dict[str, datetime] = {}
    for row in sorted(rows, key=lambda each: each.started_at):
        plug = f"{row.charge_point}/{row.connector}"
        slots = _slots_around(row, plan)
        if not row.customer or not slots:
            continue
        made = slots[0].since - _BEFORE
        if any(made <= over[each] for each in (plug, row.customer) if each in over):
            continue
        over[plug] = over[row.customer] = slots[-1].until + timedelta(hours=1)
        yield _Visit(row, slots)


def _slots_around(row: SessionRow, plan: SlotPlan) -> Sequence[Slot]:
    """The slots in which a session begins and charges; none if it begins late in its slot."""
    ends = row.ended_at or row.started_at
    slots = plan.slots_of(local_date(row.started_at, plan.time_zone))
    around = [slot for slot in slots if slot.until > row.started_at and slot.since < ends]
    in_time = timedelta(minutes=RULES.auto_cancel_minutes or 0)
    if not around or not around[0].since <= row.started_at < around[0].since + in_time:
        return ()
    return around[:_MOST_SLOTS]


def _choice(visit: _Visit, plan: SlotPlan) -> SlotChoice:
    row, slots = visit
    plugs = {plug.number: plug for plug in DEMO.plans[row.charge_point].plugs}
    described = plugs[row.connector]
    return SlotChoice(
        booking=str(uuid5(NAMESPACE_URL, f"booking:{row.id}")),
        company=DEMO.company,
        location=row.location,
        time_zone=plan.time_zone,
        plug=BookedPlug(row.charge_point, row.connector, described.type, described.max_power_w),
        booker=Booker(customer=row.customer),
        since=slots[0].since,
        until=slots[-1].until,
        slots=len(slots),
        rules=RULES,
    )


def _story(number: int, visit: _Visit, choice: SlotChoice) -> Iterator[BookingCommand]:
    """How a booking goes on: most drivers come, some cancel, and some never come."""
    if number % 14 == 6:
        at = choice.since - _BEFORE / 2
        yield CancelBooking(at=at, reason=BookingCancelReason.BY_DRIVER)
        return
    if number % 14 != 10:
        started = visit.row.started_at
        yield BeginBooking(session=visit.row.id, plug=choice.plug, at=started, received_at=started)
    yield ReachBookingDeadline(at=choice.until + timedelta(minutes=RULES.late_stop_minutes))


async def _execute(application: Application, booking: str, command: BookingCommand) -> None:
    why = Provenance(DEMO.company, "system:demo", "past of the demo")
    await application.execute(bookings, booking, command, why)


async def book_ahead(application: Application, runner: Operations, owner: Actor, now: datetime) -> None:
    """Book on the coming days, as the operator would for customers who call.

    A day that was booked at an earlier start stays as it is.
    """
    place = await application.state(locations, booking_place())
    if not isinstance(place, Location) or not place.booking.enabled:
        return
    plan, names = slot_plan(place), holders()
    plugs = [
        (charger.plan.charge_box_id, plug.number)
        for charger in DEMO.chargers
        if charger.location == PLACE
        for plug in charger.plan.plugs
    ]
    for day in range(DAYS_AHEAD):
        date = local_date(now, plan.time_zone) + timedelta(days=day)
        slots = plan.slots_of(date)
        for turn, (first, plug, count) in enumerate(_PATTERN):
            if first >= len(slots) or slots[first].since <= now:
                continue
            box, number = plugs[plug % len(plugs)]
            name = names[(date.toordinal() * len(_PATTERN) + turn) % len(names)]
            wanted = NewBookingInput(
                booking=str(uuid5(NAMESPACE_URL, f"booking:{date}/{turn}")),
                location=booking_place(),
                since=slots[first].since,
                slots=count,
                charger=box,
                plug=number,
                customer=person_of(name).customer,
            )
            try:
                await runner.run(operations.book, owner, wanted)
            except Rejected:
                # Somebody has the plug, or the customer has another booking.
                continue
