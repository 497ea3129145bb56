"""A register's evidence, where a rule begins and ends: the values on both sides of each border."""

from datetime import timedelta
from decimal import Decimal

import pytest

from eosvolt.domain.sessions.energy_evidence import KEPT_INCREMENTS, MOST_START_CLAIMS, Evidence
from eosvolt.domain.sessions.registers import (
    SLACK_WH,
    UNKNOWN_POWER_W,
    RegisterFinding,
    Sample,
    Stop,
    deliverable_wh,
    power_wh,
)
from eosvolt.domain.sessions.running_bill import RunningBill, begun
from eosvolt.domain.tariffs.tariff import Period, period_at
from tests.examples import FLAT_TARIFF, MORNING, TARIFF_BY_TIME_OF_DAY, after
from tests.unit.sessions.bills import started

FLAT = period_at(FLAT_TARIFF, MORNING)
NEW = Evidence(start_at=MORNING, start_wh=1000, power_w=22_000)
# What this one shows cannot be a count from the session's start.
OLD = Evidence(start_at=MORNING, start_wh=500_000, power_w=22_000)


def sample(minutes: float, wh: int, rank: int = 0) -> Sample:
    return Sample(after(minutes), rank, wh)


def evidence(*samples: tuple[float, int], new: Evidence = NEW, within: Period = FLAT) -> Evidence:
    known = new
    for minutes, wh in samples:
        known = known.add(sample(minutes, wh), within)
    return known


def stop(minutes: float, wh: int) -> Stop:
    return Stop(after(minutes), wh, after(minutes))


def causes(known: Evidence, told: Stop | None = None) -> list[str]:
    return [finding.cause for finding in known.explained(told).findings]


def test_a_plug_delivers_its_power_for_the_time_and_no_less_than_nothing() -> None:
    assert power_wh(MORNING, after(30), 22_000) == 11_000
    assert power_wh(MORNING, MORNING + timedelta(milliseconds=1), 3_600_000) == 1
    assert power_wh(after(30), MORNING, 22_000) == 0
    assert deliverable_wh(MORNING, after(30), 22_000) == 12_100 + SLACK_WH


def test_a_register_that_is_known_changes_nothing() -> None:
    known = evidence((5, 2000), (10, 3000))
    assert known.add(sample(5, 2000), FLAT) is known
    assert known.add(sample(10, 3000), FLAT) is known
    assert known.last_at == after(10)


def test_a_register_goes_on_from_the_last_one_up_to_what_the_plug_delivers() -> None:
    most = deliverable_wh(after(5), after(10), 22_000)
    assert evidence((5, 2000), (10, 2000 + most)).tail_wh == 1000 + most
    assert evidence((5, 2000), (10, 2001 + most)).tail_wh is None
    # A step within the slack is no more than the register's resolution, whatever the time.
    assert evidence((5, 2000), (5.001, 2000 + SLACK_WH)).tail_wh == 1000 + SLACK_WH
    assert evidence((5, 2000), (10, 2000)).energy_wh == 1000


def test_what_was_drawn_is_not_lost_where_the_register_settles_a_little_lower() -> None:
    settled = evidence((5, 3000), (10, 2980))
    assert (settled.energy_wh, settled.tail_wh) == (2000, 1980)
    assert evidence((5, 3000), (10, 2980), (15, 2990)).energy_wh == 2000
    assert evidence((5, 3000), (10, 2980), (15, 3040)).energy_wh == 2040


@pytest.mark.parametrize(("fall", "cause"), [(50, []), (51, ["setAside"])])
def test_a_meter_settles_by_fifty_watt_hours_and_no_more(fall: int, cause: list[str]) -> None:
    known = evidence((5, 502_000), (10, 502_000 - fall), (15, 502_200), new=OLD)
    assert causes(known) == cause


def test_of_samples_of_one_price_three_are_kept_at_either_end() -> None:
    many = evidence(*((minute, 1000 + 100 * minute) for minute in range(1, 31)))
    assert [each.wh for each in many.samples] == [1100, 1200, 1300, 3800, 3900, 4000]
    assert many.energy_wh == 3000
    assert evidence(*((minute, 1000 + 100 * minute) for minute in range(1, 7))).samples == tuple(
        sample(minute, 1000 + 100 * minute) for minute in range(1, 7)
    )


def test_samples_of_another_price_are_kept_beside_them() -> None:
    """The price changes an hour after the start."""
    known = NEW
    for minute in range(56, 68):
        at = after(minute)
        known = known.add(Sample(at, 0, 1000 + 100 * minute), period_at(TARIFF_BY_TIME_OF_DAY, at))
    assert [int((each.at - MORNING).total_seconds()) // 60 for each in known.samples] == [
        *range(56, 60),
        60,
        61,
        62,
        65,
        66,
        67,
    ]


