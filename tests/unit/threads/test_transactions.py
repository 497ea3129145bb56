"""Transactions that other systems lost, doubled or never ended. The comments name where chargers did this."""

import asyncio

import pytest

from eosvolt.domain.charge_points.reports import Reading
from eosvolt.domain.sessions.events import ChargingEnded, EnergyMetered, SessionStarted, StopConflicted
from eosvolt.domain.tokens.events import Authorization, TokenStatus
from tests.examples import TOKEN, after
from tests.scenario import Scenario


async def test_a_start_that_is_sent_again_gets_its_first_answer_and_not_concurrent() -> None:
    # MicroOcpp #237, mobilityhouse/ocpp #186, SteVe #1364: "ConcurrentTx" to a retry ended the charging.
    s = await Scenario().opened()
    first = await s.starts(0, 1000)
    again = await s.starts(0, 1000, received=1)
    assert again == first
    assert again.token.authorization is Authorization.ACCEPTED
    (session,) = s.sessions()
    assert session.energy_wh == 0


async def test_a_slow_answer_makes_the_charger_retry_and_opens_one_session() -> None:
    # SteVe #1141, #1294, ev-server: both starts are under way at the same time.
    s = await Scenario().opened()
    answers = await asyncio.gather(*(s.starts(0, 1000) for _ in range(5)))
    assert len({answer.transaction for answer in answers}) == 1
    assert len(s.events(SessionStarted)) == 1


async def test_a_stop_that_is_sent_again_counts_its_samples_once() -> None:
    # CitrineOS PR 880, SteVe #72 and #1293.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    samples = tuple(Reading(at=after(minute), register_wh=1000 + 100 * minute) for minute in (5, 10, 15))
    for received in (20, 21, 25):
        await s.stops(20, number, 3000, received=received, readings=samples)
    assert len(s.events(ChargingEnded)) == 1
    assert len(s.events(EnergyMetered)) == 1
    assert s.session(number).energy_wh == 2000


async def test_of_several_stops_with_different_registers_the_first_counts_and_the_others_are_on_record() -> (
    None
):
    # SteVe #1293.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.stops(20, number, 3000)
    await s.stops(21, number, 3100)
    await s.stops(21, number, 3100)
    assert s.session(number).energy_wh == 2000
    assert [fact.event.meter_stop_wh for fact in s.events(StopConflicted)] == [3100]  # type: ignore[attr-defined] # by kind


async def test_a_stop_with_the_number_of_another_charger_ends_nothing() -> None:
    # OCPP.Core #34: a random transaction id stopped another driver's session.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.stops(10, number + 4711, 2000)
    assert s.session(number).ended_at is None
    assert not s.events(ChargingEnded)


async def test_an_unknown_stop_is_answered_each_time() -> None:
    # OCPP.Core #31, ConnectorIO PR 199: an error here makes the charger send it for ever.
    s = await Scenario().opened()
    for received in (10, 11, 12):
        assert await s.stops(10, 987_654, 2000, received=received) is None
    (orphan,) = s.sessions()
    assert orphan.energy_wh == 0


@pytest.mark.parametrize("transaction", [-1, 0])
async def test_a_stop_of_a_transaction_that_never_got_its_number_ends_the_session_it_means(
    transaction: int,
) -> None:
    # libocpp #495, open-ocpp #24, errata 3.18 (-1); SteVe #1569, mobilityhouse/ocpp #478, ocpp-rpc #82 (0).
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.meters(5, 1500, transaction=transaction)
    await s.stops(10, transaction, 2000)
    assert s.session(number).energy_wh == 1000
    assert s.session(number).ended_at == after(10)


async def test_a_number_of_another_systems_making_can_be_stopped_from_here() -> None:
    # lbbrhzn #1000 and #609: after a change of system the charger still talks of its old transaction.
    s = await Scenario().opened()
    await s.meters(5, 1500, transaction=777)
    await s.meters(10, 2500, transaction=777)
    (session,) = s.sessions()
    assert session.energy_wh == 1000
    await s.stops(15, 777, 3000)
    assert s.session(session.number).ended_at == after(15)
    assert s.session(session.number).energy_wh == 1500


async def test_readings_without_a_number_belong_to_the_session_on_their_plug() -> None:
    # CitrineOS #1025 and PR 869 dropped them.
    s = await Scenario().opened()
    one = (await s.starts(0, 1000)).transaction
    await s.token("OTHER")
    two = (await s.starts(0, 5000, token="OTHER", plug=2)).transaction
    await s.meters(10, 6000, plug=2)
    assert (s.session(one).energy_wh, s.session(two).energy_wh) == (0, 1000)


