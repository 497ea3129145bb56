"""Drivers who book in the demo's past: they book at an instant, cancel, come, or never come."""

import heapq
import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from eosvolt.adapters.simulator.clock import PastClock
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.station import Station
from eosvolt.application.actor import Actor, driver
from eosvolt.application.booking_slots import slot_plan
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.executor import Application
from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations import driving_bookings
from eosvolt.application.operations.booking_inputs import BookingCancellation
from eosvolt.application.operations.booking_refunds import BookingRefundInput, refund
from eosvolt.application.operations.driving_bookings import DriverBookingCancellation, DriverSlots
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.demo.booked_visits import booked_times, cards_in_use, chance
from eosvolt.demo.bookings import DAYS_AHEAD, Wish, booking_place, wishes
from eosvolt.demo.customers import person_of
from eosvolt.demo.invoices import KnownPeople
from eosvolt.demo.planned_work import Planned, work_at
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingReceiptIssued
from eosvolt.domain.bookings.state import Booked, NoBooking
from eosvolt.domain.bookings.values import BookingStatus
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Fact, Rejected
from eosvolt.domain.locations.decider import Location, locations

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
# One in so many is booked by the operator for a customer who calls, and one is cancelled by its driver.
_BY_PHONE, _CANCELLED = 4, 11
_CANCELLED_BEFORE = timedelta(hours=2)
# Chargers are told what is booked when it is, before the slot, and a while after a plug was found taken.
_TOLD = (timedelta(minutes=-60), timedelta(minutes=-14), timedelta(minutes=-5), timedelta(minutes=1))


class _FeeRefund(NamedTuple):
    """A refund so many days ago of the fee of a booking that ended so: of ``amount``, or of all of it."""

    days_ago: int
    status: BookingStatus
    reason: str
    amount: Decimal | None = None


FEE_REFUNDS = (
    _FeeRefund(16, BookingStatus.NO_SHOW, "The garage was closed for an hour"),
    _FeeRefund(6, BookingStatus.COMPLETED, "Goodwill: another car stood there at first", Decimal("0.50")),
)
# Somebody complains so long after the receipt, at the least.
_COMPLAINT = timedelta(hours=2)


class PastBookers:
    """Who books in a past: each wish is a booking by its driver or by the operator, made by an operation."""

    def __init__(
        self, application: Application, clock: PastClock, owner: Actor, people: Sequence[CustomerPerson]
    ) -> None:
        """``clock`` shows the past; ``people`` are the customers."""
        self._application, self._clock, self._owner = application, clock, owner
        self._operations = Operations(application, clock, Ports(customer_records=KnownPeople(people)))
        self._acts: list[tuple[datetime, int, Wish | None]] = []
        self._order = itertools.count()

    async def plan(self, since: datetime, until: datetime) -> None:
        """Plan what is booked for the days from ``since`` until some days after ``until``."""
        place = await self._application.state(locations, booking_place())
        if not isinstance(place, Location):
            return
        plan = slot_plan(place)
        first, last = local_date(since, plan.time_zone), local_date(until, plan.time_zone)
        for day in range((last - first).days + DAYS_AHEAD):
            for wish in wishes(first + timedelta(days=day), plan):
                if wish.made_at > since:
                    self._put(wish.made_at, wish)

    def due(self) -> datetime:
        """When something is booked or cancelled next, or chargers are told of it."""
        return self._acts[0][0] if self._acts else NEVER

    async def step(self, stations: Mapping[str, Station]) -> None:
        """Book or cancel what is due, and tell the ``stations`` what is booked of them."""
        now, _, wish = heapq.heappop(self._acts)
        if wish is not None:
            await self._act(wish)
        booked = await booked_times(self._application, now, cards_in_use(list(stations.values())))
        for box, station in stations.items():
            for number, plug in station.plugs.items():
                plug.book(now, booked.get((box, number), ()))

    async def _act(self, wish: Wish) -> None:
        state = await self._application.state(bookings, wish.booking.booking)
        if isinstance(state, NoBooking):
            await self._book(wish)
        elif isinstance(state, Booked):
            await self._cancel(wish)

    async def _book(self, wish: Wish) -> None:
        number = chance(wish.booking.booking)
        try:
            if number % _BY_PHONE == 0:
                await self._operations.run(operations.book, self._owner, wish.booking)
            else:
                await self._operations.run(driving_bookings.book, _actor(wish), _by_driver(wish))
        except Rejected:
            # Somebody has the plug, or it does not work.
            return
        since = wish.booking.since
        for before in _TOLD:
            self._put(since + before, None)
        if number % _CANCELLED == 0:
            self._put(since - _CANCELLED_BEFORE, wish)

    async def _cancel(self, wish: Wish) -> None:
        booking = wish.booking.booking
        if chance(booking) % _BY_PHONE == 0:
            wanted = BookingCancellation(booking=booking, note="The driver called: the train was late.")
            await self._operations.run(operations.cancel, self._owner, wanted)
        else:
            own = DriverBookingCancellation(booking=booking, email=person_of(wish.driver).email)
            await self._operations.run(driving_bookings.cancel, _actor(wish), own)

    def _put(self, at: datetime, wish: Wish | None) -> None:
        heapq.heappush(self._acts, (at, next(self._order), wish))


def _actor(wish: Wish) -> Actor:
    return driver(str(uuid5(NAMESPACE_URL, f"driver:{wish.driver}")), DEMO.company)


def _by_driver(wish: Wish) -> DriverSlots:
    return DriverSlots(
        booking=wish.booking.booking,
        email=person_of(wish.driver).email,
        location=wish.booking.location,
        since=wish.booking.since,
        slots=wish.booking.slots,
        charger=wish.booking.charger,
        plug=wish.booking.plug,
    )


def fee_refunds(
    application: Application, facts: Sequence[Fact], now: datetime, owner: Actor
) -> Iterator[Planned]:
    """Refunds of fees of bookings in a past that was lived, ``facts`` in the order of time."""
    charged = {fact.key: fact.event for fact in facts if isinstance(fact.event, BookingFeeCharged)}
    receipts = [fact for fact in facts if isinstance(fact.event, BookingReceiptIssued)]
    for story in FEE_REFUNDS:
        at = now - timedelta(days=story.days_ago)
        booking = next(
            (
                fact.key
                for fact in reversed(receipts)
                if fact.recorded_at < at - _COMPLAINT and charged[fact.key].status is story.status
            ),
            None,
        )
        if booking is not None:
            wanted = BookingRefundInput(booking=booking, reason=story.reason, amount=story.amount)
            yield work_at(at, application, owner, refund, wanted)
