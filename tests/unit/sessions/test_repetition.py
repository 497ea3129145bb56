"""Messages that come again: recognised however long ago they came first, and however many there are."""

import pytest

from eosvolt.adapters.postgres.stored_events import EventMapper
from eosvolt.domain.charge_points.reports import MeterReport, RankedReading, Reading, StartReport
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.vocabulary import EVENTS
from tests.examples import CHARGE_POINT, TOKEN, after
from tests.scenario import Scenario

# More than a charger's own state remembers.
LONG_QUEUE = 150


async def queue(s: Scenario, received: float, *, named: bool) -> list[int]:
    """A session of 30 minutes each hour, delivered at ``received``."""
    numbers = []
    for number in range(LONG_QUEUE):
        begun, register = 60.0 * number, 1000 * number
        transaction = (await s.starts(begun, register, received=received)).transaction
        if named:
            await s.meters(begun + 10, register + 400, transaction=transaction, received=received)
        await s.stops(begun + 30, transaction if named else -1, register + 1000, received=received)
        numbers.append(transaction)
    return numbers


async def test_a_queue_of_any_length_that_comes_again_is_the_same_sessions() -> None:
    # ev-dashboard #1686.
    s = await Scenario().opened()
    now = 60.0 * LONG_QUEUE
    first = await queue(s, now, named=True)
    facts = len(s.store.facts)
    assert await queue(s, now + 100, named=True) == first
    assert len(s.store.facts) == facts
    assert sum(row.energy_wh for row in s.sessions()) == 1000 * LONG_QUEUE


async def test_stops_without_a_number_are_recognised_however_many_came_since() -> None:
    s = await Scenario().opened()
    now = 60.0 * LONG_QUEUE
    first = await queue(s, now, named=False)
    facts = len(s.store.facts)
    assert await queue(s, now + 100, named=False) == first
    assert len(s.events(SessionStarted)) == LONG_QUEUE
    assert len(s.store.facts) == facts


@pytest.mark.parametrize("register", [1600, None])
async def test_a_stop_without_number_and_time_that_is_sent_again_makes_no_session(
    register: int | None,
) -> None:
    s = await Scenario().opened()
    await s.starts(0, 1000)
    s.timed = False
    await s.stops(10, -1, register, token=TOKEN)
    await s.stops(10.2, -1, register, token=TOKEN)
    assert len(s.sessions()) == 1


async def test_a_stop_without_number_and_time_that_is_sent_again_ends_nobody_else_s_session() -> None:
    s = await Scenario().opened()
    await s.token("OTHER")
    await s.starts(0, 1000)
    s.timed = False
    await s.stops(10, -1, 1600)
    other = (await s.starts(10.1, 500, token="OTHER", plug=2)).transaction
    await s.stops(10.2, -1, 1600)
    assert s.session(other).ended_at is None
    assert len(s.sessions()) == 2


async def test_a_stop_without_number_and_time_ends_the_session_that_took_nothing() -> None:
    s = await Scenario().opened()
    first = (await s.starts(0, 1000)).transaction
    await s.stops(10, first, 1600)
    await s.reports(10, "Available")
    await s.starts(20, 1600)
    s.timed = False
    await s.stops(30, -1, 1600)
    assert [row.ended_at is None for row in s.sessions()] == [False, False]


@pytest.mark.parametrize("register", [1600, None])
async def test_a_stop_of_nobody_without_a_time_that_is_sent_again_is_kept_once(register: int | None) -> None:
    s = await Scenario().opened()
    s.timed = False
    await s.stops(10, -1, register, token=TOKEN)
    await s.stops(10.2, -1, register, token=TOKEN)
    assert len(s.sessions()) == 1


async def test_a_start_without_a_time_that_was_held_up_until_after_its_stop_makes_no_session() -> None:
    s = await Scenario().opened()
    s.timed = False
    first = await s.starts(1, 1000)
    copy = StartReport(
        connector=1, token=TOKEN, at=after(2), received_at=after(2), meter_start_wh=1000, timed=False
    )
    await s.stops(10, first.transaction, 1600)
    assert await s.charging.started(CHARGE_POINT, copy) == first
    assert len(s.sessions()) == 1
    assert (await s.starts(11, 1000)).transaction != first.transaction


