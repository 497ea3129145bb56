"""Blocking fees that are learnt late: the same as if known at once, and never of unseen time."""

import pytest

from eosvolt.domain.sessions.events import BlockingFeeCharged
from tests.examples import (
    TARIFF_BY_TIME_OF_DAY,
    after,
)
from tests.scenario import Scenario

DAY = 24 * 60


async def test_a_plug_that_had_another_session_was_not_blocked_by_the_one_before() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    await s.token("OTHER")
    two = (await s.starts(60, 3000, token="OTHER", received=200)).transaction
    await s.stops(90, two, 4000, received=200)
    one = (await s.starts(0, 1000, received=201)).transaction
    await s.reports(31, "Finishing", received=201)
    await s.stops(30, one, 3000, received=201)
    await s.passes(600)
    assert (s.session(one).freed_at, s.session(one).blocking_gross) == (after(60), 200)


async def test_a_car_that_took_nothing_is_not_known_by_what_the_next_one_reports() -> None:
    # Without energy a fee needs SuspendedEV; here it is the next car's, and is heard first.
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    await s.token("OTHER")
    now = 200
    await s.starts(50, 1000, token="OTHER", received=now)
    one = (await s.starts(8, 1000, received=now)).transaction
    for at, status in [(55, "SuspendedEV"), (11, "Finishing"), (26, "Available")]:
        await s.reports(at, status, received=now)
    await s.stops(10, one, 1000, received=now)
    await s.passes(now + 60)
    assert (s.session(one).freed_at, s.session(one).blocking_gross) == (after(26), 0)


async def test_a_stop_that_claims_an_end_long_past_makes_no_fees_for_time_that_nobody_observed() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0.1, "Charging")
    now = 39 * DAY
    await s.stops(60, number, 3000, received=now)
    assert len(s.events(BlockingFeeCharged)) == 0
    await s.reports(now + 5, "Finishing")
    await s.passes(now + 36)
    assert [fact.event.at for fact in s.events(BlockingFeeCharged)] == [  # type: ignore[attr-defined] # by kind
        after(now + 20),
        after(now + 35),
    ]


async def test_fees_of_weeks_that_were_observed_are_charged_bit_by_bit() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.stops(60, number, 3000)
    await s.reports(60, "Finishing")
    await s.reports(60 + 15 * 450, "Available")
    assert 0 < len(s.events(BlockingFeeCharged)) < 450
    await s.passes(60 + 15 * 460)
    row = s.session(number)
    assert (row.status, row.blocking_gross) == ("completed", 45_000)


async def test_a_state_that_is_told_late_gives_back_what_it_disproves() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.stops(10, number, 3000)
    await s.reports(10, "Finishing")
    await s.reports(60, "Available")
    assert s.session(number).blocking_gross == 300
    await s.reports(26, "Faulted", received=70)
    await s.reports(45, "Finishing", received=70)
    assert (s.session(number).blocking_gross, s.session(number).freed_at) == (200, after(60))


async def test_a_session_without_energy_pays_fees_only_where_its_car_wanted_none() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    for begun, wanted in ((0, True), (200, False)):
        number = (await s.starts(begun, 1000)).transaction
        await s.reports(begun + 1, "Charging" if wanted else "SuspendedEV")
        await s.stops(begun + 5, number, 1000)
        await s.reports(begun + 5, "Finishing")
        await s.reports(begun + 40, "Available")
        assert (s.session(number).status, s.session(number).blocking_gross) == (
            "failed",
            0 if wanted else 200,
        )


async def test_throttled_time_after_the_end_does_not_count_as_blocking() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.stops(10, number, 3000)
    await s.reports(10, "Finishing")
    await s.reports(20, "SuspendedEVSE")
    await s.reports(50, "Finishing")
    await s.reports(62, "Available")
    assert s.session(number).blocking_gross == 100


async def test_of_two_fees_that_seemed_due_at_one_instant_one_is_given_back() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.stops(10, number, 3000, received=500)
    await s.reports(100, "Finishing", received=500)
    await s.passes(510)
    await s.reports(10.5, "Finishing", received=511)
    await s.passes(512)
    await s.reports(41, "Available", received=513)
    assert (s.session(number).blocking_gross, len(s.session(number).fees)) == (200, 2)


async def test_fees_move_with_the_end_and_with_pauses_that_are_told_late() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.reports(10.5, "Finishing")
    await s.reports(12, "SuspendedEV")
    await s.reports(59, "Finishing")
    assert [line.until for line in s.session(number).fees] == [after(42), after(57)]
    await s.stops(10, number, 3000, received=60)
    assert [line.until for line in s.session(number).fees] == [after(25), after(40), after(55)]
    await s.reports(30, "Faulted", received=61)
    await s.reports(33, "Finishing", received=61)
    await s.reports(58, "Available", received=61)
    assert [line.until for line in s.session(number).fees] == [after(25), after(43), after(58)]


@pytest.mark.parametrize("late", [False, True])
async def test_a_plug_is_free_after_a_session_of_less_than_a_second(late: bool) -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    begin, charging, end, free = 0.001, 0.003, 0.005, 0.007
    number = (await s.starts(begin, 1000)).transaction
    await s.reports(charging, "Charging")
    if late:
        await s.reports(free, "Available")
    await s.stops(end, number, 1010)
    if not late:
        await s.reports(free, "Available")
    await s.passes(60)
    row = s.session(number)
    assert (row.status, row.freed_at, row.blocking_gross) == ("completed", after(free), 0)
