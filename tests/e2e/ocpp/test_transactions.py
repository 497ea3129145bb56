from datetime import UTC, datetime, timedelta

import pytest
from ocpp.v16 import call

from eosvolt.domain.charge_points.events import StopOrphaned
from eosvolt.domain.sessions.events import (
    ChargerRebooted,
    ChargingEnded,
    EndReconciled,
    EnergyMetered,
    SessionStarted,
    StopConflicted,
)
from eosvolt.domain.tokens.events import TokenStatus
from tests.e2e.ocpp.gateway import Gateway
from tests.e2e.ocpp.station import station


def at(minutes: int) -> str:
    """An instant of an hour ago and some minutes, as a charger writes it."""
    return (BEGINNING + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


BEGINNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


@pytest.mark.parametrize(
    ("tag", "answer"),
    [
        ("GOOD", "Accepted"),
        ("good", "Accepted"),
        ("STRANGER", "Invalid"),
        ("BLOCKED", "Blocked"),
        ("EXPIRED", "Expired"),
        ("LAPSED", "Expired"),
    ],
)
async def test_a_token_is_answered_for_whatever_its_case(gateway: Gateway, tag: str, answer: str) -> None:
    """§7.4 case 32."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("GOOD")
    await gateway.add_token("BLOCKED", TokenStatus.BLOCKED)
    await gateway.add_token("EXPIRED", TokenStatus.EXPIRED)
    await gateway.add_token("LAPSED", expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    async with station(gateway) as cp:
        assert (await cp.ask(call.Authorize(id_tag=tag))).id_tag_info["status"] == answer


async def test_plug_first_a_whole_session(gateway: Gateway) -> None:
    """§7.4 case 33."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG", group="FLEET1")
    async with station(gateway) as cp:
        await cp.status("Preparing")
        authorized = await cp.ask(call.Authorize(id_tag="TAG"))
        assert authorized.id_tag_info == {"status": "Accepted", "parent_id_tag": "FLEET1"}
        started = await cp.begin("TAG", at(0), meter=1_000)
        assert started.transaction_id > 0
        assert started.id_tag_info == {"status": "Accepted", "parent_id_tag": "FLEET1"}
        await cp.status("Charging")
        await cp.meter(at(10), {"value": "3000"}, transaction=started.transaction_id)
        await cp.meter(at(20), {"value": "5000"}, transaction=started.transaction_id)
        stopped = await cp.end(started.transaction_id, at(30), 7_000)
        assert stopped.id_tag_info is None
        await cp.status("Finishing")
        await cp.status("Available")
    (ended,) = gateway.events(ChargingEnded)
    assert isinstance(ended.event, ChargingEnded)
    assert (ended.event.energy_wh, ended.event.reason, ended.event.provisional) == (6_000, "Local", False)
    assert len(ended.why.frame) == 64
    assert len(gateway.events(EnergyMetered)) == 2


async def test_card_first_a_session_starts_as_well(gateway: Gateway) -> None:
    """§7.4 case 34."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    async with station(gateway) as cp:
        assert (await cp.ask(call.Authorize(id_tag="TAG"))).id_tag_info["status"] == "Accepted"
        await cp.status("Preparing")
        assert (await cp.begin("TAG", at(0))).id_tag_info["status"] == "Accepted"
    assert len(gateway.events(SessionStarted)) == 1


async def test_a_blocked_token_is_told_so_with_a_number_and_its_stop_is_taken(gateway: Gateway) -> None:
    """§7.4 case 35."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG", TokenStatus.BLOCKED)
    async with station(gateway) as cp:
        started = await cp.begin("TAG", at(0))
        assert started.id_tag_info["status"] == "Blocked"
        assert started.transaction_id > 0
        await cp.end(started.transaction_id, at(1), 0, reason="DeAuthorized")
    (ended,) = gateway.events(ChargingEnded)
    assert isinstance(ended.event, ChargingEnded)
    assert ended.event.reason == "DeAuthorized"


async def test_the_same_start_again_gets_the_same_number_and_is_one_session(gateway: Gateway) -> None:
    """§7.4 cases 36 and 40: the retry is no concurrent session."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    async with station(gateway) as cp:
        first = await cp.begin("TAG", at(0), meter=5)
        assert await cp.begin("TAG", at(0), meter=5) == first
    async with station(gateway) as cp:
        assert await cp.begin("TAG", at(0), meter=5) == first
        assert first.id_tag_info["status"] == "Accepted"
    assert len(gateway.events(SessionStarted)) == 1


async def test_a_second_session_of_the_same_token_is_concurrent(gateway: Gateway) -> None:
    """§7.4 case 40."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    async with station(gateway) as cp:
        await cp.begin("TAG", at(0))
        second = await cp.begin("TAG", at(1), connector=2)
        assert second.id_tag_info["status"] == "ConcurrentTx"


