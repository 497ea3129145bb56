"""Which session a message belongs to: repeated, early, late, without an id, or never sent."""

import pytest

from eosvolt.domain.charge_points.reports import Reading
from eosvolt.domain.sessions.events import ChargingEnded, SessionStarted, StopConflicted
from eosvolt.domain.tokens.events import Authorization, TokenStatus
from tests.examples import TOKEN, after
from tests.scenario import Scenario


async def test_a_repeated_start_gets_the_first_answer_and_opens_nothing() -> None:
    s = await Scenario().opened()
    first = await s.starts(0, 1000)
    again = await s.starts(0, 1000, received=3)
    assert (again, len(s.events(SessionStarted))) == (first, 1)
    assert first.token.authorization is Authorization.ACCEPTED


async def test_a_repeated_start_gets_the_first_answer_even_after_the_session_ended() -> None:
    s = await Scenario().opened()
    first = await s.starts(0, 1000)
    await s.stops(10, first.transaction, 2000)
    assert await s.starts(0, 1000, received=20) == first
    assert len(s.sessions()) == 1


async def test_a_token_may_not_run_two_sessions_at_a_time_unless_it_is_allowed_to() -> None:
    s = await Scenario().opened()
    await s.token("FLEET", concurrent=True)
    assert (await s.starts(0)).token.authorization is Authorization.ACCEPTED
    assert (await s.starts(1, plug=2)).token.authorization is Authorization.CONCURRENT
    assert (await s.starts(2, token="FLEET")).token.authorization is Authorization.ACCEPTED
    assert (await s.starts(3, token="FLEET", plug=2)).token.authorization is Authorization.ACCEPTED


async def test_a_token_is_free_again_when_its_session_ended() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.stops(10, number, 2000)
    assert (await s.starts(11, 2000)).token.authorization is Authorization.ACCEPTED


async def test_a_card_that_starts_again_on_its_own_plug_is_not_beside_the_session_that_this_ends() -> None:
    # The charger lost its transaction, with a restart: its stop never comes.
    s = await Scenario().opened()
    lost = (await s.starts(0, 1000)).transaction
    again = await s.starts(30, 5000)
    assert again.token.authorization is Authorization.ACCEPTED
    assert s.session(lost).ended_at == after(30)
    assert (await s.starts(31, plug=2)).token.authorization is Authorization.CONCURRENT


async def test_a_card_that_started_again_on_its_own_plug_before_it_was_heard_of_is_accepted() -> None:
    s = await Scenario().opened()
    await s.starts(0, 1000)
    again = await s.starts(30, 5000, received=300)
    assert again.token.authorization is Authorization.ACCEPTED
    begun = s.events(SessionStarted)[-1].event
    assert isinstance(begun, SessionStarted)
    assert (begun.number, begun.authorization) == (again.transaction, Authorization.ACCEPTED)


async def test_asking_for_a_token_that_is_charging_is_no_second_session() -> None:
    s = await Scenario().opened()
    await s.starts(0)
    assert (await s.charging.authorized("242/CP-1", TOKEN)).authorization is Authorization.ACCEPTED


@pytest.mark.parametrize(
    ("uid", "expected"),
    [
        (TOKEN, Authorization.ACCEPTED),
        (TOKEN.lower(), Authorization.ACCEPTED),
        ("LOST", Authorization.BLOCKED),
        ("OLD", Authorization.EXPIRED),
        ("NOBODY", Authorization.INVALID),
    ],
)
async def test_a_token_is_what_the_company_says_it_is_in_any_case(uid: str, expected: Authorization) -> None:
    s = await Scenario().opened()
    await s.token("LOST", TokenStatus.BLOCKED)
    await s.token("OLD", TokenStatus.EXPIRED)
    assert (await s.charging.authorized("242/CP-1", uid)).authorization is expected
    started = await s.starts(0, token=uid)
    assert (started.token.authorization, started.transaction) == (expected, 170001)


async def test_a_repeated_stop_changes_nothing() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.stops(10, number, 3000)
    facts = len(s.store.facts)
    await s.stops(10, number, 3000, received=12)
    assert len(s.store.facts) == facts


async def test_a_second_stop_with_another_register_is_recorded_and_not_believed() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.stops(10, number, 3000)
    await s.stops(11, number, 9000)
    await s.stops(11, number, 9000, received=13)
    assert s.session(number).energy_wh == 2000
    assert len(s.events(StopConflicted)) == 1
    assert "stopConflict" in s.session(number).flags


@pytest.mark.parametrize("unissued", [-1, 0])
async def test_a_stop_without_a_proper_id_ends_the_only_session_it_can_mean(unissued: int) -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.stops(10, unissued, 3000)
    await s.stops(10, unissued, 3000, received=12)
    assert (s.session(number).energy_wh, len(s.sessions())) == (2000, 1)


