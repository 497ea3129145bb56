"""A charger with two plugs at a location where slots can be booked, and two drivers with cards."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from eosvolt.application.actor import person
from eosvolt.application.booking_offers import BookingOffers, OfferQuestion
from eosvolt.application.booking_slots import PlugChoice, SlotOffer
from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations.booking_plans import (
    BookingAnswer,
    BookingById,
    BookingCancellation,
    BookingExtension,
    BookingMove,
    NewBookingInput,
)
from eosvolt.application.operations.bookings import BookingRulesInput
from eosvolt.application.permissions import OWNER
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.state import NoBooking, status_of
from eosvolt.domain.bookings.values import BookedPlug, Booker, BookingStatus
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Event
from eosvolt.domain.locations.booking_rules import BookingRules
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, TOKEN, after
from tests.scenario import Scenario

E = TypeVar("E", bound=Event)

OTHER = "OTHER"
BY_OPERATOR = person("olga", COMPANY, OWNER)
ZONE = "Europe/Berlin"
TODAY = local_date(MORNING, ZONE)
PLUG_1 = BookedPlug(CHARGE_BOX_ID, 1, "iec62196T2", 22_000)
PLUG_2 = BookedPlug(CHARGE_BOX_ID, 2, "iec62196T2", 22_000)


class BookingSite(Scenario):
    """Slots are 60 minutes long and begin at the full hour: ``after(60)`` is the first one."""

    async def bookable(self, **rules: Any) -> "BookingSite":
        await self.opened()
        await self.token(OTHER)
        self.clock.set(MORNING)
        await self.ruled(**rules)
        return self

    async def ruled(self, **rules: Any) -> None:
        wanted = BookingRulesInput(location=LOCATION, rules=BookingRules(**{"enabled": True, **rules}))
        await self.operations.run(operations.set_rules, BY_OPERATOR, wanted)

    async def books(
        self, minutes: float, booking: str = "b1", *, token: str = TOKEN, slots: int = 1, plug: int = 1
    ) -> BookingAnswer:
        """A booking of a plug for who has the token, from so many minutes after the morning on."""
        wanted = _wanted(minutes, booking, token, slots, plug)
        return await self.operations.run(operations.book, BY_OPERATOR, wanted)

    async def holds(
        self, minutes: float, booking: str = "b1", *, token: str = TOKEN, slots: int = 1, plug: int = 1
    ) -> BookingAnswer:
        wanted = _wanted(minutes, booking, token, slots, plug)
        return await self.operations.run(operations.hold, BY_OPERATOR, wanted)

    async def confirms(self, booking: str = "b1") -> BookingAnswer:
        return await self.operations.run(operations.confirm, BY_OPERATOR, BookingById(booking=booking))

    async def releases(self, booking: str = "b1") -> None:
        await self.operations.run(operations.release, BY_OPERATOR, BookingById(booking=booking))

    async def moves(
        self, minutes: float, booking: str = "b1", *, slots: int | None = None, plug: int = 0
    ) -> BookingAnswer:
        wanted = BookingMove(
            booking=booking,
            since=after(minutes),
            slots=slots,
            charger=CHARGE_BOX_ID if plug else "",
            plug=plug,
        )
        return await self.operations.run(operations.reschedule, BY_OPERATOR, wanted)

    async def extends(self, slots: int, booking: str = "b1") -> BookingAnswer:
        wanted = BookingExtension(booking=booking, slots=slots)
        return await self.operations.run(operations.extend, BY_OPERATOR, wanted)

    async def cancels(self, booking: str = "b1", note: str = "") -> BookingAnswer:
        wanted = BookingCancellation(booking=booking, note=note)
        return await self.operations.run(operations.cancel, BY_OPERATOR, wanted)

    async def gives_back(self, booking: str = "b1") -> BookingAnswer:
        return await self.operations.run(operations.give_back, BY_OPERATOR, BookingById(booking=booking))

    async def offers(self, *, plug: int = 0, booker: Booker | None = None) -> Sequence[SlotOffer]:
        """The slots of today as they are shown (to a driver), with the plugs that are free."""
        choice = PlugChoice(CHARGE_BOX_ID if plug else "", plug)
        wanted = OfferQuestion(LOCATION, TODAY, TODAY + timedelta(days=1), choice=choice, booker=booker)
        return await BookingOffers(self.application, self).offers(COMPANY, wanted, self.clock.now())

    async def free(self, plug: int = 1) -> list[float]:
        """When the slots of today begin in which a plug is free, in minutes after the morning."""
        offers = await self.offers(plug=plug)
        return [(each.since - MORNING).total_seconds() / 60 for each in offers if each.free]

    def happened(self, kind: type[E]) -> list[E]:
        """The events of a kind, in order."""
        return [fact.event for fact in self.store.facts if isinstance(fact.event, kind)]

    async def status(self, booking: str = "b1") -> BookingStatus:
        state = await self.application.state(bookings, booking)
        assert not isinstance(state, NoBooking)
        return status_of(state)


def _wanted(minutes: float, booking: str, token: str, slots: int, plug: int) -> NewBookingInput:
    return NewBookingInput(
        booking=booking,
        location=LOCATION,
        since=after(minutes),
        slots=slots,
        charger=CHARGE_BOX_ID if plug else "",
        plug=plug,
        token=token,
    )
