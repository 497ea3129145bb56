"""The bookings of the demo's past: who books comes, or does not, and what it costs."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
import pytest_asyncio

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.simulator.clock import ParkClock, PastClock
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.park import Park
from eosvolt.adapters.simulator.parking_bay_session import BookedTime
from eosvolt.adapters.simulator.station import Station
from eosvolt.application.actor import system
from eosvolt.application.executor import Application
from eosvolt.demo.booked_visits import booked_times, come_to_bookings, comes_at
from eosvolt.demo.bookings import RULES, booking_place, open_for_bookings
from eosvolt.demo.company import say_who_issues
from eosvolt.demo.contents import furnish
from eosvolt.demo.customers import BOOKERS, add_customers, add_groups, issue_booking_cards, person_of
from eosvolt.demo.past import PastSystem, eve, in_order_of_time
from eosvolt.demo.past_bookings import FEE_REFUNDS, PastBookers, fee_refunds
from eosvolt.demo.planned_work import carried_out
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.events import BookingBegan, BookingMade
from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingFeeRefunded, BookingReceiptIssued
from eosvolt.domain.bookings.state import Active, Booked, Over, fees_of
from eosvolt.domain.bookings.values import BookingStatus
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.booking_rules import problems
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.sessions.events import SessionStarted
from tests.unit.simulator.demo_system import OPERATOR, WHY
from tests.unit.simulator.real_time import time_from

UNTIL = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
WEEKS = 3

pytestmark = pytest.mark.slow


class Told(NamedTuple):
    """The application after the past, and the facts in the order of time."""

    application: Application
    facts: Sequence[Fact]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told() -> Told:
    """Weeks of the demo's company with drivers who book."""
    begins = eve(UNTIL, WEEKS)
    past = PastSystem(begins, MemoryNumbers())
    register = RegisterCompany(company=WHY.company, name="Demo", owner=OPERATOR, at=begins)
    await past.application.execute(companies, str(WHY.company), register, WHY)
    await say_who_issues(past.application, begins, WHY)
    await furnish(past.application, begins)
    await add_groups(past.application, begins)
    await open_for_bookings(past.application, begins)
    people = await add_customers(past.application, begins)
    await issue_booking_cards(past.application, begins)
    owner = system("demo", WHY.company)
    bookers = PastBookers(past.application, past.clock, owner, people)
    await bookers.plan(begins, UNTIL)
    lived = await past.live(UNTIL, OPERATOR, weeks=WEEKS, bookers=bookers)
    await carried_out(fee_refunds(past.application, lived.facts, UNTIL, owner))
    return Told(past.application, in_order_of_time(past.store.facts))


async def ends(told: Told) -> Counter[BookingStatus]:
    """How the bookings of the past ended."""
    made = [fact.key for fact in told.facts if isinstance(fact.event, BookingMade)]
    states = [await told.application.state(bookings, each) for each in made]
    return Counter(each.status for each in states if isinstance(each, Over))


async def test_the_rules_are_valid_where_they_are(told: Told) -> None:
    place = await told.application.state(locations, booking_place())
    assert isinstance(place, Location)
    assert problems(RULES, place.tariff) == []


async def test_most_come_some_do_not_and_some_cancel(told: Told) -> None:
    counted = await ends(told)
    assert counted.total() > 60
    assert counted[BookingStatus.COMPLETED] > counted.total() * 0.6
    assert counted[BookingStatus.NO_SHOW] >= 3
    assert counted[BookingStatus.CANCELLED] >= 3


async def test_what_was_used_was_used_by_booked_sessions_of_the_booker(told: Told) -> None:
    started = {fact.key: fact for fact in told.facts if isinstance(fact.event, SessionStarted)}
    customers = {person_of(name).customer for name in BOOKERS}
    began = [fact for fact in told.facts if isinstance(fact.event, BookingBegan)]
    assert began
    for fact in began:
        assert isinstance(fact.event, BookingBegan)
        session = started[fact.event.session].event
        assert isinstance(session, SessionStarted)
        assert (session.type, session.booking) == ("booking", fact.key)
        assert session.customer in customers


