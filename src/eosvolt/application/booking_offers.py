"""Which slots of a day pages and the API offer: what they show is what can be booked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from eosvolt.application.booking_slots import (
    PlugChoice,
    SlotOffer,
    chosen_plugs,
    free_plugs,
    holds_of,
    next_booking,
    slot_plan,
)
from eosvolt.application.executor import Application
from eosvolt.application.permissions import NotThere
from eosvolt.application.ports import Estate
from eosvolt.domain.bookings.calendar import calendars
from eosvolt.domain.bookings.decider import LOOK_AHEAD, bookings
from eosvolt.domain.bookings.fees import fee_of_slots, moved_fee
from eosvolt.domain.bookings.slots import Slot
from eosvolt.domain.bookings.state import Booking, NoBooking
from eosvolt.domain.bookings.values import Booker
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.money import Money
from eosvolt.domain.tokens.bearer import TokenBearer

_ANY = PlugChoice()
# So long before a booked slot begins the driver on its plug is warned.
WARNED_BEFORE = LOOK_AHEAD


class OfferQuestion(NamedTuple):
    """Runs of ``slots`` slots that begin on local days from ``since`` up to but without ``until``.

    ``choice`` are the plugs that may be meant. ``besides``: what this booking has is free for it. ``booker``:
    what is held for this driver is free for them, who lets it go by choosing again.
    """

    location: str
    since: date
    until: date
    slots: int = 1
    choice: PlugChoice = _ANY
    besides: str = ""
    booker: Booker | None = None


class DemandedSession(NamedTuple):
    """A session that is begun on demand, or may be, at a plug; ``bearers`` are the driver's tokens."""

    charger: str
    plug: int
    bearers: Sequence[TokenBearer]
    begun_at: datetime


class NextBooking(NamedTuple):
    """The booking of a plug that begins next.

    ``own``: it is of the driver who asks. ``goes_on``: their session is not stopped when it begins.
    """

    since: datetime
    until: datetime
    own: bool
    goes_on: bool


class SlotOffers(Protocol):
    """The slots that can be booked, and what is booked next."""

    async def offers(self, company: int, wanted: OfferQuestion, now: datetime) -> Sequence[SlotOffer]:
        """The runs of slots that can be booked now, in order, each with the plugs that are free all the time.

        Where all plugs are taken ``free`` is empty. Raises ``NotThere`` for a location that is not there.
        """
        ...

    async def next_booking(self, company: int, session: DemandedSession, now: datetime) -> NextBooking | None:
        """What whoever charges at a plug on demand has to know; ``None`` where nothing is booked."""
        ...

    async def next_booked(
        self, company: int, charger: str, plugs: Sequence[int], now: datetime
    ) -> Mapping[int, Slot]:
        """The time of the booking that begins next at each of the plugs of a charger that has one."""
        ...


class BookingOffers:
    """Answers from the calendars of the plugs themselves."""

    def __init__(self, application: Application, estate: Estate) -> None:
        """``estate`` knows which chargers stand where."""
        self._application = application
        self._estate = estate

    async def offers(self, company: int, wanted: OfferQuestion, now: datetime) -> Sequence[SlotOffer]:
        """Implements ``SlotOffers``."""
        place = await self._application.state(locations, wanted.location)
        if not isinstance(place, Location) or place.removed or place.company != company:
            raise NotThere
        if not place.booking.enabled:
            return []
        plan, buffer = slot_plan(place), place.booking.buffer_minutes
        plugs = await chosen_plugs(self._application, self._estate, company, wanted.location, wanted.choice)
        moved = await self._application.state(bookings, wanted.besides) if wanted.besides else NoBooking()
        held = await holds_of(self._application, company, wanted.booker) if wanted.booker else []
        found: list[SlotOffer] = []
        day = wanted.since
        while day < wanted.until:
            for time in plan.runs_on(day, wanted.slots, now):
                free = free_plugs(plugs, time, buffer, now, wanted.besides, *held)
                found.append(SlotOffer(time.since, time.until, free, _fee(place, moved, time, wanted, now)))
            day += timedelta(days=1)
        return found

    async def next_booking(self, company: int, session: DemandedSession, now: datetime) -> NextBooking | None:
        """Implements ``SlotOffers``."""
        taken = await next_booking(self._application, company, session.charger, session.plug, now)
        if taken is None:
            return None
        own = any(taken.booker.is_bearer(each) for each in session.bearers)
        booking = await self._application.state(bookings, taken.booking) if own else NoBooking()
        into = not isinstance(booking, NoBooking) and booking.choice.rules.on_demand_into_booking
        return NextBooking(
            taken.since, taken.until, own, own and (into or taken.begins_from <= session.begun_at)
        )

    async def next_booked(
        self, company: int, charger: str, plugs: Sequence[int], now: datetime
    ) -> Mapping[int, Slot]:
        """Implements ``SlotOffers``."""
        known = await self._application.states(calendars, [f"{company}/{charger}/{plug}" for plug in plugs])
        found = {plug: calendar.next_after(now) for plug, calendar in zip(plugs, known, strict=True)}
        return {plug: Slot(taken.since, taken.until) for plug, taken in found.items() if taken is not None}


def _fee(place: Location, moved: Booking, time: Slot, wanted: OfferQuestion, now: datetime) -> Money | None:
    """What the slots cost, or what a booking costs that is moved to them."""
    if isinstance(moved, NoBooking):
        return fee_of_slots(place.booking, place.tariff, time.since, wanted.slots, now)
    after = replace(moved.choice, since=time.since, until=time.until, slots=wanted.slots)
    fee = moved_fee(moved.choice, after, now)
    return None if fee is None else fee.amount
