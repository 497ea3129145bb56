"""What booked sessions cost: the booking's own price, free energy once, and blocking after the booked end."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from eosvolt.domain.bookings.fee_events import BookingFeeCharged
from eosvolt.domain.locations.booking_rules import SlotFee
from eosvolt.domain.sessions.events import BillCorrected, BlockingFeeCharged, BookedTermsChanged
from eosvolt.domain.tariffs.tariff import BlockingFee
from eosvolt.projections.deadlines import deadlines
from eosvolt.projections.session_row import SessionRow
from eosvolt.projections.what_if import what_if
from tests.books import assert_books_are_right
from tests.examples import FLAT_TARIFF, TARIFF_PER_MINUTE, TARIFF_WITH_CAPPED_FEE, TOKEN, after
from tests.unit.bookings.booking_site import BookingSite

OWN = replace(FLAT_TARIFF, price=Decimal("0.20"))
FEE = BlockingFee(Decimal("3.00"), 15)


def shown(row: SessionRow) -> list[tuple[str, str, str]]:
    return [(f"{line.quantity:f}", f"{line.price:f}", f"{line.gross.amount:f}") for line in row.lines]


async def charges(
    s: BookingSite,
    since: float,
    until: float,
    wh: int,
    *,
    meter: int = 1000,
    plug: int = 1,
    frees: bool = True,
) -> int:
    """A session of the booker's; returns its number."""
    number = (await s.starts(since, meter, plug=plug)).transaction
    await s.reports(since, "Charging", plug)
    await s.stops(until, number, meter + wh)
    if frees:
        await s.reports(until, "Available", plug)
    return number


def assert_rated_the_same(s: BookingSite, number: int) -> None:
    """What the command line says of the session under its own price are the cents of its bill."""
    facts = [fact for fact in s.store.facts if fact.stream == f"session:{number}"]
    tariff = s.session(number).tariff
    assert tariff is not None
    told = what_if(facts, replace(tariff, free_wh=0, blocking_fee=None))
    assert told is not None
    assert told.now == s.session(number).total
    assert told.then == s.session(number).total_gross


async def test_a_booked_session_has_the_price_of_the_booking() -> None:
    s = await BookingSite().bookable(pricing=OWN)
    await s.books(60)
    number = await charges(s, 61, 91, 10_000)
    assert shown(s.session(number)) == [("10.000", "0.20", "2.00")]
    assert (s.session(number).type, s.session(number).booking) == ("booking", "b1")
    assert_rated_the_same(s, number)


async def test_the_price_is_that_of_when_it_was_booked() -> None:
    s = await BookingSite().bookable(pricing=OWN)
    await s.books(60)
    await s.ruled(pricing=replace(OWN, price=Decimal("0.90")))
    assert shown(s.session(await charges(s, 61, 91, 10_000))) == [("10.000", "0.20", "2.00")]


async def test_without_an_own_price_it_is_the_location_s() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    assert shown(s.session(await charges(s, 61, 91, 10_000))) == [("10.000", "0.50", "5.00")]


async def test_on_demand_sessions_have_nothing_of_it() -> None:
    s = await BookingSite().bookable(pricing=OWN, free_wh=5_000, blocking_fee=FEE)
    number = await charges(s, 0, 30, 10_000)
    assert shown(s.session(number)) == [("10.000", "0.50", "5.00")]


async def test_the_first_energy_is_free_live_and_on_the_bill() -> None:
    s = await BookingSite().bookable(free_wh=4_000)
    await s.books(60)
    number = (await s.starts(61, 1000)).transaction
    await s.meters(91, 7_000, transaction=number)
    running = s.session(number).running
    assert running is not None
    assert running.so_far(after(91)).bill.total.gross.minor == 100
    await s.stops(101, number, 11_000)
    await s.reports(101, "Available")
    assert shown(s.session(number)) == [("4.000", "0", "0.00"), ("6.000", "0.50", "3.00")]
    assert_rated_the_same(s, number)
    assert_books_are_right(s.models)