async def test_samples_of_a_transaction_of_long_ago_open_no_session() -> None:
    s = await Scenario().opened()
    now = 60.0 * LONG_QUEUE
    first = await queue(s, now, named=True)
    await s.meters(10, 400, transaction=first[0], received=now + 100, power_w=7000)
    assert len(s.sessions()) == LONG_QUEUE


async def test_samples_of_a_transaction_that_the_charger_numbered_itself_find_it_after_many_others() -> None:
    s = await Scenario().opened()
    await s.meters(-3, 100, transaction=999_999, power_w=7000)
    await s.stops(-2, 999_999, 300)
    await queue(s, 60.0 * LONG_QUEUE, named=True)
    await s.meters(-3, 100, transaction=999_999, received=60.0 * LONG_QUEUE + 5, power_w=7000)
    await s.stops(-2, 999_999, 300, received=60.0 * LONG_QUEUE + 5)
    assert len(s.sessions()) == LONG_QUEUE + 1


async def test_readings_of_no_session_are_stored_whatever_their_context() -> None:
    s = await Scenario().opened()
    reading = RankedReading(at=after(1), register_wh=3000, rank=-1)
    report = MeterReport(connector=0, received_at=after(1), readings=(reading,))
    await s.charging.metered(CHARGE_POINT, report)
    fact = s.store.facts[-1]
    EventMapper(EVENTS).stored(fact.stream, fact.version, fact.event, fact.recorded_at, fact.why)
    assert [type(each) for each in fact.event.readings] == [Reading]  # type: ignore[attr-defined] # by kind


async def test_an_id_that_is_left_over_on_a_free_plug_opens_no_session() -> None:
    # evcc #14673, #15874, #15752.
    s = await Scenario().opened()
    await s.reports(0, "Available")
    for minute in range(1, 6):
        await s.meters(minute, 185_000, transaction=4711, power_w=0)
    assert s.sessions() == []


async def test_a_transaction_is_adopted_from_its_first_sample_once_its_register_moves() -> None:
    s = await Scenario().opened()
    await s.meters(1, 5000, transaction=4711)
    assert s.sessions() == []
    await s.meters(2, 5300, transaction=4711)
    (row,) = s.sessions()
    assert (row.started_at, row.energy_wh, row.flags) == (after(1), 300, ("adopted",))


async def test_a_transaction_on_a_plug_that_charges_is_adopted_at_once() -> None:
    s = await Scenario().opened()
    await s.reports(0, "Charging")
    await s.meters(1, 5000, transaction=4711)
    assert [row.flags for row in s.sessions()] == [("adopted",)]


async def test_another_plug_s_id_among_a_plug_s_samples_bills_nobody() -> None:
    # steve PR #2006.
    s = await Scenario().opened()
    await s.token("OTHER")
    one = (await s.starts(0, 1000)).transaction
    two = (await s.starts(0, 500_000, token="OTHER", plug=2)).transaction
    await s.meters(5, 501_000, plug=2, transaction=one)
    assert (s.session(one).energy_wh, s.session(two).energy_wh) == (0, 1000)
    await s.stops(10, two, 502_000)
    await s.meters(11, 502_000, plug=2, transaction=one)
    assert s.session(one).energy_wh == 0


async def test_a_session_s_samples_under_the_id_of_the_one_before_count_for_the_one_under_way() -> None:
    s = await Scenario().opened()
    one = (await s.starts(0, 1000)).transaction
    await s.stops(10, one, 2000)
    await s.reports(10, "Available")
    two = (await s.starts(20, 2000)).transaction
    await s.meters(25, 2600, transaction=one)
    assert (s.session(one).energy_wh, s.session(two).energy_wh) == (1000, 600)
