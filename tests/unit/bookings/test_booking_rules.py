"""What can be booked: the rules of a location, holds, bookings, changes and cancellations."""

import pytest

from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.permissions import NotThere
from eosvolt.domain.bookings.events import BookingCancelled, BookingMade, HoldReleased, SlotTaken
from eosvolt.domain.bookings.values import BookingStatus, HoldEnd, SlotUnavailable
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.access import AccessRules
from eosvolt.domain.locations.commands import ChangeLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.locations.opening_hours import OpeningHours, OpenRange
from tests.examples import DETAILS, LOCATION, TOKEN, after
from tests.scenario import WHY
from tests.unit.bookings.booking_site import OTHER, PLUG_1, PLUG_2, BookingSite


async def test_nothing_can_be_booked_unless_the_location_enables_it() -> None:
    s = await BookingSite().bookable(enabled=False)
    assert await s.offers() == []
    with pytest.raises(SlotUnavailable, match="Nothing can be booked"):
        await s.books(60)


async def test_the_slots_of_the_rest_of_the_day_are_shown_with_the_plugs_that_are_free() -> None:
    s = await BookingSite().bookable()
    offers = await s.offers()
    assert offers[0].since == after(0)
    assert len(offers) == 13
    assert all(each.free == (PLUG_1, PLUG_2) for each in offers)


async def test_a_slot_that_is_booked_is_shown_no_more_and_cannot_be_booked_again() -> None:
    s = await BookingSite().bookable()
    made = await s.books(60)
    assert (made.status, made.choice.plug) == (BookingStatus.BOOKED, PLUG_1)
    assert 60 not in await s.free(1)
    assert 60 in await s.free(2)
    with pytest.raises(SlotUnavailable, match="taken"):
        await s.books(60, "b2", token=OTHER)


async def test_only_within_the_bookable_time_frame_there_are_slots() -> None:
    s = await BookingSite().bookable(frame=OpenRange(12 * 60, 15 * 60))
    assert await s.free() == [60, 120, 180]
    with pytest.raises(SlotUnavailable, match="No slot begins"):
        await s.books(240)


async def test_only_within_the_opening_hours_slots_are_offered() -> None:
    s = await BookingSite().bookable()
    hours = OpeningHours(week=((OpenRange(8 * 60, 13 * 60 + 30),),) * 7)
    change = ChangeLocation(at=after(0), details=DETAILS, access=AccessRules(opening_hours=hours))
    await s.application.execute(locations, LOCATION, change, WHY)
    assert await s.free() == [0, 60]


async def test_several_consecutive_slots_are_one_booking() -> None:
    s = await BookingSite().bookable()
    made = await s.books(60, slots=3)
    assert (made.choice.since, made.choice.until) == (after(60), after(240))
    assert [at for at in await s.free() if 60 <= at < 240] == []
    await s.ruled(frame=OpenRange(12 * 60, 15 * 60))
    with pytest.raises(SlotUnavailable, match="do not follow"):
        await s.books(120, "b2", token=OTHER, slots=3, plug=2)


async def test_the_buffer_after_a_booking_is_kept_free() -> None:
    s = await BookingSite().bookable(buffer_minutes=15)
    await s.books(120)
    # The slot before it would not keep its own buffer free.
    assert [at for at in await s.free() if at <= 240] == [0, 240]
    with pytest.raises(SlotUnavailable):
        await s.books(180, "b2", token=OTHER)
    with pytest.raises(SlotUnavailable):
        await s.books(60, "b2", token=OTHER)


async def test_a_slot_is_held_for_five_minutes_while_a_driver_chooses() -> None:
    s = await BookingSite().bookable()
    held = await s.holds(60)
    assert (held.status, held.held_until) == (BookingStatus.HELD, after(5))
    with pytest.raises(SlotUnavailable):
        await s.books(60, "b2", token=OTHER)
    s.clock.set(after(5))
    assert 60 in await s.free()
    await s.books(60, "b2", token=OTHER)
    with pytest.raises(SlotUnavailable):
        await s.confirms()


async def test_a_held_slot_is_booked_under_the_same_id() -> None:
    s = await BookingSite().bookable()
    await s.holds(60)
    made = await s.confirms()
    assert made.status is BookingStatus.BOOKED
    await s.passes(6)
    assert await s.status() is BookingStatus.BOOKED
    assert 60 not in await s.free()


async def test_a_hold_that_is_forgotten_ends_by_itself() -> None:
    s = await BookingSite().bookable()
    await s.holds(60)
    await s.passes(6)
    (ended,) = s.happened(HoldReleased)
    assert ended == HoldReleased(at=after(5), reason=HoldEnd.EXPIRED)
    with pytest.raises(Rejected, match="not held any more"):
        await s.confirms()


async def test_who_chooses_another_slot_holds_only_that_one() -> None:
    s = await BookingSite().bookable()
    await s.holds(60)
    await s.holds(120, "b2")
    assert 60 in await s.free()
    assert 120 not in await s.free()
    await s.releases("b2")
    assert 120 in await s.free()


async def test_who_holds_a_slot_may_choose_it_again() -> None:
    s = await BookingSite().bookable()
    await s.holds(60)
    await s.holds(60, "b2")
    await s.books(60, "b3")
    with pytest.raises(SlotUnavailable):
        await s.holds(60, "b4", token=OTHER)


