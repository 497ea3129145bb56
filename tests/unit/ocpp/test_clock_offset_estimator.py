"""When a clock counts as wrong: what a queue does too is no proof."""

from datetime import timedelta

import pytest

from eosvolt.adapters.ocpp.clock_offset_estimator import ClockOffsetEstimator
from eosvolt.domain.charge_points.reports import MeterReport, Reading
from tests.examples import after

HOUR_S = 3600


def observed(
    estimator: ClockOffsetEstimator, minutes: float, clock_offset_s: float, *, alone: bool = False
) -> bool:
    received_at = after(minutes)
    at = received_at + timedelta(seconds=clock_offset_s)
    return estimator.observe(at, received_at, 60.0 if alone else 0.0)


def test_three_messages_over_two_minutes_that_agree_show_a_wrong_clock() -> None:
    estimator = ClockOffsetEstimator()
    assert [observed(estimator, m, -HOUR_S) for m in (0, 1, 2)] == [False, False, True]
    assert estimator.clock_offset_s == -HOUR_S
    assert [observed(estimator, m, 0) for m in (3, 4, 5)] == [False, False, True]
    assert estimator.clock_offset_s == 0


def test_messages_whose_times_pass_as_ours_does_show_a_wrong_clock_within_seconds() -> None:
    estimator = ClockOffsetEstimator()
    estimator.connected(after(-1))
    assert [observed(estimator, s / 60, -HOUR_S - s % 3) for s in (0, 4, 6, 15)] == [
        False,
        False,
        False,
        True,
    ]
    assert estimator.clock_offset_s in range(-HOUR_S - 3, -HOUR_S + 1)


def test_a_queue_that_is_delivered_in_seconds_shows_nothing() -> None:
    estimator = ClockOffsetEstimator()
    assert not any(observed(estimator, second / 60, -HOUR_S + 10 * second) for second in range(20))


def test_a_queue_whose_lag_shrinks_while_it_is_delivered_shows_nothing() -> None:
    estimator = ClockOffsetEstimator()
    assert not any(observed(estimator, minute, -HOUR_S + 900 * minute) for minute in range(4))
    assert estimator.clock_offset_s == 0


def test_what_comes_alone_long_after_the_connection_comes_when_it_happened() -> None:
    estimator = ClockOffsetEstimator()
    assert observed(estimator, 8, -2 * HOUR_S, alone=True)
    assert estimator.clock_offset_s == -2 * HOUR_S


def test_a_clock_that_was_seen_right_is_not_wrong_because_of_one_late_message() -> None:
    estimator = ClockOffsetEstimator()
    observed(estimator, 0, 0)
    assert not observed(estimator, 10, -600, alone=True)
    assert estimator.clock_offset_s == 0


def report(minutes: float, wh: int, clock_offset_s: float) -> MeterReport:
    reading = Reading(at=after(minutes) + timedelta(seconds=clock_offset_s), register_wh=wh)
    return MeterReport(connector=1, received_at=after(minutes), readings=(reading,), transaction=7)


def test_a_clock_that_was_certainly_set_back_is_off_by_what_two_messages_agree_on() -> None:
    estimator = ClockOffsetEstimator()
    estimator.metered(report(0, 1000, -400))
    observed(estimator, 1, -HOUR_S)
    observed(estimator, 1.5, -HOUR_S)
    assert estimator.metered(report(1.5, 1100, -HOUR_S))
    assert estimator.clock_offset_s == -HOUR_S


def test_of_a_single_message_only_the_difference_says_by_how_much_the_clock_was_set_back() -> None:
    estimator = ClockOffsetEstimator()
    estimator.metered(report(0, 1000, -900))
    assert estimator.metered(report(1, 1100, -HOUR_S - 900))
    assert estimator.clock_offset_s == -HOUR_S


def test_alone_is_what_comes_long_after_the_last_answer_or_the_connection() -> None:
    estimator = ClockOffsetEstimator()
    estimator.connected(after(0))
    assert estimator.alone_s(after(1)) == 60
    estimator.answered(after(3))
    assert estimator.alone_s(after(4)) == 60
    estimator.answered(None)
    assert estimator.alone_s(after(10)) == 0


def test_queues_that_waited_equally_long_on_several_connections_show_nothing() -> None:
    estimator = ClockOffsetEstimator()
    for minute in (0, 5, 10, 15):
        estimator.connected(after(minute))
        assert not observed(estimator, minute, -220)


def test_a_queue_shows_nothing_though_we_answer_it_as_slowly_as_it_was_filled() -> None:
    estimator = ClockOffsetEstimator()
    estimator.connected(after(0))
    for second in (0, 19, 38, 57):
        assert not observed(estimator, second / 60, -132)
        estimator.answered(after((second + 18.5) / 60))
    assert estimator.clock_offset_s == 0


def test_what_had_to_wait_for_the_answer_to_a_boot_does_not_come_alone() -> None:
    estimator = ClockOffsetEstimator()
    estimator.connected(after(0))
    estimator.kept_waiting(timedelta(seconds=70))
    assert estimator.alone_s(after(1.2)) == pytest.approx(2)
    estimator.answered(after(2))
    assert estimator.alone_s(after(4)) == 120