async def test_time_is_free_until_the_free_energy_is_delivered() -> None:
    s = await BookingSite().bookable(pricing=TARIFF_PER_MINUTE, free_wh=5_000)
    await s.books(60)
    number = await charges(s, 60, 100, 10_000)
    assert shown(s.session(number)) == [("20.00", "0", "0.00"), ("20.00", "0.10", "2.00")]
    assert_rated_the_same(s, number)


async def test_the_next_session_of_the_booking_has_what_is_left_of_it() -> None:
    s = await BookingSite().bookable(free_wh=4_000)
    await s.books(60)
    first = await charges(s, 61, 70, 1_500)
    second = await charges(s, 80, 110, 10_000, meter=2_500)
    assert shown(s.session(first)) == [("1.500", "0", "0.00")]
    assert shown(s.session(second)) == [("2.500", "0", "0.00"), ("7.500", "0.50", "3.75")]
    assert_rated_the_same(s, second)


async def test_nothing_is_left_where_the_first_session_took_it_all() -> None:
    s = await BookingSite().bookable(free_wh=4_000)
    await s.books(60)
    await charges(s, 61, 70, 4_500)
    second = await charges(s, 80, 110, 1_000, meter=5_500)
    assert shown(s.session(second)) == [("1.000", "0.50", "0.50")]


async def test_a_session_whose_stop_comes_after_the_next_start_takes_no_more_than_it_had_used() -> None:
    s = await BookingSite().bookable(free_wh=4_000)
    await s.token(TOKEN, concurrent=True)
    await s.books(60)
    first = (await s.starts(61, 1000)).transaction
    await s.meters(65, 2_000, transaction=first)
    await s.reports(66, "Available")
    second = (await s.starts(70, 4_500)).transaction
    await s.stops(69, first, 4_500, received=71)
    await s.stops(100, second, 14_500)
    await s.reports(101, "Available")
    # 1 kWh was known of the first one when the second one began: 3 kWh are left for that.
    assert shown(s.session(first)) == [("1.000", "0", "0.00"), ("2.500", "0.50", "1.25")]
    assert shown(s.session(second)) == [("3.000", "0", "0.00"), ("7.000", "0.50", "3.50")]
    assert_books_are_right(s.models)


async def test_what_is_free_is_never_given_twice() -> None:
    s = await BookingSite().bookable(free_wh=4_000)
    await s.books(60)
    meter = 1_000
    numbers = []
    for minutes, wh in ((61, 1_000), (70, 1_000), (80, 1_000), (90, 3_000)):
        numbers.append(await charges(s, minutes, minutes + 5, wh, meter=meter))
        meter += wh
    free = sum(line.quantity for each in numbers for line in s.session(each).lines if not line.price)
    assert free == 4


async def test_the_blocking_fee_waits_for_the_booked_end_and_the_grace() -> None:
    s = await BookingSite().bookable(blocking_fee=FEE, grace_minutes=10)
    await s.books(60)
    number = await charges(s, 61, 90, 10_000, frees=False)
    await s.reports(90, "Finishing")
    # Booked until 120, grace until 130: the first full interval is over at 145.
    await s.passes(144)
    assert s.happened(BlockingFeeCharged) == []
    await s.passes(161)
    assert [(fee.until, fee.gross.minor) for fee in s.session(number).fees] == [
        (after(145), 300),
        (after(160), 300),
    ]
    assert s.session(number).fees[0].since == after(130)
    await s.reports(170, "Available")
    await s.passes(200)
    assert s.session(number).total_gross == 500 + 600
    assert_rated_the_same(s, number)
    assert_books_are_right(s.models)


async def test_a_car_that_leaves_within_the_grace_pays_nothing() -> None:
    s = await BookingSite().bookable(blocking_fee=FEE, grace_minutes=10)
    await s.books(60)
    number = await charges(s, 61, 90, 10_000, frees=False)
    await s.reports(90, "Finishing")
    await s.reports(129, "Available")
    await s.passes(300)
    assert s.session(number).fees == ()