async def test_a_stop_without_a_proper_id_that_could_mean_two_sessions_ends_neither() -> None:
    s = await Scenario().opened()
    await s.token("OTHER")
    one = (await s.starts(0)).transaction
    two = (await s.starts(1, token="OTHER", plug=2)).transaction
    await s.stops(10, -1, 3000)
    assert (s.session(one).ended_at, s.session(two).ended_at) == (None, None)
    await s.stops(11, -1, 4000, token="OTHER")
    assert (s.session(one).ended_at, s.session(two).energy_wh) == (None, 3000)


async def test_a_stop_with_a_strange_id_never_ends_somebody_elses_session() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.stops(10, 4711, 3000)
    assert s.session(number).ended_at is None
    orphan = next(row for row in s.sessions() if row.number != number)
    assert (orphan.status, orphan.flags, orphan.total_gross) == ("failed", ("orphan",), 0)


async def test_a_stop_that_overtook_its_start_ends_the_session_when_the_start_arrives() -> None:
    s = await Scenario().opened()
    await s.stops(30, -1, 5000, received=40)
    number = (await s.starts(0, 1000, received=41)).transaction
    row = s.session(number)
    assert len(s.sessions()) == 1
    assert (row.energy_wh, row.charging_gross, row.ended_at) == (4000, 200, after(30))
    assert row.flags == ("lateStart",)


async def test_readings_without_a_transaction_find_the_session_on_their_plug() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.meters(5, 1500)
    await s.meters(6, 2000, transaction=0)
    assert s.session(number).energy_wh == 1000


async def test_readings_of_a_transaction_we_never_opened_become_a_session_that_can_be_stopped() -> None:
    s = await Scenario().opened()
    await s.meters(5, 1500, transaction=99)
    await s.meters(10, 2500, transaction=99)
    (row,) = s.sessions()
    assert (row.transaction, row.energy_wh, row.flags) == (99, 1000, ("adopted",))
    await s.stops(20, 99, 3500)
    assert (s.session(row.number).energy_wh, len(s.sessions())) == (2000, 1)


async def test_a_missing_stop_becomes_an_estimated_end_that_a_late_stop_replaces() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.meters(10, 3000, transaction=number)
    await s.reports(20, "Available")
    await s.passes(29)
    assert s.session(number).ended_at is None
    await s.passes(31)
    row = s.session(number)
    assert (row.provisional, row.ended_at, row.energy_wh, row.status) == (True, after(20), 2000, "completed")
    await s.stops(19, number, 3400, received=300)
    row = s.session(number)
    assert (row.provisional, row.ended_at, row.energy_wh, row.charging_gross) == (False, after(19), 2400, 120)


async def test_a_stop_soon_after_the_plug_was_freed_is_the_ordinary_end() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.reports(20, "Available")
    await s.stops(20, number, 3000, received=21)
    row = s.session(number)
    assert (row.status, row.provisional, row.energy_wh) == ("completed", False, 2000)
    await s.passes(60)
    assert len(s.events(ChargingEnded)) == 1


async def test_a_session_survives_a_reboot_when_the_charger_goes_on_with_it() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.boots(10)
    await s.meters(12, 3000, transaction=number)
    await s.passes(30)
    assert s.session(number).status == "charging"
    await s.stops(40, number, 5000)
    assert s.session(number).energy_wh == 4000


async def test_a_session_that_is_not_taken_up_after_a_reboot_ended_with_its_last_reading() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.meters(8, 2500, transaction=number)
    await s.boots(10)
    await s.passes(16)
    row = s.session(number)
    assert (row.provisional, row.ended_at, row.energy_wh) == (True, after(8), 1500)


async def test_a_new_car_ends_the_session_before_it() -> None:
    s = await Scenario().opened()
    await s.token("OTHER")
    one = (await s.starts(0)).transaction
    await s.meters(10, 3000, transaction=one)
    two = (await s.starts(30, 3500, token="OTHER")).transaction
    row = s.session(one)
    assert (row.reason, row.energy_wh, row.provisional, row.status) == ("Superseded", 2000, True, "completed")
    assert s.session(two).status == "charging"
    await s.stops(29, one, 3500, received=31)
    assert (s.session(one).energy_wh, s.session(two).ended_at) == (2500, None)


async def test_readings_inside_the_stop_count_once() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.meters(10, 2000, transaction=number)
    inside = tuple(Reading(at=after(minute), register_wh=1000 + 100 * minute) for minute in range(31))
    await s.stops(30, number, 4000, readings=inside)
    facts = len(s.store.facts)
    await s.stops(30, number, 4000, readings=inside, received=33)
    assert (s.session(number).energy_wh, len(s.store.facts)) == (3000, facts)


async def test_readings_of_the_chargers_own_meter_belong_to_no_session() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.meters(5, 900_000, plug=0)
    assert s.session(number).energy_wh == 0
