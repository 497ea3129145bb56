from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.site import Site

BEGINNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
TOTAL = "Energy.Active.Import.Register"


def at(minutes: float) -> str:
    return (BEGINNING + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def begun(site: Site, cp: Charger, meter: int) -> int:
    start = {"connectorId": 1, "idTag": site.add_token(), "meterStart": meter, "timestamp": at(0)}
    started = await cp.call("StartTransaction", **start)
    return int(started["transactionId"])


def energy(site: Site) -> int:
    """What the session's last reading says it has drawn."""
    return int(site.events("energy-metered")[-1]["readings"][-1]["energyWh"])


def ended_with(site: Site) -> int:
    (ended,) = site.events("charging-ended")
    return int(ended["energyWh"])


STRANGE = {
    "bare value": [{"value": "3000"}],
    "kWh": [{"value": "3.0", "unit": "kWh", "measurand": TOTAL}],
    "comma and padding": [{"value": " 3,0004 ", "unit": "kWh"}],
    "per phase only": [{"value": "1000", "phase": phase} for phase in ("L1", "L2", "L3")],
    "phases and total": [{"value": "1000", "phase": p} for p in ("L1", "L2", "L3")] + [{"value": "3000"}],
    "NaN beside it": [{"value": "3000"}, {"value": "NaN", "measurand": "Voltage", "unit": "V"}],
    "two contexts": [{"value": "3000", "context": "Sample.Clock"}, {"value": "3000"}],
}
FORBIDDEN: dict[str, list[dict[str, Any]]] = {
    "misspelt unit": [{"value": "3", "unit": "KWh"}],
    "numeric value": [{"value": 3000}],
    "Hz unit beside it": [{"value": "3000"}, {"value": "50.0", "measurand": "Frequency", "unit": "Hz"}],
    "unknown measurand beside it": [{"value": "9", "measurand": "Request.Energy"}, {"value": "3000"}],
    "unknown context": [{"value": "3000", "context": "Sample.Whenever"}],
    "null fields": [{"value": "3000", "phase": None, "location": None}],
    "lower case words": [{"value": "3000", "measurand": "energy.active.import.register", "unit": "wh"}],
}
# By which rules each is read, and where not even words are compared.
REPAIRED = {
    "misspelt unit": {"tolerant": "repaired:word", "trust": "answered"},
    "numeric value": {"tolerant": "repaired:type", "trust": "repaired:type"},
    "Hz unit beside it": {"tolerant": "repaired:dropped-item,word", "trust": "answered"},
    "unknown measurand beside it": {"tolerant": "repaired:dropped-item,word", "trust": "answered"},
    "unknown context": {"tolerant": "repaired:unreadable-field,word", "trust": "answered"},
    "null fields": {"tolerant": "repaired:null", "trust": "repaired:null"},
    "lower case words": {"tolerant": "repaired:word", "trust": "answered"},
}


async def outcome_of(site: Site, samples: list[dict[str, Any]]) -> str:
    """What becomes of a message with ``samples`` ten minutes after a session began at 1,000 Wh."""
    async with charger(site.url()) as cp:
        number = await begun(site, cp, 1_000)
        value = {"timestamp": at(10), "sampledValue": samples}
        assert await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[value]) == {}
    (outcome,) = await site.outcomes("MeterValues", 1)
    return outcome


@pytest.mark.parametrize("samples", STRANGE.values(), ids=STRANGE.keys())
async def test_strange_samples_give_the_right_energy(site: Site, samples: list[dict[str, Any]]) -> None:
    """§7.4 case 58."""
    site.add_charger()
    assert await outcome_of(site, samples) == "answered"
    assert energy(site) == 2_000


@pytest.mark.parametrize("conformance", ["tolerant", "trust"])
@pytest.mark.parametrize("what", FORBIDDEN)
async def test_samples_that_break_the_schema_give_the_right_energy_where_that_is_tolerated(
    site: Site, what: str, conformance: str
) -> None:
    """§7.4 case 58."""
    site.add_charger(conformance=conformance)
    assert await outcome_of(site, FORBIDDEN[what]) == REPAIRED[what][conformance]
    assert energy(site) == 2_000


async def test_samples_that_break_the_schema_are_kept_unread_where_that_is_not_tolerated(site: Site) -> None:
    site.add_charger()
    assert await outcome_of(site, FORBIDDEN["numeric value"]) == "unparsed"
    assert site.events("energy-metered") == []