def test_a_late_sample_that_says_what_its_neighbours_say_is_not_kept() -> None:
    many = evidence(*((minute, 500_000 + 100 * minute) for minute in range(2, 21, 2)), new=OLD)
    assert many.add(sample(11, 501_100), FLAT) is many
    for odd in (590_000, 499_000):
        known = many.add(sample(11, odd), FLAT)
        assert sample(11, odd) in known.samples
        assert known.energy_wh == many.energy_wh == 2000
    # Nothing is known of the time before it yet to outweigh it.
    late = many.add(sample(1, 500_100), FLAT)
    assert late.samples[0] == sample(1, 500_100)


def test_a_late_sample_that_falls_is_kept_also_where_registers_are_low() -> None:
    first = Evidence(start_at=MORNING, start_wh=0, power_w=22_000)
    many = evidence(*((minute, 40 * minute) for minute in range(2, 21, 2)), new=first)
    assert many.add(sample(11, 440), FLAT) is many
    fell = many.add(sample(11, 140), FLAT)
    assert sample(11, 140) in fell.samples
    assert fell.energy_wh == 800


def test_a_claim_for_the_begin_explains_what_the_start_does_not() -> None:
    """The start said 1,000, a sample with the context Transaction.Begin says 500,000."""
    registers = ((10, 501_000), (15, 501_500))
    assert evidence(*registers).energy_wh == 500
    assert evidence(*registers, new=NEW.claim_start(500_000)).energy_wh == 1500
    later = evidence(*registers).claim_start(500_000)
    assert (later.energy_wh, later.samples) == (1500, (sample(10, 501_000), sample(15, 501_500)))
    # One sample alone may as well be odd.
    one = evidence((10, 501_000), new=NEW.claim_start(500_000))
    assert one.energy_wh == 0
    assert one.explained(stop(20, 502_000)).energy_wh == 2000


def test_a_claim_is_taken_once_and_not_too_many_of_them() -> None:
    assert NEW.claim_start(1000) is NEW
    one = NEW.claim_start(5000)
    assert one.claim_start(5000) is one
    most = NEW
    for wh in range(9, 9 - MOST_START_CLAIMS, -1):
        most = most.claim_start(wh)
    assert most.start_claims == (6, 7, 8, 9)
    assert most.claim_start(5) is most


def test_without_a_register_at_the_start_the_first_that_is_known_stands_for_it() -> None:
    unknown = Evidence(start_at=MORNING, start_wh=0, power_w=22_000, start_known=False)
    assert evidence((5, 700_000), (10, 700_800), new=unknown).energy_wh == 800
    claimed = evidence((5, 700_000), (10, 700_800), new=unknown.claim_start(699_900))
    assert claimed.energy_wh == 900
    assert unknown.explained(stop(20, 700_000)).energy_wh == 0
    assert evidence((5, 700_000), new=unknown).explained(stop(20, 702_000)).energy_wh == 2000


def test_increments_add_up_once_each_and_never_below_nothing() -> None:
    known = NEW.increase(after(10), 400).increase(after(20), 600)
    assert (known.energy_wh, known.last_at) == (1000, after(20))
    assert known.increase(after(10), 999) is known
    assert known.increase(after(15), -50).energy_wh == 1000
    assert [(each.at, each.wh) for each in known.explained().readings] == [
        (MORNING, 0),
        (after(10), 400),
        (after(20), 1000),
    ]
    assert known.explained(until=after(10)).energy_wh == 400
    assert known.explained(until=after(9)).energy_wh == 0


def test_increments_beyond_a_number_are_kept_as_their_sum() -> None:
    known = NEW
    for minute in range(1, KEPT_INCREMENTS + 4):
        known = known.increase(after(minute), 10)
    assert len(known.increments) == KEPT_INCREMENTS
    assert (known.merged_at, known.merged_wh) == (after(3), 30)
    assert known.energy_wh == 10 * (KEPT_INCREMENTS + 3)
    assert known.increase(after(3), 500) is known
    assert known.increase(after(2), 500) is known
    assert [(each.at, each.wh) for each in known.explained().readings[:3]] == [
        (MORNING, 0),
        (after(3), 30),
        (after(4), 40),
    ]


def test_of_increments_without_a_register_at_the_start_a_stop_s_register_says_nothing() -> None:
    unknown = Evidence(start_at=MORNING, start_wh=0, power_w=22_000, start_known=False)
    known = unknown.increase(after(10), 400)
    assert known.explained(stop(20, 9000)).energy_wh == 400


def test_a_sample_goes_in_between_where_it_shows_no_less_than_before_and_no_more_than_after() -> None:
    known = evidence((5, 500_500), (15, 501_500), new=OLD)
    for wh, fits in ((500_500, True), (501_500, True), (500_499, False), (501_501, False)):
        assert known.goes_in_between(sample(10, wh)) is fits
    # As one that counts from the session's start.
    for wh, fits in ((500, True), (1500, True), (499, False), (1501, False)):
        assert known.goes_in_between(sample(10, wh)) is fits
    assert not known.goes_in_between(sample(15, 501_500))
    assert not known.goes_in_between(sample(20, 501_500))
    assert not known.goes_in_between(sample(-1, 500_000))
    assert known.goes_in_between(sample(0, 500_200))