async def test_a_stop_that_comes_twice_is_one_end_and_other_figures_are_recorded_as_a_conflict(
    gateway: Gateway,
) -> None:
    """§7.4 case 37."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    async with station(gateway) as cp:
        started = await cp.begin("TAG", at(0))
        for meter in (2_000, 2_000, 2_500):
            assert (await cp.end(started.transaction_id, at(30), meter)).id_tag_info is None
    (ended,) = gateway.events(ChargingEnded)
    assert isinstance(ended.event, ChargingEnded)
    assert ended.event.energy_wh == 2_000
    assert len(gateway.events(StopConflicted)) == 1
    assert gateway.events(EndReconciled) == []


@pytest.mark.parametrize("number", [-1, 0])
async def test_a_stop_without_a_number_ends_the_session_that_is_open(gateway: Gateway, number: int) -> None:
    """§7.4 case 38."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    async with station(gateway) as cp:
        await cp.begin("TAG", at(0))
        await cp.end(number, at(20), 1_500)
    (ended,) = gateway.events(ChargingEnded)
    assert isinstance(ended.event, ChargingEnded)
    assert ended.event.energy_wh == 1_500


@pytest.mark.parametrize("number", [-1, 0, 99, -16])
async def test_a_stop_that_belongs_to_nothing_is_kept_as_such(gateway: Gateway, number: int) -> None:
    """§7.4 case 38."""
    await gateway.add_charger("CP-1")
    async with station(gateway) as cp:
        await cp.end(number, at(20), 1_500, reason="PowerLoss")
    assert len(gateway.events(StopOrphaned)) == 1


async def test_a_stop_that_overtakes_its_start_is_reconciled(gateway: Gateway) -> None:
    """§7.4 case 38."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    async with station(gateway) as cp:
        await cp.end(-1, at(30), 4_000, id_tag="TAG")
        started = await cp.begin("TAG", at(0), meter=1_000)
        assert started.transaction_id > 0
    (ended,) = gateway.events(ChargingEnded)
    assert isinstance(ended.event, ChargingEnded)
    assert ended.event.energy_wh == 3_000


async def test_another_token_of_the_group_may_stop(gateway: Gateway) -> None:
    """§7.4 case 39."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("ONE", group="FLEET1")
    await gateway.add_token("TWO", group="FLEET1")
    async with station(gateway) as cp:
        started = await cp.begin("ONE", at(0))
        stopped = await cp.end(started.transaction_id, at(30), 2_000, id_tag="TWO")
        assert stopped.id_tag_info == {"status": "Accepted", "parent_id_tag": "FLEET1"}
    assert len(gateway.events(ChargingEnded)) == 1


async def test_what_a_charger_kept_while_it_was_offline_is_billed_by_its_own_time(gateway: Gateway) -> None:
    """§7.4 case 45, as 1.6 has it: the queue comes after the reconnect."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    async with station(gateway) as cp:
        await cp.status("Available")
    async with station(gateway) as cp:
        started = await cp.begin("TAG", at(0))
        await cp.meter(at(15), {"value": "2000"}, transaction=started.transaction_id)
        await cp.end(started.transaction_id, at(30), 4_000)
    (ended,) = gateway.events(ChargingEnded)
    assert isinstance(ended.event, ChargingEnded)
    assert ended.event.started_at == BEGINNING
    assert ended.event.at == BEGINNING + timedelta(minutes=30)
    assert ended.event.received_at > ended.event.at


async def test_a_session_goes_on_after_a_reboot_in_its_middle(gateway: Gateway) -> None:
    """§7.4 case 46, with resumption."""
    await gateway.add_charger("CP-1")
    await gateway.add_token("TAG")
    boot = call.BootNotification(charge_point_vendor="ACME", charge_point_model="AC22")
    async with station(gateway) as cp:
        started = await cp.begin("TAG", at(0))
        await cp.meter(at(10), {"value": "1000"}, transaction=started.transaction_id)
    async with station(gateway) as cp:
        await cp.ask(boot)
        await cp.meter(at(20), {"value": "2000"}, transaction=started.transaction_id)
        await cp.end(started.transaction_id, at(30), 3_000)
    assert len(gateway.events(ChargerRebooted)) == 1
    (ended,) = gateway.events(ChargingEnded)
    assert isinstance(ended.event, ChargingEnded)
    assert (ended.event.energy_wh, ended.event.provisional) == (3_000, False)
