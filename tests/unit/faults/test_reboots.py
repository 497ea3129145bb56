"""Which starts of a charger are faults, and when its power is said to have gone."""

from typing import Any

import pytest

from eosvolt.application.charging import ChargingService
from eosvolt.application.explanation_sentences import in_words
from eosvolt.domain.faults.decider import faults
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.faults_power import installation_expected
from tests.examples import CHARGE_POINT, COMPANY, after
from tests.scenario import WHY, Scenario


async def restarts(s: Scenario, minute: float) -> None:
    """As a power cut makes it: the line is lost, then another one comes with a boot."""
    await s.disconnects(minute)
    await s.connects(minute + 0.5)
    await s.boots(minute + 0.6)


async def carry_out(s: Scenario, envelope: CommandEnvelope) -> None:
    await s.application.execute(faults, envelope.key, envelope.command, WHY)


async def test_a_start_that_was_not_requested_is_counted_and_over_at_once() -> None:
    s = await Scenario().opened()
    await restarts(s, 30)
    await restarts(s, 60)
    (row,) = s.faults()
    assert (row.code, row.kind, row.state, row.severity) == (
        "UnexpectedReboot",
        "power",
        "recovered",
        "warning",
    )
    assert (row.occurrences, row.since, row.last_seen_at) == (2, after(30.6), after(60.6))


async def test_a_start_in_the_middle_of_a_session_is_an_error() -> None:
    s = await Scenario().opened()
    await s.starts(20)
    await restarts(s, 30)
    assert [
        (row.severity, "1 session was running" in in_words(row.text, row.explanation)) for row in s.faults()
    ] == [("error", True)]


async def test_the_first_start_is_no_fault() -> None:
    s = await Scenario().opened()
    assert s.faults() == []


async def test_a_boot_notification_that_is_repeated_over_the_same_connection_is_no_start() -> None:
    s = await Scenario().opened()
    await s.boots(-3.5)
    await s.boots(-3.2)
    assert s.faults() == []
    await s.boots(20)
    assert [row.occurrences for row in s.faults()] == [1]


@pytest.mark.parametrize(
    ("action", "payload"),
    [("reset", {"kind": "soft"}), ("triggerMessage", {"requestedMessage": "BootNotification"})],
)
async def test_a_start_after_a_command_of_ours_is_no_fault(action: str, payload: dict[str, Any]) -> None:
    s = await Scenario().opened()
    await s.passes(29)
    await s.commands.request(COMPANY, CHARGE_POINT, action, payload, "admin:a1")
    await s.delivers()
    await restarts(s, 30)
    assert s.faults() == []
    await restarts(s, 50)
    assert [row.occurrences for row in s.faults()] == [1]


async def test_a_start_after_a_reset_that_the_charger_refused_is_a_fault() -> None:
    s = await Scenario().opened()
    await s.passes(29)
    s.charger.accepts = False
    await s.commands.request(COMPANY, CHARGE_POINT, "reset", {"kind": "hard"}, "admin:a1")
    await s.delivers()
    await restarts(s, 30)
    assert [row.code for row in s.faults()] == ["UnexpectedReboot"]


async def test_a_start_after_an_installation_is_no_fault() -> None:
    s = await Scenario().opened()
    await carry_out(s, installation_expected(CHARGE_POINT, after(10)))
    await restarts(s, 60)
    assert s.faults() == []


async def test_chargers_that_say_how_they_began_after_our_own_outage_are_not_accused() -> None:
    s = await Scenario().opened()
    charging: ChargingService = s.charging
    await charging.disconnected(CHARGE_POINT, at=after(10), reason="the gateway stopped")
    await s.connects(11)
    await s.boots(11.1)
    assert s.faults() == []


async def test_a_session_that_ended_for_want_of_power_is_a_fault_of_its_plug() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    await s.stops(10, number, 5000, reason="PowerLoss", received=25)
    await s.stops(10, number, 5000, reason="PowerLoss", received=26)
    (row,) = s.faults()
    assert (row.code, row.kind, row.connector, row.state, row.occurrences) == (
        "PowerLoss",
        "power",
        1,
        "recovered",
        1,
    )
    assert (row.since, row.recovered_at) == (after(10), after(25))