async def test_a_start_is_answered_for_its_own_plug() -> None:
    # EVtivity claimed the station's latest session, ConnectorIO #161 gave two plugs one number.
    s = await Scenario().opened()
    await s.token("OTHER")
    one = (await s.starts(0, 1000)).transaction
    two = (await s.starts(0, 1000, token="OTHER", plug=2)).transaction
    assert one != two
    await s.stops(10, two, 3000)
    assert s.session(one).ended_at is None
    assert s.session(two).energy_wh == 2000


async def test_a_session_that_is_never_stopped_ends_when_its_plug_was_free_for_long() -> None:
    # SteVe #94 and #292, OCPP.Core #55, evcc PR 30247.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.meters(10, 3000, transaction=number)
    await s.reports(15, "Available")
    await s.passes(30)
    assert s.session(number).energy_wh == 2000
    assert s.session(number).ended_at == after(15)


async def test_one_plug_never_has_two_open_sessions() -> None:
    # OCPP.Core #35.
    s = await Scenario().opened()
    first = (await s.starts(0, 1000)).transaction
    second = (await s.starts(20, 4000)).transaction
    assert s.session(first).ended_at == after(20)
    assert s.session(second).ended_at is None


async def test_a_session_of_a_token_that_expired_meanwhile_can_be_stopped() -> None:
    # SteVe #252.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.token(TOKEN, TokenStatus.EXPIRED)
    answer = await s.stops(10, number, 2000, token=TOKEN)
    assert answer is not None
    assert answer.authorization is Authorization.EXPIRED
    assert s.session(number).ended_at == after(10)


async def test_a_start_with_a_card_that_is_not_accepted_is_a_session_all_the_same() -> None:
    # OCPP.Core left no transaction; the stop that follows then fits nothing.
    s = await Scenario().opened()
    answer = await s.starts(0, 1000, token="NOBODY")
    assert answer.token.authorization is Authorization.INVALID
    assert answer.transaction == 170001
    await s.stops(1, answer.transaction, 1020, reason="DeAuthorized")
    assert s.session(answer.transaction).energy_wh == 20


async def test_the_only_stop_of_a_session_whose_start_was_lost_is_kept_and_bills_nothing() -> None:
    # MicroOcpp #454.
    s = await Scenario().opened()
    await s.stops(30, -1, 5000)
    (orphan,) = s.sessions()
    assert orphan.energy_wh == 0
    assert not s.events(ChargingEnded)


async def test_a_charger_that_goes_on_after_a_reboot_keeps_its_session() -> None:
    # OpenEVSE #787, EVerest PR 1515, libocpp #480.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.boots(10)
    await s.meters(12, 2000, transaction=number)
    await s.passes(40)
    assert s.session(number).ended_at is None
    await s.stops(50, number, 5000)
    assert s.session(number).energy_wh == 4000


async def test_charging_is_reported_without_a_start_and_the_start_comes_later() -> None:
    # MicroOcpp #66: state and session are told independently.
    s = await Scenario().opened()
    await s.reports(0, "Charging")
    assert not s.sessions()
    number = (await s.starts(0.2, 1000)).transaction
    await s.stops(10, number, 2000)
    assert s.session(number).energy_wh == 1000


async def test_a_queue_of_weeks_is_billed_session_by_session() -> None:
    # lbbrhzn #361: an Alfen replays everything on its first connection.
    s = await Scenario().opened()
    day = 24 * 60
    now = 21 * day
    numbers = []
    for number in range(20):
        begun, wh = number * day, 1000 * number
        started = await s.starts(begun, wh, received=now)
        await s.meters(begun + 30, wh + 500, transaction=started.transaction, received=now)
        await s.stops(begun + 60, started.transaction, wh + 1000, received=now)
        numbers.append(started.transaction)
    await s.passes(now + 60)
    assert [s.session(number).energy_wh for number in numbers] == [1000] * 20
    assert [s.session(number).ended_at for number in numbers] == [after(n * day + 60) for n in range(20)]


async def test_three_plugs_that_report_at_once_are_all_recorded() -> None:
    # SteVe #2107: concurrent reports within a millisecond ended in a deadlock and errors to the chargers.
    s = await Scenario().opened()
    await asyncio.gather(*(s.reports(1, "Preparing", plug) for plug in (0, 1, 2) if plug))
    await s.token("OTHER")
    one, two = await asyncio.gather(s.starts(2, 0), s.starts(2, 0, token="OTHER", plug=2))
    assert one.transaction != two.transaction
    assert len(s.events(SessionStarted)) == 2
