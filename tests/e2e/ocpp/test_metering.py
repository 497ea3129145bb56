from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eosvolt.domain.charge_points.events import ReadingsUnassigned
from eosvolt.domain.sessions.events import ChargingEnded, EnergyMetered
from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.gateway import Gateway

BEGINNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
TOTAL = "Energy.Active.Import.Register"


def at(minutes: float) -> str:
    return (BEGINNING + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def begun(gateway: Gateway, cp: Charger, meter: int) -> int:
    await gateway.add_token("TAG")
    started = await cp.call("StartTransaction", connectorId=1, idTag="TAG", meterStart=meter, timestamp=at(0))
    return int(started["transactionId"])


def energy(gateway: Gateway) -> int:
    """What the session's last reading says it has drawn."""
    last = gateway.events(EnergyMetered)[-1].event
    assert isinstance(last, EnergyMetered)
    return last.readings[-1].energy_wh


def ended_with(gateway: Gateway) -> int:
    (ended,) = gateway.events(ChargingEnded)
    assert isinstance(ended.event, ChargingEnded)
    return ended.event.energy_wh


STRANGE = {
    "bare value": [{"value": "3000"}],
    "kWh": [{"value": "3.0", "unit": "kWh", "measurand": TOTAL}],
    "comma and padding": [{"value": " 3,0004 ", "unit": "kWh"}],
    "misspelt unit": [{"value": "3", "unit": "KWh"}],
    "numeric value": [{"value": 3000}],
    "per phase only": [{"value": "1000", "phase": phase} for phase in ("L1", "L2", "L3")],
    "phases and total": [{"value": "1000", "phase": p} for p in ("L1", "L2", "L3")] + [{"value": "3000"}],
    "Hz unit beside it": [{"value": "3000"}, {"value": "50.0", "measurand": "Frequency", "unit": "Hz"}],
    "unknown measurand beside it": [{"value": "9", "measurand": "Request.Energy"}, {"value": "3000"}],
    "unknown context": [{"value": "3000", "context": "Sample.Whenever"}],
    "null fields": [{"value": "3000", "phase": None, "location": None}],
    "NaN beside it": [{"value": "3000"}, {"value": "NaN", "measurand": "Voltage", "unit": "V"}],
    "two contexts": [{"value": "3000", "context": "Sample.Clock"}, {"value": "3000"}],
    "lower case words": [{"value": "3000", "measurand": "energy.active.import.register", "unit": "wh"}],
}


@pytest.mark.parametrize("samples", STRANGE.values(), ids=STRANGE.keys())
async def test_strange_samples_give_the_right_energy(gateway: Gateway, samples: list[dict[str, Any]]) -> None:
    """§7.4 case 58."""
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        number = await begun(gateway, cp, 1_000)
        value = {"timestamp": at(10), "sampledValue": samples}
        assert await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[value]) == {}
        assert energy(gateway) == 2_000


async def test_readings_without_a_transaction_find_theirs(gateway: Gateway) -> None:
    """§7.4 cases 57 and 58: clock-aligned values often come without a number."""
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        await begun(gateway, cp, 1_000)
        sample = {"value": "3000", "context": "Sample.Clock"}
        value = {"timestamp": at(10), "sampledValue": [sample]}
        assert await cp.call("MeterValues", connectorId=1, meterValue=[value]) == {}
        assert energy(gateway) == 2_000


@pytest.mark.parametrize("connector", [0, 1])
async def test_readings_of_no_session_are_kept_without_one(gateway: Gateway, connector: int) -> None:
    """§7.4 case 57."""
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        value = {"timestamp": at(10), "sampledValue": [{"value": "3000", "context": "Sample.Clock"}]}
        assert await cp.call("MeterValues", connectorId=connector, meterValue=[value]) == {}
    (kept,) = gateway.events(ReadingsUnassigned)
    assert isinstance(kept.event, ReadingsUnassigned)
    assert [reading.register_wh for reading in kept.event.readings] == [3_000]