def test_a_plug_whose_power_nobody_described_is_as_strong_as_any() -> None:
    assert begun(started(max_power_w=0)).evidence.power_w == UNKNOWN_POWER_W
    assert begun(started(max_power_w=7400)).evidence.power_w == 7400


def running(*samples: tuple[float, int]) -> RunningBill:
    bill = begun(started(tariff=FLAT_TARIFF))
    return RunningBill(tariff=FLAT_TARIFF, evidence=evidence(*samples, new=bill.evidence))


def test_all_that_the_plug_delivers_is_billed_with_its_slack_and_beyond_that_its_power() -> None:
    most = deliverable_wh(MORNING, after(30), 22_000)
    whole = running().settled(after(30), stop(30, 1000 + most))
    assert (whole.energy_wh, whole.held_wh, whole.findings) == (most, 0, ())
    more = running().settled(after(30), stop(30, 1001 + most))
    assert (more.energy_wh, more.held_wh) == (11_000, most + 1 - 11_000)
    assert more.findings == (RegisterFinding(after(30), "abovePower", most + 1),)


def test_what_comes_after_the_stop_or_after_the_car_is_of_no_account() -> None:
    known = running((10, 2000), (20, 3000))
    assert known.settled(after(15), stop(15, 2400)).energy_wh == 1400
    assert known.settled(after(15), None, after(15)).energy_wh == 1000
    assert known.settled(after(20), None, after(20)).energy_wh == 2000
    assert known.settled(after(15)).energy_wh == 2000


def test_energy_that_only_a_stop_confirms_is_shown_as_held_back_from_three_samples_on() -> None:
    two = running((10, 11_000), (20, 21_000))
    assert two.so_far(after(20)).held_wh == 0
    three = running((10, 11_000), (20, 21_000), (30, 31_000))
    shown = three.so_far(after(30))
    assert (shown.energy_wh, shown.held_wh) == (11_000, 19_000)
    assert three.so_far(after(20)) == shown


def within(since: float, until: float) -> Period:
    """A price period between two minutes."""
    return Period(since=after(since), until=after(until), price=Decimal("0.50"), window=None)


def test_a_late_sample_is_kept_where_its_neighbours_are_of_another_price() -> None:
    """Three neighbours on either side agree with it: at minutes 2, 4, 6 and 16, 18, 20."""
    many = evidence(*((minute, 500_000 + 100 * minute) for minute in (2, 4, 6, 16, 18, 20)), new=OLD)
    late = sample(11, 501_100)
    for since, until, dropped in ((2, 20.1, True), (2, 20, False), (2.1, 20.1, False)):
        assert (many.add(late, within(since, until)) is many) is dropped
        assert (late in many.add(late, within(since, until)).samples) is not dropped


def test_beside_odd_samples_three_are_kept_at_either_end_too() -> None:
    right = [(minute, 500_000 + 100 * minute) for minute in range(1, 21) if minute != 10]
    one = evidence(*right[:9], (10, 590_000), *right[9:], new=OLD)
    known = one.add(sample(10.5, 580_000), FLAT)
    assert [each.wh for each in known.samples] == [
        *(500_100, 500_200, 500_300),
        *(590_000, 580_000),
        *(501_800, 501_900, 502_000),
    ]
    assert known.energy_wh == 2000


def test_a_register_after_increments_begins_with_its_first_sample_where_the_start_is_unknown() -> None:
    unknown = Evidence(start_at=MORNING, start_wh=0, power_w=22_000, start_known=False)
    assert unknown.explained().energy_wh == 0
    known = evidence((15, 700_000), (20, 700_800), new=unknown.increase(after(10), 400))
    assert known.energy_wh == 800
    assert known.explained(stop(30, 701_000)).energy_wh == 1000
    claimed = evidence((5, 700_000), (10, 700_800), new=unknown.claim_start(699_900))
    assert claimed.explained(stop(20, 702_000)).energy_wh == 2100


def test_increments_are_recognised_after_a_register_too() -> None:
    known = NEW
    for minute in range(1, KEPT_INCREMENTS + 4):
        known = known.increase(after(minute), 10)
    later = evidence((100, 2000), (110, 2500), new=known)
    assert later.energy_wh == 1500
    assert later.increase(after(2), 500) is later
    assert later.increase(after(10), 500) is later


def test_of_an_unknown_start_the_first_register_may_be_odd_like_any() -> None:
    unknown = Evidence(start_at=MORNING, start_wh=0, power_w=22_000, start_known=False)
    known = evidence((5, 90_000_000), (10, 700_000), (15, 700_400), (20, 700_800), new=unknown)
    assert (known.energy_wh, causes(known)) == (800, ["setAside"])
