"""Drivers, operators, chargers, clocks and crashes as they like.

Whatever they do, no two bookings have the same time of a plug, buffers included; what is shown can be booked
and nothing else; a driver has one booking at a time; and every booking ends.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from eosvolt.application.booking_slots import SlotOffer
from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations.booking_inputs import NewBookingInput
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.permissions import NotThere
from eosvolt.domain.bookings.booker import bookers
from eosvolt.domain.bookings.calendar import calendars
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.state import Active, Booked, Booking, Held, Over
from eosvolt.domain.bookings.values import BookedPlug, Booker, BookingStatus, SlotUnavailable
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.opening_hours import OpenRange
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.tokens.events import Authorization
from tests.examples import COMPANY, LOCATION, MORNING, TOKEN
from tests.hypothesis_profiles import share
from tests.unit.bookings.booking_site import BY_OPERATOR, OTHER, PLUG_1, PLUG_2, BookingSite

DRIVERS = (TOKEN, OTHER, *(f"D-{number}" for number in range(8)))
PLUGS = (PLUG_1, PLUG_2)
drivers, plugs = st.sampled_from(DRIVERS), st.sampled_from((1, 2))


class AnyBookings(RuleBasedStateMachine):
    """Two plugs of one charger, ten drivers, and an operator who changes the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.site: BookingSite = self._do(BookingSite().bookable(auto_cancel_minutes=15))
        for driver in DRIVERS[2:]:
            self._do(self.site.token(driver))
        self.made = 0
        self.running: dict[int, int] = {}
        self.register = 1000
        # Once the rules have let a driver have several bookings nothing is said about their number.
        self.one_per_driver = True

    def teardown(self) -> None:
        """Every booking ends, whatever happened."""
        self._do(self.site.passes(self.now + 3 * 24 * 60))
        for booking in self._ids():
            assert not isinstance(self._booking(booking), Held | Booked | Active), booking
        self.loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    @property
    def now(self) -> float:
        """Minutes after the morning."""
        return (self.site.clock.now() - MORNING).total_seconds() / 60

    def _new(self) -> str:
        self.made += 1
        return f"b{self.made}"

    def _ids(self) -> list[str]:
        return [f"b{number + 1}" for number in range(self.made)]

    def _booking(self, booking: str) -> Booking:
        found: Booking = self._do(self.site.application.state(bookings, booking))
        return found

    def _offers(self) -> Sequence[SlotOffer]:
        found: Sequence[SlotOffer] = self._do(self.site.offers())
        return found

    # What drivers and operators do

    @initialize(buffer_minutes=st.sampled_from((0, 10, 60)), slot_minutes=st.sampled_from((30, 60)))
    def opens(self, **rules: Any) -> None:
        self._do(self.site.ruled(auto_cancel_minutes=15, **rules))

    @rule(driver=drivers, number=st.integers(0, 11), held=st.booleans())
    def books_what_is_shown(self, driver: str, number: int, held: bool) -> None:
        shown = [(offer, plug) for offer in self._offers() for plug in offer.free]
        if not shown:
            return
        offer, plug = shown[number % len(shown)]
        refused = self._books(driver, offer.since, plug, held=held)
        assert refused is None or "one at a time" in str(refused)

    @rule(driver=drivers, plug=st.sampled_from(PLUGS), halves=st.integers(0, 12))
    def wants_any_time(self, driver: str, plug: BookedPlug, halves: int) -> None:
        since = MORNING + timedelta(minutes=30 * halves)
        # What the driver holds is free for the driver.
        offers = self._do(self.site.offers(booker=Booker(token=driver)))
        shown = any(offer.since == since and plug in offer.free for offer in offers)
        refused = self._books(driver, since, plug, held=False)
        assert shown or isinstance(refused, SlotUnavailable), (since, refused)

    @rule(driver=drivers, number=st.integers(0, 11))
    def books_any_plug_of_the_kind(self, driver: str, number: int) -> None:
        shown = [offer for offer in self._offers() if offer.free]
        if shown:
            refused = self._books(driver, shown[number % len(shown)].since, None, held=False)
            assert not isinstance(refused, SlotUnavailable)

    def _books(self, driver: str, since: datetime, plug: BookedPlug | None, *, held: bool) -> Rejected | None:
        wanted = NewBookingInput(
            booking=self._new(),
            location=LOCATION,
            since=since,
            charger="" if plug is None else plug.charge_point,
            plug=0 if plug is None else plug.connector,
            token=driver,
        )
        try:
            self._do(
                self.site.operations.run(operations.hold if held else operations.book, BY_OPERATOR, wanted)
            )
        except Rejected as refusal:
            return refusal
        return None

    @precondition(lambda self: self.made)
    @rule(
        number=st.integers(0, 50),
        deed=st.sampled_from(("confirm", "release", "cancel", "give back", "extend")),
    )
    def changes_a_booking(self, number: int, deed: str) -> None:
        booking = self._ids()[number % self.made]
        with suppress(Rejected, InvalidValue, NotThere):
            match deed:
                case "confirm":
                    self._do(self.site.confirms(booking))
                case "release":
                    self._do(self.site.releases(booking))
                case "cancel":
                    self._do(self.site.cancels(booking))
                case "give back":
                    self._do(self.site.gives_back(booking))
                case _:
                    self._do(self.site.extends(2, booking))

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 50), halves=st.integers(0, 12), plug=st.sampled_from((0, 1, 2)))
    def moves_a_booking(self, number: int, halves: int, plug: int) -> None:
        booking = self._ids()[number % self.made]
        with suppress(Rejected, InvalidValue, NotThere):
            self._do(self.site.moves(30 * halves, booking, plug=plug))

    @rule(
        buffer_minutes=st.sampled_from((0, 10, 60)),
        slot_minutes=st.sampled_from((30, 60, 90)),
        frame=st.sampled_from((OpenRange(0, 1440), OpenRange(12 * 60, 20 * 60))),
        one_per_driver=st.sampled_from((True, True, False)),
        mix_mode=st.booleans(),
        on_demand_into_booking=st.booleans(),
        late_stop_minutes=st.sampled_from((0, 20)),
        early_start_minutes=st.sampled_from((0, 20)),
    )
    def changes_the_rules(self, **rules: Any) -> None:
        self.one_per_driver = self.one_per_driver and rules["one_per_driver"]
        self._do(self.site.ruled(auto_cancel_minutes=15, **rules))

    # What chargers and the clock do

    @rule(driver=drivers, plug=plugs)
    def starts(self, driver: str, plug: int) -> None:
        if plug in self.running:
            return
        before = len(self.site.happened(SessionStarted))
        calendar = self._do(self.site.application.state(calendars, PLUGS[plug - 1].key(COMPANY)))
        now = self.site.clock.now()
        covering = calendar.covering(now)
        answer = self._do(self.site.starts(self.now, self.register, token=driver, plug=plug))
        assert len(self.site.happened(SessionStarted)) == before + 1
        self.running[plug] = answer.transaction
        if covering is not None and now < covering.until and covering.booker.token != driver:
            assert answer.token.authorization is not Authorization.ACCEPTED

    @precondition(lambda self: self.running)
    @rule(number=st.integers(0, 1), leaves=st.booleans())
    def stops(self, number: int, leaves: bool) -> None:
        plug = sorted(self.running)[number % len(self.running)]
        self.register += 100
        transaction = self.running.pop(plug)
        self._do(self.site.stops(self.now + 0.2, transaction, self.register))
        if leaves:
            self._do(self.site.reports(self.now + 0.2, "Available", plug))

    @rule(plug=plugs, status=st.sampled_from(("Faulted", "Available", "Unavailable")))
    def reports(self, plug: int, status: str) -> None:
        if plug not in self.running:
            self._do(self.site.reports(self.now + 0.1, status, plug))

    @rule(minutes=st.sampled_from((1, 5, 14, 20, 45)))
    def time_passes(self, minutes: int) -> None:
        self._do(self.site.passes(self.now + minutes))

    @rule(minutes=st.sampled_from((1, 20)))
    def nobody_looks(self, minutes: int) -> None:
        """The scheduler is down; what falls due waits."""
        self.site.clock.set(self.site.clock.now() + timedelta(minutes=minutes))

    @rule()
    def restarts(self) -> None:
        """Nothing is remembered but the history."""
        self.site.application.forget_kinds(("",))

    # What always holds

    @invariant()
    def no_two_bookings_have_the_same_time_of_a_plug(self) -> None:
        now = self.site.clock.now()
        for plug in PLUGS:
            calendar = self._do(self.site.application.state(calendars, plug.key(COMPANY)))
            times = sorted((each for each in calendar.times if each.holds(now)), key=lambda each: each.since)
            for one, other in pairwise(times):
                assert one.kept_until <= other.since, (one, other)

    @invariant()
    def a_booking_that_is_not_over_has_its_time_and_its_driver(self) -> None:
        now = self.site.clock.now()
        for booking in self._ids():
            state = self._booking(booking)
            if isinstance(state, Held) and now >= state.held_until:
                continue
            if not isinstance(state, Held | Booked):
                continue
            choice = state.choice
            calendar = self._do(self.site.application.state(calendars, choice.plug.key(COMPANY)))
            (own,) = [each for each in calendar.times if each.booking == booking and each.holds(now)]
            assert (own.since, own.until) == (choice.since, choice.until)
            bound = self._do(self.site.application.state(bookers, f"{COMPANY}/{choice.booker.key}")).bound
            assert [each.plug for each in bound if each.booking == booking] == [choice.plug]

    @invariant()
    def only_bookings_that_are_not_over_keep_others_out(self) -> None:
        now = self.site.clock.now()
        for plug in PLUGS:
            calendar = self._do(self.site.application.state(calendars, plug.key(COMPANY)))
            for each in calendar.times:
                if each.holds(now) and each.until > now:
                    state = self._booking(each.booking)
                    used = isinstance(state, Over) and state.status is BookingStatus.COMPLETED
                    assert used or isinstance(state, Held | Booked | Active), (each, state)

    @invariant()
    def what_is_shown_has_not_begun(self) -> None:
        assert all(offer.since >= self.site.clock.now() for offer in self._offers())

    @invariant()
    def a_driver_has_one_booking_at_a_time(self) -> None:
        if not self.one_per_driver:
            return
        now = self.site.clock.now()
        for driver in DRIVERS:
            bound = self._do(self.site.application.state(bookers, f"{COMPANY}/token/{driver}"))
            assert len(bound.present(now)) <= 1

    @invariant()
    def no_start_is_lost(self) -> None:
        assert len(self.site.sessions()) == len(self.site.happened(SessionStarted))


TestAnyBookings = AnyBookings.TestCase
TestAnyBookings.settings = settings(max_examples=share(50), stateful_step_count=50)
