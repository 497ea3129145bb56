"""A plug's timeline, where a rule begins and ends: the values on both sides of each border."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from eosvolt.domain.sessions.observations import (
    CONNECTED,
    DISCONNECTED,
    FOLLOWED,
    GOES_ON,
    REBOOTED,
    Observation,
)
from eosvolt.domain.sessions.outlook import outlook
from eosvolt.domain.sessions.state import Outlook
from eosvolt.domain.sessions.timeline import (
    NEVER,
    OBSERVATIONS_KEPT,
    Timeline,
    added,
    away,
    changes_status,
    freed_instant,
    idle_instant,
    moved,
    not_billed,
    occupied_from,
    statuses,
    suspensions,
    uncounted,
    uncounted_blocking,
)
from eosvolt.domain.tariffs.tariff import BlockingFee
from tests.examples import MORNING, after
from tests.unit.sessions.bills import STARTED

FEE = BlockingFee(amount=Decimal("1.00"), interval_minutes=15)
SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)


def line(*seen: tuple[float, str]) -> Timeline:
    """What was seen, by minute."""
    return tuple(Observation(after(minutes), what) for minutes, what in seen)


def is_news(timeline: Timeline, minutes: float, what: str, heard: float | None = None) -> bool:
    heard_at = None if heard is None else after(heard)
    return changes_status(timeline, Observation(after(minutes), what, heard_at), MORNING)


def test_before_the_start_only_a_suspended_car_is_news() -> None:
    assert [is_news((), -1, what) for what in ("SuspendedEV", "SuspendedEVSE")] == [True, True]
    assert [is_news((), -1, what) for what in ("Charging", "Available", REBOOTED)] == [False] * 3
    assert is_news((), 0, "Charging")


def test_a_state_that_is_repeated_is_news_again_after_a_minute() -> None:
    known = line((5, "Charging"))
    assert not is_news(known, 5 + 59 / 60, "Charging", 5 + 59 / 60)
    assert is_news(known, 6, "Charging", 6)
    assert is_news(known, 5.5, "Finishing", 5.5)


def test_a_state_that_is_repeated_late_is_news_because_another_may_lie_between() -> None:
    known = line((5, "Charging"))
    assert not is_news(known, 5.5, "Charging", 6.5)
    assert is_news(known, 5.5, "Charging", 6.6)
    assert not is_news(known, 5.5, "Charging")


def test_repetitions_are_kept_up_to_a_number_and_changes_beyond_it() -> None:
    most = tuple(Observation(after(minute), "Finishing") for minute in range(OBSERVATIONS_KEPT))
    assert is_news(most[:-1], 1000, "Finishing")
    assert not is_news(most, 1000, "Finishing")
    assert is_news(most, 1000, "Available")


def test_the_same_is_seen_once_at_an_instant_whatever_lies_between() -> None:
    known = line((5, "Charging"), (5, "Faulted"))
    assert not is_news(known, 5, "Charging", 8)
    assert is_news(known, 5.1, "Charging")
    assert is_news(line((4, "Charging"), (5, "Faulted")), 5, "Charging")


def test_a_connection_is_news_where_it_was_lost_and_a_loss_where_it_was_not() -> None:
    assert (is_news((), 5, CONNECTED), is_news((), 5, DISCONNECTED)) == (False, True)
    lost = line((3, CONNECTED), (4, DISCONNECTED), (4.5, "Charging"), (8, CONNECTED))
    assert (is_news(lost, 5, CONNECTED), is_news(lost, 5, DISCONNECTED)) == (True, False)
    assert (is_news(lost, 9, CONNECTED), is_news(lost, 9, DISCONNECTED)) == (False, True)


def test_each_boot_is_news_and_going_on_only_after_one() -> None:
    booted = line((3, "Charging"), (4, REBOOTED))
    assert is_news(booted, 4.1, REBOOTED)
    assert not is_news(booted, 4, REBOOTED)
    assert (is_news(booted, 5, GOES_ON), is_news(booted, 3.5, GOES_ON)) == (True, False)
    for since in (GOES_ON, "Charging", "SuspendedEV", "SuspendedEVSE"):
        assert not is_news((*booted, *line((4.5, since))), 5, GOES_ON)
    assert is_news((*booted, *line((4.5, "Finishing"))), 5, GOES_ON)
    assert not is_news((), 5, GOES_ON)


def test_of_two_at_one_instant_the_one_that_is_heard_later_is_the_later_one() -> None:
    timeline = added(
        line((4, "Charging"), (5, "Faulted"), (6, "Available")), Observation(after(5), "Charging")
    )
    assert [each.what for each in timeline] == ["Charging", "Faulted", "Charging", "Available"]


def test_a_clock_that_is_found_wrong_moves_what_ours_dated_and_when_all_was_heard() -> None:
    timeline = (
        Observation(after(5), DISCONNECTED, after(5)),
        Observation(after(6), "Charging", after(7)),
        Observation(after(8), CONNECTED),
        Observation(after(20), REBOOTED),
    )
    assert moved(timeline, timedelta(minutes=3)) == (
        Observation(after(6), "Charging", after(10)),
        Observation(after(8), DISCONNECTED, after(8)),
        Observation(after(11), CONNECTED),
        Observation(after(23), REBOOTED),
    )


def test_of_the_time_before_the_start_only_the_last_state_counts_and_only_a_suspended_one() -> None:
    assert statuses(line((-2, "SuspendedEV"), (5, "Charging")), MORNING) == [
        (MORNING, "SuspendedEV"),
        (after(5), "Charging"),
    ]
    assert statuses(line((-2, "SuspendedEV"), (-1, "Available"), (5, "Charging")), MORNING) == [
        (after(5), "Charging")
    ]
    assert statuses(line((-2, "SuspendedEVSE"), (-1, "SuspendedEV")), MORNING) == [(MORNING, "SuspendedEV")]


@pytest.mark.parametrize("what", ["Available", "Preparing", "Reserved"])
def test_a_plug_that_is_free_within_the_second_of_the_start_was_so_before_it(what: str) -> None:
    within, beyond = (Observation(MORNING + by, what) for by in (SECOND - TICK, SECOND))
    assert statuses((within,), MORNING) == []
    assert statuses((within, *line((5, "Charging"))), MORNING) == [(after(5), "Charging")]
    assert statuses((beyond,), MORNING) == [(MORNING + SECOND, what)]
    assert statuses((within,), MORNING, MORNING) == [(MORNING + SECOND - TICK, what)]


def test_what_the_plug_says_after_the_next_car_came_is_of_that_car() -> None:
    followed = line((0, FOLLOWED), (5, "Charging"))
    assert statuses(followed, MORNING) == [(MORNING, FOLLOWED)]
    beside = line((1, DISCONNECTED), (2, CONNECTED), (3, REBOOTED), (4, GOES_ON), (5, "Charging"))
    assert statuses(beside, MORNING) == [(after(5), "Charging")]


def test_time_is_not_billed_from_the_first_report_of_a_fault_to_the_end_or_another_state() -> None:
    timeline = line(
        (5, "Faulted"), (7, "Unavailable"), (9, "Charging"), (12, "SuspendedEVSE"), (20, "Finishing")
    )
    assert not_billed(timeline, MORNING, after(30)) == ((after(5), after(9)), (after(12), after(20)))
    assert not_billed(timeline, MORNING, after(15)) == ((after(5), after(9)), (after(12), after(15)))
    assert not_billed(timeline, MORNING, after(12)) == ((after(5), after(9)),)
    suspended = line((5, "SuspendedEV"), (7, "SuspendedEV"), (9, "Charging"), (12, "SuspendedEV"))
    assert suspensions(suspended, MORNING, after(15)) == ((after(5), after(9)), (after(12), after(15)))
    assert suspensions(suspended, MORNING, after(12)) == ((after(5), after(9)),)


def test_a_charger_that_is_away_counts_until_it_is_back() -> None:
    timeline = line((5, DISCONNECTED), (6, "Charging"), (9, CONNECTED), (20, DISCONNECTED))
    assert away(timeline) == [(after(5), after(9)), (after(20), NEVER)]
    faulted = line((5, DISCONNECTED), (7, "Faulted"), (9, CONNECTED), (11, "Charging"))
    assert uncounted(faulted, MORNING) == ((after(5), after(11)),)


def test_of_an_end_that_was_heard_over_a_minute_later_the_first_sign_counts() -> None:
    timeline = line((14, "Finishing"))
    at_once = uncounted_blocking(timeline, MORNING, after(10), after(11))
    assert at_once == ()
    assert uncounted_blocking(timeline, MORNING, after(10), None) == ()
    later = uncounted_blocking(timeline, MORNING, after(10), after(11) + TICK)
    assert later == ((after(10), after(14)),)
    assert uncounted_blocking((), MORNING, after(10), after(12)) == ((after(10), NEVER),)
    throttled = line((11, "SuspendedEVSE"), (15, "Finishing"))
    assert uncounted_blocking(throttled, MORNING, after(10), after(10)) == ((after(11), after(15)),)


def test_idling_is_full_only_where_the_car_was_still_suspended() -> None:
    assert idle_instant(line((5, "SuspendedEV")), MORNING, None) is None
    assert idle_instant(line((5, "SuspendedEV"), (20, "Charging")), MORNING, FEE) is None
    just = (*line((5, "SuspendedEV")), Observation(after(20) + TICK, "Charging"))
    assert idle_instant(just, MORNING, FEE) == after(20)
    again = line((5, "SuspendedEV"), (8, "SuspendedEV"), (10, "Charging"), (30, "SuspendedEV"))
    assert idle_instant(again, MORNING, FEE) == after(45)
    assert idle_instant(line((5, "SuspendedEV"), (8, "SuspendedEV")), MORNING, FEE) == after(20)
    broken = line((5, "SuspendedEV"), (10, "Faulted"), (12, "SuspendedEV"))
    assert idle_instant(broken, MORNING, FEE) == after(22)
    assert idle_instant(line((5, "SuspendedEV"), (10, DISCONNECTED)), MORNING, FEE) is None


@pytest.mark.parametrize(
    ("seen", "freed"),
    [
        ((), None),
        (((9, "Available"),), 10),
        (((9, "Available"), (10, "Charging")), None),
        (((10, "Available"),), 10),
        (((9, "Available"), (12, "Charging")), 10),
        (((9, "Available"), (9.5, "Finishing"), (12, "Preparing")), 12),
        (((12, "Finishing"), (14, "Reserved")), 14),
        (((12, "Charging"), (14, "Available")), 12),
        (((10 + 0.5 / 60, "Charging"), (14, "Available")), 14),
        (((10 + 1 / 60, "Charging"), (14, "Available")), 10 + 1 / 60),
        (((12, FOLLOWED),), 12),
        (((12, "Faulted"),), None),
    ],
)
def test_a_plug_is_free_when_it_says_so_after_the_end_or_said_so_last_before_it(
    seen: tuple[tuple[float, str], ...], freed: float | None
) -> None:
    assert freed_instant(line(*seen), MORNING, after(10)) == (None if freed is None else after(freed))


@pytest.mark.parametrize(
    ("seen", "sign"),
    [
        ((), None),
        (((9, "Finishing"),), 10),
        (((9, "Finishing"), (10, "Available"), (12, "Finishing")), 12),
        (((9, "SuspendedEV"), (12, "Faulted"), (13, "Finishing")), 10),
        (((9, "Charging"), (10.5, "Finishing")), 10),
        (((11, "Finishing"),), 10),
        (((11.1, "Finishing"),), 11.1),
        (((11, "Available"), (12, "SuspendedEVSE")), 12),
        (((12, "Charging"),), None),
    ],
)
def test_a_car_is_there_from_the_end_on_where_a_sign_follows_within_a_minute(
    seen: tuple[tuple[float, str], ...], sign: float | None
) -> None:
    assert occupied_from(line(*seen), MORNING, after(10)) == (None if sign is None else after(sign))


def stands(*seen: tuple[float, str]) -> Outlook:
    return outlook(line(*seen), STARTED)


def test_a_session_of_which_nothing_was_seen_stands_as_it_began() -> None:
    assert stands() == Outlook()
    assert stands((5, "Charging")) == Outlook()


def test_a_car_is_suspended_since_it_said_so_first() -> None:
    suspended = stands((5, "SuspendedEV"), (7, "SuspendedEV"))
    assert suspended == Outlook(suspended_since=after(5), idle_at=after(20))
    assert stands((5, "SuspendedEV"), (7, "Charging")) == Outlook()
    broken = stands((5, "SuspendedEV"), (7, "Faulted"))
    assert broken == Outlook(suspended_since=after(5), paused_for="Faulted")
    throttled = stands((5, "SuspendedEVSE"), (7, "SuspendedEVSE"))
    assert throttled == Outlook(throttled_since=after(5))


def test_a_plug_that_is_free_is_taken_for_the_end_ten_minutes_after_that_was_heard() -> None:
    free = outlook((Observation(after(5), "Available", after(8)),), STARTED)
    assert free == Outlook(unplugged_at=after(5), presume_ended_at=after(18))
    early = outlook((Observation(after(5), "Available", after(3)),), STARTED)
    assert early == Outlook(unplugged_at=after(5), presume_ended_at=after(15))
    unheard = stands((5, "Available"), (7, "Preparing"))
    assert unheard == Outlook(unplugged_at=after(5), presume_ended_at=after(15))
    assert stands((5, "Available"), (7, "Finishing")) == Outlook()


def test_a_boot_is_taken_for_the_end_after_five_minutes_unless_the_session_goes_on() -> None:
    assert stands((5, REBOOTED)) == Outlook(presume_ended_at=after(10))
    assert stands((5, REBOOTED), (6, "Finishing")) == Outlook(presume_ended_at=after(10))
    for on in ("Charging", GOES_ON):
        assert stands((5, REBOOTED), (6, on)) == Outlook()
    assert stands((5, REBOOTED), (6, GOES_ON), (7, REBOOTED)) == Outlook(presume_ended_at=after(12))


def test_counting_rests_while_the_charger_is_away_or_out_of_order() -> None:
    assert stands((5, DISCONNECTED)).paused_for == DISCONNECTED
    assert stands((5, DISCONNECTED), (6, CONNECTED)).paused_for == ""
    assert stands((5, DISCONNECTED), (6, "Unavailable")).paused_for == "Unavailable"
    assert stands((5, DISCONNECTED), (6, "Charging")).paused_for == DISCONNECTED
    assert stands((5, "Faulted"), (6, "Charging")).paused_for == ""


def test_without_a_blocking_fee_no_car_idles() -> None:
    tariff = msgspec.structs.replace(STARTED.tariff, blocking_fee=None)
    free = msgspec.structs.replace(STARTED, tariff=tariff)
    timeline = line((5, "SuspendedEV"))
    assert outlook(timeline, free) == Outlook(suspended_since=after(5))