async def test_a_driver_has_one_booking_at_a_time() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    with pytest.raises(Rejected, match="one at a time"):
        await s.books(180, "b2", plug=2)
    await s.cancels()
    await s.books(180, "b2", plug=2)


async def test_where_the_location_allows_it_a_driver_has_several() -> None:
    s = await BookingSite().bookable(one_per_driver=False)
    await s.books(60)
    await s.books(180, "b2")
    assert await s.status("b2") is BookingStatus.BOOKED


async def test_bookings_are_made_at_most_so_many_days_and_at_least_so_many_minutes_before() -> None:
    s = await BookingSite().bookable(ahead_days=2, notice_minutes=61)
    assert (await s.free())[0] == 120
    with pytest.raises(SlotUnavailable, match="at least 61 minutes"):
        await s.books(60)
    await s.books(2 * 24 * 60)
    with pytest.raises(SlotUnavailable, match="at most 2 days"):
        await s.books(2 * 24 * 60 + 60, "b2", token=OTHER)


async def test_a_slot_that_has_begun_cannot_be_booked() -> None:
    s = await BookingSite().bookable()
    s.clock.set(after(1))
    assert (await s.free())[0] == 60
    with pytest.raises(SlotUnavailable, match="begun already"):
        await s.books(0)


async def test_a_booking_is_moved_by_the_rule_by_which_it_is_made() -> None:
    s = await BookingSite().bookable(one_per_driver=False)
    await s.books(60)
    await s.books(180, "b2")
    with pytest.raises(SlotUnavailable):
        await s.moves(180)
    with pytest.raises(SlotUnavailable, match="No slot begins"):
        await s.moves(190)
    moved = await s.moves(120)
    assert (moved.choice.since, moved.choice.until) == (after(120), after(180))
    assert [at for at in await s.free() if at <= 240] == [0, 60, 240]
    # Onto a part of its own time, and to the other plug.
    await s.moves(60, slots=2)
    other = await s.moves(180, slots=1, plug=2)
    assert other.choice.plug == PLUG_2
    assert 60 in await s.free(1)
    assert 180 not in await s.free(2)


async def test_a_booking_is_extended_by_free_slots_only() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.books(180, "b2", token=OTHER)
    longer = await s.extends(2)
    assert (longer.choice.until, longer.choice.slots) == (after(180), 2)
    assert await s.extends(2) == longer
    with pytest.raises(SlotUnavailable):
        await s.extends(3)
    with pytest.raises(InvalidValue, match="takes none away"):
        await s.extends(1)


async def test_a_running_booking_is_extended_too() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.starts(61)
    await s.extends(2)
    await s.passes(130)
    assert await s.status() is BookingStatus.ACTIVE
    await s.passes(181)
    assert await s.status() is BookingStatus.COMPLETED


async def test_an_operator_cancels_with_a_note_and_the_slot_is_free() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    cancelled = await s.cancels(note=" The yard is closed ")
    assert cancelled.status is BookingStatus.CANCELLED
    (fact,) = s.happened(BookingCancelled)
    assert fact.note == "The yard is closed"
    assert fact.reason.value == "byOperator"
    assert 60 in await s.free()
    await s.cancels()
    assert len(s.happened(BookingCancelled)) == 1


async def test_the_same_request_twice_makes_one_booking() -> None:
    s = await BookingSite().bookable()
    first = await s.books(60)
    assert await s.books(60) == first
    assert len(s.happened(BookingMade)) == 1


async def test_any_plug_of_a_kind_is_given_one_that_is_free() -> None:
    s = await BookingSite().bookable()
    first = await s.books(60, plug=0)
    second = await s.books(60, "b2", token=OTHER, plug=0)
    assert (first.choice.plug, second.choice.plug) == (PLUG_1, PLUG_2)
    assert first.choice.any_plug
    await s.token("THIRD")
    with pytest.raises(SlotUnavailable):
        await s.books(60, "b3", token="THIRD", plug=0)


async def test_bookings_keep_the_rules_with_which_they_were_made() -> None:
    s = await BookingSite().bookable(buffer_minutes=0)
    await s.books(60)
    await s.ruled(buffer_minutes=30)
    # The new booking keeps 30 minutes free after it, the old one none.
    assert [at for at in await s.free() if at <= 180] == [120, 180]


async def test_who_is_not_on_the_list_of_a_private_location_cannot_book() -> None:
    s = await BookingSite().bookable()
    details = Details(name="Yard", type=LocationType.PRIVATE, authorized_tokens=(TOKEN,))
    await s.application.execute(locations, LOCATION, ChangeLocation(at=after(0), details=details), WHY)
    await s.books(60)
    with pytest.raises(Rejected, match="on its list"):
        await s.books(120, "b2", token=OTHER)


async def test_what_is_not_there_cannot_be_booked() -> None:
    s = await BookingSite().bookable()
    with pytest.raises(InvalidValue, match="no such plug"):
        await s.books(60, plug=7)
    with pytest.raises(InvalidValue, match="no such token"):
        await s.books(60, token="NOBODY")
    with pytest.raises(NotThere):
        await s.cancels("b9")
    assert s.happened(SlotTaken) == []
