"""No two bookings have the same time of a plug, and a driver has one at a time where that is wanted."""

from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.domain.bookings.booker import bookers
from eosvolt.domain.bookings.calendar import REMEMBERED, Calendar, calendars
from eosvolt.domain.bookings.commands import BindBooker, FreeSlot, ReleaseBooker, TakeSlot
from eosvolt.domain.bookings.events import BookerBound, BookerReleased, SlotFreed, SlotTaken
from eosvolt.domain.bookings.values import BookedPlug, Booker, SlotUnavailable
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.tokens.bearer import TokenBearer
from tests.examples import LOCATION, after
from tests.rule import Rule

ANA, BEN = Booker(customer="ana"), Booker(token="T1")
TIME: dict[str, Any] = {
    "booking": "b1",
    "booker": ANA,
    "since": after(60),
    "until": after(120),
    "at": after(0),
    "begins_from": after(50),
    "buffer_minutes": 10,
}
TAKE, TAKEN = TakeSlot(**TIME), SlotTaken(**TIME)
PLUG = BookedPlug("CP-1", 1)


def another(since: float, until: float, buffer_minutes: int = 0, at: float = 1) -> TakeSlot:
    return TakeSlot(
        booking="b2",
        booker=BEN,
        since=after(since),
        until=after(until),
        at=after(at),
        begins_from=after(since),
        buffer_minutes=buffer_minutes,
    )


def test_a_time_is_taken_once_and_given_back_once() -> None:
    Rule(calendars).when(TAKE).then(TAKEN)
    freed = SlotFreed(booking="b1", at=after(5))
    Rule(calendars).given(TAKEN).when(FreeSlot(booking="b1", at=after(5))).then(freed)
    Rule(calendars).given(TAKEN).when(FreeSlot(booking="b2", at=after(5))).then()
    Rule(calendars).given(TAKEN, freed).when(another(60, 120, at=6)).then(
        SlotTaken(**{name: getattr(another(60, 120, at=6), name) for name in TakeSlot.__struct_fields__})
    )


@pytest.mark.parametrize(
    ("since", "until", "buffer_minutes"),
    [(60, 120, 0), (0, 61, 0), (119, 130, 0), (129, 200, 0), (70, 80, 0), (0, 200, 0), (0, 60, 1)],
)
def test_times_that_overlap_or_do_not_keep_their_buffers_free_are_refused(
    since: float, until: float, buffer_minutes: int
) -> None:
    with pytest.raises(SlotUnavailable):
        Rule(calendars).given(TAKEN).when(another(since, until, buffer_minutes))


@pytest.mark.parametrize(("since", "until", "buffer_minutes"), [(130, 200, 30), (0, 60, 0), (0, 50, 10)])
def test_times_that_touch_each_other_are_not_refused(since: float, until: float, buffer_minutes: int) -> None:
    command = another(since, until, buffer_minutes)
    assert len(calendars.decide(command, calendars.fold([TAKEN]))) == 1


def test_a_time_without_length_is_none() -> None:
    with pytest.raises(Rejected, match="ends after it begins"):
        Rule(calendars).when(another(60, 60))
    assert calendars.fold([TAKEN]).taken(after(70), after(70), 0, after(1)) is not None
    assert Calendar().taken(after(70), after(70), 0, after(1)) is None


def test_a_booking_that_is_moved_has_only_its_new_time() -> None:
    moved = replace(TAKE, since=after(90), until=after(150), begins_from=after(80), at=after(2))
    state = calendars.fold([TAKEN, *calendars.decide(moved, calendars.fold([TAKEN]))])
    assert state.taken(after(60), after(90), 0, after(3)) is None
    assert state.taken(after(140), after(145), 0, after(3)) is not None


def test_a_time_that_is_only_held_is_free_once_the_hold_is_over() -> None:
    held = replace(TAKEN, held_until=after(5))
    with pytest.raises(SlotUnavailable):
        Rule(calendars).given(held).when(another(60, 120, at=4.9))
    assert len(calendars.decide(another(60, 120, at=5), calendars.fold([held]))) == 1
    assert calendars.fold([held]).covering(after(61)) is None


