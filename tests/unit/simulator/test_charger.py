"""Chargers that live: real OCPP 1.6 over real sockets, against a listener that validates every frame."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from eosvolt.adapters.simulator.events import LinkBack
from eosvolt.adapters.simulator.plans import Quirks
from tests.unit.simulator.scene import TAG, scene


def energy(payload: dict[str, Any]) -> list[dict[str, str]]:
    samples = payload["meterValue"][0]["sampledValue"]
    return [one for one in samples if one["measurand"] == "Energy.Active.Import.Register"]


async def test_it_boots_and_reports_the_status_of_its_plugs() -> None:
    async with scene() as s:
        assert [heard.action for heard in s.listener.heard[:4]] == ["BootNotification"] + [
            "StatusNotification"
        ] * 3
        assert [one["connectorId"] for one in s.listener.all("StatusNotification")] == [0, 1, 2]
        assert s.charger.connected


async def test_a_session_on_the_wire_is_the_session_that_was_delivered() -> None:
    async with scene(speed=1_200) as s:
        s.driver_comes()
        # Some stop and stay, others just pull the plug: no state of the plug has to follow.
        stop = await s.listener.until("StopTransaction", within_s=60)
        delivery = s.charger.station.deliveries[0]
        start = s.listener.all("StartTransaction")[0]
        assert start["meterStart"] == delivery.meter_start_wh
        assert stop["meterStop"] == delivery.meter_stop_wh
        assert stop["transactionId"] == delivery.transaction
        meters = s.listener.all("MeterValues")
        assert meters
        assert {one["transactionId"] for one in meters} == {delivery.transaction}
        registers = [int(energy(one)[0]["value"]) for one in meters]
        assert registers == sorted(registers)
        assert start["meterStart"] <= registers[0] <= registers[-1] <= stop["meterStop"]


@pytest.mark.parametrize("action", ["StartTransaction", "MeterValues", "StopTransaction"])
async def test_an_unanswered_transaction_message_is_sent_again_under_a_new_id(action: str) -> None:
    async with scene(timeout_s=0.3) as s:
        s.set("TransactionMessageRetryInterval", "0")
        s.listener.deaf[action] = 2
        s.driver_comes()
        await s.listener.until("MeterValues")
        s.charger._deliver(s.charger.station.plugs[1].stop(s.clock.now(), "Local"))
        await s.listener.until("StatusNotification", status="Finishing")
        same = [heard for heard in s.listener.heard if heard.action == action][:3]
        assert same[0].payload == same[1].payload == same[2].payload
        assert len({heard.message_id for heard in same}) == 3
        assert s.charger.outbox.tried_again == 2
        assert s.charger.outbox.given_up == 0


async def test_a_start_without_an_answer_leads_to_a_stop_of_transaction_minus_one() -> None:
    async with scene(timeout_s=0.2) as s:
        s.set("TransactionMessageRetryInterval", "0")
        s.set("TransactionMessageAttempts", "2")
        s.listener.deaf["StartTransaction"] = 2
        s.driver_comes()
        await s.listener.until("StartTransaction", 2)
        s.charger._deliver(s.charger.station.plugs[1].stop(s.clock.now(), "Local"))
        stop = await s.listener.until("StopTransaction")
        assert stop["transactionId"] == -1
        assert s.charger.outbox.given_up == 1


async def test_what_happens_without_a_link_is_reported_afterwards_in_order() -> None:
    async with scene(speed=600) as s:
        transaction = await s.charging()
        at = await s.lose_link()
        heard = len(s.listener.heard)
        await asyncio.sleep(0.6)
        s.charger._deliver(s.charger.station.plugs[1].stop(s.clock.now(), "Local"))
        assert len(s.listener.heard) == heard
        s.charger._deliver([LinkBack(s.clock.now(), booted=False)])
        stop = await s.listener.until("StopTransaction")
        later = s.listener.heard[heard:]
        assert [one.action for one in later[:3]] == ["StatusNotification"] * 3, "first how things are now"
        kept = [one.payload for one in later if one.action in {"MeterValues", "StopTransaction"}]
        assert len(kept) >= 3
        assert {one["transactionId"] for one in kept} == {transaction}
        times = [one["meterValue"][0]["timestamp"] for one in kept[:-1]]
        assert times == sorted(times)
        assert kept[-1] == stop
        assert times[0] >= s.charger._state.encoder.instant(at - timedelta(minutes=1))
        assert "BootNotification" not in [one.action for one in later]


async def test_without_a_link_only_a_card_that_was_seen_before_may_charge() -> None:
    async with scene(speed=600) as s:
        await s.lose_link()
        s.driver_comes()
        await asyncio.sleep(0.3)
        assert s.charger.station.deliveries == []
        s.charger._state.cards.add(TAG)
        await asyncio.sleep(0.5)
        s.driver_comes()
        await asyncio.sleep(0.3)
        assert len(s.charger.station.deliveries) == 1


async def test_a_card_that_the_start_refuses_is_stopped_as_deauthorized() -> None:
    async with scene() as s:
        s.charger._state.cards.add(TAG)
        s.listener.deaf["Authorize"] = 0
        s.listener.refused_start = {TAG}
        s.driver_comes()
        stop = await s.listener.until("StopTransaction")
        assert stop["reason"] == "DeAuthorized"
        assert TAG not in s.charger._state.cards


async def test_a_refused_card_starts_nothing() -> None:
    async with scene(speed=600) as s:
        s.listener.refused.add(TAG)
        s.driver_comes()
        await s.listener.until("Authorize")
        await s.listener.until("StatusNotification", 2, connectorId=1, status="Available")
        assert s.listener.all("StartTransaction") == []


async def test_its_quirks_are_on_the_wire() -> None:
    quirks = Quirks(
        lower_case_tags=True,
        kilowatt_hours=True,
        phases_only=True,
        session_relative=True,
        without_transaction=True,
    )
    async with scene(quirks=quirks) as s:
        await s.charging()
        assert s.listener.all("StartTransaction")[0]["idTag"] == TAG.lower()
        reading = await s.listener.until("MeterValues", 2)
        assert "transactionId" not in reading
        samples = energy(reading)
        assert [one["phase"] for one in samples] == ["L1", "L2", "L3"]
        assert {one["unit"] for one in samples} == {"kWh"}
        assert 0 < sum(float(one["value"]) for one in samples) < 5


async def test_a_clock_that_is_off_is_off_in_every_message() -> None:
    async with scene(quirks=Quirks(clock_off_s=-7_200)) as s:
        await s.charging()
        started = datetime.fromisoformat(s.listener.all("StartTransaction")[0]["timestamp"])
        assert s.charger.station.deliveries[0].started_at - started == timedelta(hours=2)