async def test_the_location_s_blocking_fee_does_not_hold_for_booked_sessions() -> None:
    s = BookingSite()
    await s.opened(TARIFF_WITH_CAPPED_FEE)
    await s.ruled()
    await s.books(60)
    number = await charges(s, 61, 70, 10_000, frees=False)
    await s.reports(70, "Finishing")
    await s.passes(119)
    assert s.session(number).fees == ()


async def test_a_car_that_idles_in_its_booked_time_is_not_stopped() -> None:
    s = await BookingSite().bookable(blocking_fee=FEE)
    await s.books(60)
    number = (await s.starts(61)).transaction
    await s.reports(61, "Charging")
    await s.meters(70, 5_000, transaction=number)
    await s.reports(71, "SuspendedEV")
    await s.passes(119)
    assert s.session(number).ended_at is None


async def test_an_extension_moves_the_blocking_fee() -> None:
    s = await BookingSite().bookable(blocking_fee=FEE)
    await s.books(60)
    number = await charges(s, 61, 90, 10_000, frees=False)
    await s.reports(90, "Finishing")
    s.clock.set(after(100))
    await s.extends(2)
    (changed,) = s.happened(BookedTermsChanged)
    assert (changed.fee_begins_at, changed.fee_due_at) == (after(180), after(195))
    row = s.models.row(deadlines, f"session:{number}")
    assert row is not None
    assert row.due_at == after(195)
    await s.passes(194)
    assert s.session(number).fees == ()
    await s.passes(196)
    assert [fee.until for fee in s.session(number).fees] == [after(195)]


async def test_time_that_is_given_back_is_not_booked_any_more() -> None:
    s = await BookingSite().bookable(blocking_fee=FEE, grace_minutes=5)
    await s.books(60, slots=2)
    number = await charges(s, 61, 70, 10_000, frees=False)
    await s.reports(70, "Finishing")
    s.clock.set(after(80))
    await s.gives_back()
    await s.passes(101)
    assert [fee.until for fee in s.session(number).fees] == [after(100)]


async def test_an_early_start_is_part_of_the_booking() -> None:
    s = await BookingSite().bookable(pricing=OWN, early_start_minutes=10)
    await s.books(60)
    assert shown(s.session(await charges(s, 52, 82, 10_000))) == [("10.000", "0.20", "2.00")]


async def test_a_booked_session_costs_the_same_when_it_is_learnt_late() -> None:
    rules: dict[str, Any] = {"pricing": OWN, "free_wh": 4_000, "blocking_fee": FEE, "grace_minutes": 10}
    live = await BookingSite().bookable(**rules)
    await live.books(60)
    number = await charges(live, 61, 90, 10_000)
    late = await BookingSite().bookable(**rules)
    await late.books(60)
    await late.disconnects(60.5)
    await late.passes(110)
    await late.connects(112)
    again = (await late.starts(61, 1000, received=113)).transaction
    await late.stops(90, again, 11_000, received=113)
    await late.reports(90, "Available", received=113)
    await late.passes(200)
    assert shown(late.session(again)) == shown(live.session(number))
    assert late.session(again).booking == "b1"


async def test_a_charger_whose_clock_is_wrong_charges_no_fee_too_early() -> None:
    s = await BookingSite().bookable(blocking_fee=FEE, grace_minutes=10)
    s.ahead = timedelta(hours=2)
    await s.books(60)
    number = await charges(s, 61, 90, 10_000, frees=False)
    await s.reports(90, "Finishing")
    await s.passes(144)
    assert s.session(number).fees == ()
    await s.passes(147)
    assert len(s.session(number).fees) == 1


async def test_the_fee_and_the_session_are_two_things_in_the_books() -> None:
    s = await BookingSite().bookable(fee=SlotFee(Decimal("2.00"), Decimal("1.00")), free_wh=4_000)
    await s.books(60)
    number = await charges(s, 61, 90, 10_000)
    await s.passes(121)
    assert s.session(number).total_gross == 300
    assert [each.charged.gross.minor for each in s.happened(BookingFeeCharged)] == [200]
    assert s.happened(BillCorrected) == []
    assert_books_are_right(s.models)
