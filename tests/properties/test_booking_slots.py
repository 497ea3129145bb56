"""Slots of any rules, hours, zones and days: what is shown is exactly what can be booked."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.bookings.slots import MOST_SLOTS, Slot, SlotPlan
from eosvolt.domain.bookings.values import SlotUnavailable
from eosvolt.domain.calendar import local_date
from eosvolt.domain.locations.booking_rules import BookingRules, problems
from eosvolt.domain.locations.opening_hours import OpeningHours, OpenRange
from tests.properties.pricing import ZONES, instants

ranges = st.builds(OpenRange, st.integers(0, 1439), st.integers(1, 1440)).filter(
    lambda part: part.starts != part.ends
)
openings = st.one_of(
    st.just(OpeningHours()),
    st.lists(st.lists(ranges, max_size=2).map(tuple), min_size=7, max_size=7).map(
        lambda week: OpeningHours(week=tuple(week))
    ),
)
rules = st.builds(
    BookingRules,
    enabled=st.just(True),
    frame=st.one_of(st.just(OpenRange(0, 1440)), ranges),
    slot_minutes=st.integers(1, 12).map(lambda half_hours: 30 * half_hours),
    ahead_days=st.integers(1, 90),
    notice_minutes=st.integers(0, 1000),
).filter(lambda known: problems(known) == [])
plans = st.builds(SlotPlan, rules, openings, st.sampled_from(ZONES))


def around(plan: SlotPlan, at: datetime) -> list[date]:
    today = local_date(at, plan.time_zone)
    return [today + timedelta(days=number) for number in range(-1, 3)]


@given(plans, instants)
def test_slots_are_apart_in_order_and_all_of_the_same_elapsed_length(plan: SlotPlan, at: datetime) -> None:
    length = timedelta(minutes=plan.rules.slot_minutes)
    reached: datetime | None = None
    for day in around(plan, at):
        frame = plan.frame_of(day)
        for slot in plan.slots_of(day):
            assert slot.until - slot.since == length
            assert reached is None or reached <= slot.since
            assert frame.since <= slot.since
            assert slot.until <= frame.until
            assert (slot.since - frame.since) % length == timedelta()
            assert plan.hours.open_spans(slot.since, slot.until, plan.time_zone) == [(slot.since, slot.until)]
            reached = slot.until


@given(plans, instants)
def test_no_slot_is_left_out_that_fits(plan: SlotPlan, at: datetime) -> None:
    length = timedelta(minutes=plan.rules.slot_minutes)
    for day in around(plan, at):
        frame, slots = plan.frame_of(day), plan.slots_of(day)
        since = frame.since
        while since + length <= frame.until:
            is_open = plan.hours.open_spans(since, since + length, plan.time_zone) == [
                (since, since + length)
            ]
            assert (Slot(since, since + length) in slots) is is_open
            since += length


@given(plans, instants, st.integers(0, 3000))
def test_what_is_shown_is_exactly_what_can_be_booked(plan: SlotPlan, now: datetime, later: int) -> None:
    shown = {slot for day in around(plan, now) for slot in plan.offered_on(day, now)}
    for day in around(plan, now):
        for slot in plan.slots_of(day):
            if slot in shown:
                assert plan.run(slot.since, 1, now) == slot
            else:
                with pytest.raises(SlotUnavailable):
                    plan.run(slot.since, 1, now)
    at = now + timedelta(minutes=later)
    if local_date(at, plan.time_zone) in around(plan, now)[1:] and all(at != slot.since for slot in shown):
        with pytest.raises(SlotUnavailable):
            plan.run(at, 1, now)


@given(plans, instants, st.integers(2, 5))
def test_consecutive_slots_are_those_that_follow_each_other(
    plan: SlotPlan, now: datetime, count: int
) -> None:
    slots = [slot for day in around(plan, now) for slot in plan.slots_of(day)]
    for first in plan.offered_on(around(plan, now)[1], now):
        at = slots.index(first)
        run = slots[at : at + count]
        follow = len(run) == count and all(a.until == b.since for a, b in itertools.pairwise(run))
        if follow:
            assert plan.run(first.since, count, now) == Slot(first.since, run[-1].until)
        elif len(run) == count:
            with pytest.raises(SlotUnavailable):
                plan.run(first.since, count, now)


@given(plans, instants, st.integers(MOST_SLOTS + 1, 10_000))
def test_nobody_books_for_ever(plan: SlotPlan, now: datetime, count: int) -> None:
    for slot in plan.offered_on(around(plan, now)[1], now)[:1]:
        with pytest.raises(SlotUnavailable):
            plan.run(slot.since, count, now)