async def test_readings_without_a_transaction_find_theirs(site: Site) -> None:
    """§7.4 cases 57 and 58: clock-aligned values often come without a number."""
    site.add_charger()
    async with charger(site.url()) as cp:
        await begun(site, cp, 1_000)
        sample = {"value": "3000", "context": "Sample.Clock"}
        value = {"timestamp": at(10), "sampledValue": [sample]}
        assert await cp.call("MeterValues", connectorId=1, meterValue=[value]) == {}
        assert energy(site) == 2_000


@pytest.mark.parametrize("connector", [0, 1])
async def test_readings_of_no_session_are_kept_without_one(site: Site, connector: int) -> None:
    """§7.4 case 57."""
    site.add_charger()
    async with charger(site.url()) as cp:
        value = {"timestamp": at(10), "sampledValue": [{"value": "3000", "context": "Sample.Clock"}]}
        assert await cp.call("MeterValues", connectorId=connector, meterValue=[value]) == {}
    (kept,) = site.events("readings-unassigned")
    assert [reading["registerWh"] for reading in kept["readings"]] == [3_000]


async def test_signed_values_are_kept_as_they_are_and_disturb_nothing(site: Site) -> None:
    """§7.4 case 57."""
    site.add_charger()
    async with charger(site.url()) as cp:
        number = await begun(site, cp, 1_000)
        signed = {"value": "OCMF|{...}|{...}", "format": "SignedData"}
        value = {"timestamp": at(10), "sampledValue": [signed, {"value": "3000"}]}
        await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[value])
        assert energy(site) == 2_000
        assert await site.outcomes("MeterValues", 1) == ["answered"]
    assert any("OCMF|" in frame.text for frame in site.frames())


async def test_a_register_that_counts_from_the_session_s_start_is_understood(site: Site) -> None:
    """§7.4 case 58."""
    site.add_charger()
    async with charger(site.url()) as cp:
        number = await begun(site, cp, 50_000)
        for minutes, register in ((10, 0), (20, 1_500), (30, 3_000)):
            value = {"timestamp": at(minutes), "sampledValue": [{"value": str(register)}]}
            await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[value])
        await cp.call("StopTransaction", transactionId=number, meterStop=53_000, timestamp=at(31))
        assert ended_with(site) == 3_000


async def test_a_meter_that_starts_again_loses_nothing(site: Site) -> None:
    """§7.4 case 58."""
    site.add_charger()
    async with charger(site.url()) as cp:
        number = await begun(site, cp, 50_000)
        for minutes, register in ((10, 52_000), (20, 0), (30, 1_000)):
            value = {"timestamp": at(minutes), "sampledValue": [{"value": str(register)}]}
            await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[value])
        await cp.call("StopTransaction", transactionId=number, meterStop=1_500, timestamp=at(31))
        assert ended_with(site) == 3_500


async def test_one_message_with_several_instants_is_one_event_of_several_readings(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        number = await begun(site, cp, 0)
        values = [
            {"timestamp": at(minutes), "sampledValue": [{"value": str(minutes * 100)}]}
            for minutes in (10, 20, 20, 30)
        ]
        await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=values)
    (metered,) = site.events("energy-metered")
    assert [reading["energyWh"] for reading in metered["readings"]] == [1_000, 2_000, 3_000]


async def test_a_stop_may_carry_two_thousand_samples(site: Site) -> None:
    """§7.4 case 59."""
    site.add_charger()
    async with charger(site.url()) as cp:
        number = await begun(site, cp, 0)
        data = [
            {"timestamp": at(n * 3 / 60), "sampledValue": [{"value": str(n * 10)}]} for n in range(1, 2_001)
        ]
        stop = {"transactionId": number, "meterStop": 20_000, "timestamp": at(101), "transactionData": data}
        assert await cp.call("StopTransaction", **stop) == {}
        assert ended_with(site) == 20_000


UNREPAIRABLE = [
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


@pytest.mark.parametrize(("action", "payload", "answer"), UNREPAIRABLE)
async def test_an_unreadable_message_is_answered_where_the_charger_would_block(
    site: Site, action: str, payload: Any, answer: dict[str, Any]
) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        assert (await cp.exchange(action, payload))[2] == answer
        assert await site.outcomes(action, 1) == ["unparsed"]


async def test_an_unreadable_status_is_an_error(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        answer = await cp.exchange("StatusNotification", {"connectorId": 1, "status": "Sleeping"})
        assert answer[0] == 4
        assert answer[4] == {}