async def test_signed_values_are_kept_as_they_are_and_disturb_nothing(gateway: Gateway) -> None:
    """§7.4 case 57."""
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        number = await begun(gateway, cp, 1_000)
        signed = {"value": "OCMF|{...}|{...}", "format": "SignedData"}
        value = {"timestamp": at(10), "sampledValue": [signed, {"value": "3000"}]}
        await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[value])
        assert energy(gateway) == 2_000
        assert "OCMF|" in next(frame.text for frame in gateway.frames if frame.action == "MeterValues")


async def test_a_register_that_counts_from_the_session_s_start_is_understood(gateway: Gateway) -> None:
    """§7.4 case 58."""
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        number = await begun(gateway, cp, 50_000)
        for minutes, register in ((10, 0), (20, 1_500), (30, 3_000)):
            value = {"timestamp": at(minutes), "sampledValue": [{"value": str(register)}]}
            await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[value])
        await cp.call("StopTransaction", transactionId=number, meterStop=53_000, timestamp=at(31))
        assert ended_with(gateway) == 3_000


async def test_a_meter_that_begins_anew_loses_nothing(gateway: Gateway) -> None:
    """§7.4 case 58."""
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        number = await begun(gateway, cp, 50_000)
        for minutes, register in ((10, 52_000), (20, 0), (30, 1_000)):
            value = {"timestamp": at(minutes), "sampledValue": [{"value": str(register)}]}
            await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[value])
        await cp.call("StopTransaction", transactionId=number, meterStop=1_500, timestamp=at(31))
        assert ended_with(gateway) == 3_500


async def test_one_message_with_several_instants_is_one_event_of_several_readings(gateway: Gateway) -> None:
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        number = await begun(gateway, cp, 0)
        values = [
            {"timestamp": at(minutes), "sampledValue": [{"value": str(minutes * 100)}]}
            for minutes in (10, 20, 20, 30)
        ]
        await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=values)
    (metered,) = gateway.events(EnergyMetered)
    assert isinstance(metered.event, EnergyMetered)
    assert [reading.energy_wh for reading in metered.event.readings] == [1_000, 2_000, 3_000]


async def test_a_stop_may_carry_two_thousand_samples(gateway: Gateway) -> None:
    """§7.4 case 59."""
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        number = await begun(gateway, cp, 0)
        data = [
            {"timestamp": at(n * 3 / 60), "sampledValue": [{"value": str(n * 10)}]} for n in range(1, 2_001)
        ]
        stop = {"transactionId": number, "meterStop": 20_000, "timestamp": at(101), "transactionData": data}
        assert await cp.call("StopTransaction", **stop) == {}
        assert ended_with(gateway) == 20_000


HOPELESS = [
    ("MeterValues", {"connectorId": 1, "meterValue": "many"}, {}),
    ("MeterValues", {}, {}),
    ("MeterValues", [1, 2], {}),
    ("StopTransaction", {"transactionId": "that one"}, {}),
    (
        "StartTransaction",
        {"idTag": "TAG"},
        {"transactionId": 2**31 - 1, "idTagInfo": {"status": "Invalid"}},
    ),
]


@pytest.mark.parametrize(("action", "payload", "answer"), HOPELESS)
async def test_what_nobody_can_understand_is_answered_all_the_same_where_a_charger_would_block(
    gateway: Gateway, action: str, payload: Any, answer: dict[str, Any]
) -> None:
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        assert (await cp.exchange(action, payload))[2] == answer
        assert gateway.frames.outcomes(action) == ["unparsed"]


async def test_a_status_that_nobody_can_understand_is_an_error(gateway: Gateway) -> None:
    await gateway.add_charger("CP-1")
    async with charger(gateway) as cp:
        answer = await cp.exchange("StatusNotification", {"connectorId": 1, "status": "Sleeping"})
        assert answer[0] == 4
        assert answer[4] == {}