def test_it_is_known_whose_a_plug_was_at_an_instant_also_after_it_was_given_back() -> None:
    state = calendars.fold([TAKEN, SlotFreed(booking="b1", at=after(80))])
    assert state.covering(after(79)) is not None
    assert state.covering(after(80)) is None
    assert [each.booking for each in state.beginning(after(50))] == ["b1"]
    assert list(state.beginning(after(49))) == []


def test_the_minutes_kept_free_belong_to_the_booking_before_them() -> None:
    later = SlotTaken(
        booking="b2", booker=BEN, since=after(125), until=after(185), at=after(0), begins_from=after(125)
    )
    state = calendars.fold([TAKEN, later])
    covering = [state.covering(after(at)) for at in (119, 124, 125, 129, 185)]
    assert [each and each.booking for each in covering] == ["b1", "b1", "b2", "b2", None]


def test_what_was_long_ago_is_forgotten() -> None:
    later = replace(another(0, 60), since=after(60) + REMEMBERED * 2, until=after(120) + REMEMBERED * 2)
    later = replace(later, at=after(130) + REMEMBERED)
    state = calendars.fold([TAKEN, *calendars.decide(later, calendars.fold([TAKEN]))])
    assert [each.booking for each in state.times] == ["b2"]


BIND: dict[str, Any] = {
    "booking": "b1",
    "location": LOCATION,
    "plug": PLUG,
    "since": after(60),
    "until": after(120),
    "at": after(0),
    "begins_from": after(60),
}
BOUND = BookerBound(**BIND)


def test_a_driver_has_one_booking_at_a_time_where_that_is_wanted() -> None:
    Rule(bookers).when(BindBooker(**BIND)).then(BOUND)
    second = BindBooker(**{**BIND, "booking": "b2", "since": after(300), "until": after(360)})
    with pytest.raises(Rejected, match="one at a time"):
        Rule(bookers).given(BOUND).when(second)
    several = replace(second, only=False)
    assert len(bookers.decide(several, bookers.fold([BOUND]))) == 1
    after_it = replace(second, at=after(120))
    assert len(bookers.decide(after_it, bookers.fold([BOUND]))) == 1
    # What they have already is changed, also where another one was made by other rules.
    other = BookerBound(**{**BIND, "booking": "b2"})
    later = BindBooker(**{**BIND, "since": after(65)})
    assert len(bookers.decide(later, bookers.fold([BOUND, other]))) == 1
    held = replace(BOUND, held_until=after(5))
    assert len(bookers.decide(replace(second, at=after(5)), bookers.fold([held]))) == 1


def test_a_booking_that_is_over_is_the_drivers_no_more() -> None:
    released = BookerReleased(booking="b1", at=after(70))
    Rule(bookers).given(BOUND).when(ReleaseBooker(booking="b1", at=after(70))).then(released)
    Rule(bookers).given(BOUND).when(ReleaseBooker(booking="b2", at=after(70))).then()


@pytest.mark.parametrize(
    ("booker", "bearer", "expected"),
    [
        (ANA, TokenBearer("T9", customer="ana"), True),
        (ANA, TokenBearer("T9", customer="ben"), False),
        (ANA, TokenBearer("T9"), False),
        (BEN, TokenBearer(" t1 "), True),
        (BEN, TokenBearer("T2"), False),
        (Booker(), TokenBearer(""), False),
    ],
)
def test_who_comes_with_a_token_of_the_customer_or_with_the_token_itself_is_the_booker(
    booker: Booker, bearer: TokenBearer, expected: bool
) -> None:
    assert booker.is_bearer(bearer) is expected


@pytest.mark.parametrize(
    ("plug", "expected"),
    [
        (BookedPlug("CP-2", 1, "iec62196T2", 22_000), True),
        (BookedPlug("CP-2", 1, "iec62196T2", 50_000), True),
        (BookedPlug("CP-2", 1, "iec62196T2", 11_000), False),
        (BookedPlug("CP-2", 1, "iec62196T2Combo", 22_000), False),
    ],
)
def test_a_plug_of_the_kind_has_the_same_connector_and_no_less_power(
    plug: BookedPlug, expected: bool
) -> None:
    assert plug.replaces(BookedPlug("CP-1", 1, "iec62196T2", 22_000)) is expected