async def test_bookings_were_made_before_they_began_by_drivers_and_by_the_operator(told: Told) -> None:
    made = [fact for fact in told.facts if isinstance(fact.event, BookingMade)]
    for fact in made:
        assert isinstance(fact.event, BookingMade)
        assert abs(fact.recorded_at - fact.event.at) < timedelta(minutes=1)
        assert fact.recorded_at < fact.event.since
    kinds = Counter(fact.why.by.partition(":")[0] for fact in made)
    assert set(kinds) == {"driver", "system"}
    assert kinds["driver"] > kinds["system"]


async def test_whoever_used_the_booking_or_did_not_come_owes_the_fee_with_a_receipt(told: Told) -> None:
    charged = {fact.key for fact in told.facts if isinstance(fact.event, BookingFeeCharged)}
    counted = await ends(told)
    assert len(charged) == counted[BookingStatus.COMPLETED] + counted[BookingStatus.NO_SHOW]
    receipts = {fact.key for fact in told.facts if isinstance(fact.event, BookingReceiptIssued)}
    # The last one may wait for its receipt.
    assert len(charged - receipts) <= 1


async def test_fees_were_given_back_with_credit_notes_of_their_day(told: Told) -> None:
    given = [fact for fact in told.facts if isinstance(fact.event, BookingFeeRefunded)]
    assert len(given) == len(FEE_REFUNDS)
    notes = [
        fact.event.number
        for fact in told.facts
        if isinstance(fact.event, DocumentIssued) and fact.event.kind is DocumentKind.CREDIT_NOTE
    ]
    for fact, note in zip(given, notes, strict=True):
        assert isinstance(fact.event, BookingFeeRefunded)
        assert fact.event.credit_note == note
        assert fact.recorded_at == fact.event.at < UNTIL - timedelta(days=1)
        fees = fees_of(await told.application.state(bookings, fact.key))
        assert fees.refunds == (fact.event,)


async def test_streams_of_bookings_are_in_the_order_of_time(told: Told) -> None:
    versions: dict[str, int] = {}
    for fact in told.facts:
        if fact.stream.partition(":")[0] in {"booking", "calendar", "booker"}:
            assert versions.get(fact.stream, 0) < fact.version
            versions[fact.stream] = fact.version


async def test_coming_bookings_have_drivers_who_come_when_they_begin(told: Told) -> None:
    times = await booked_times(told.application, UNTIL, ())
    found = [each for plug in times.values() for each in plug]
    assert found
    for each in found:
        assert each.token
        assert each.until > UNTIL
        assert each.comes_at is None or timedelta(minutes=-10) < each.comes_at - each.since < timedelta(
            minutes=30
        )
    busy = {each.token for each in found}
    assert all(
        each.comes_at is None
        for plug in (await booked_times(told.application, UNTIL, busy)).values()
        for each in plug
    ), "who charges elsewhere comes later"


async def test_the_same_booking_is_always_missed_or_never(told: Told) -> None:
    for fact in told.facts:
        if isinstance(fact.event, BookingMade):
            state = await told.application.state(bookings, fact.key)
            assert isinstance(state, Booked | Active | Over)
            missed = comes_at(state.choice) is None
            if missed and isinstance(state, Over):
                assert state.status is not BookingStatus.COMPLETED


async def test_a_running_park_is_told_what_is_booked_and_again_what_is_not(told: Told) -> None:
    plan = DEMO.plans["VIE-NAM-01"]
    station = Station(plan, Wallet([]), UNTIL, seed=1)
    park = Park([station], "ws://nowhere.example", ParkClock(real_time=time_from(UNTIL)))
    times = await booked_times(told.application, UNTIL, ())
    here = {plug: found for (box, plug), found in times.items() if box == plan.charge_box_id}
    station.plugs[1].book(UNTIL, [BookedTime(UNTIL, UNTIL + timedelta(hours=1), "CARD-GONE")])
    bookers = asyncio.create_task(come_to_bookings(told.application, PastClock(UNTIL), park))
    for _ in range(20):
        await asyncio.sleep(0)
    bookers.cancel()
    assert {number: list(plug.booked) for number, plug in station.plugs.items()} == {
        number: here.get(number, []) for number in station.plugs
    }
