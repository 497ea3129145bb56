"""A remote start ends in a session or in the reason why there is none."""

from datetime import timedelta

import pytest

from eosvolt.adapters.http.presentation.explanations import command_reason
from eosvolt.domain.charge_points.events import RemoteStartExpired
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ConfigurationReported
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.projections.charger_commands import CommandRow, charger_commands
from tests.examples import CHARGE_POINT, COMPANY, TOKEN
from tests.scenario import Scenario


async def asked(s: Scenario, plug: int = 1) -> str:
    """A remote start that the charger has accepted."""
    payload = {"plug": plug, "token": TOKEN}
    command = await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1")
    await s.delivers()
    return command


def row(s: Scenario, command: str) -> CommandRow:
    found = s.models.row(charger_commands, command)
    assert found is not None
    return found


async def test_of_two_remote_starts_with_one_token_each_has_its_own_session() -> None:
    s = await Scenario().opened()
    await s.passes(0)
    await s.token(TOKEN, concurrent=True)
    first, second = await asked(s, 1), await asked(s, 2)
    on_second = (await s.starts(1, plug=2)).transaction
    on_first = (await s.starts(2, plug=1)).transaction
    assert (row(s, first).session, row(s, second).session) == (str(on_first), str(on_second))
    assert s.session(on_first).remote_command == first
    assert s.session(on_second).remote_command == second


WHY_NOT = [
    ("Available", "no cable was plugged in"),
    ("Preparing", "a cable was plugged in, but the charger did not begin"),
    ("Faulted", "the plug has a fault (GroundFailure)"),
    ("Unavailable", "the plug is out of service"),
    ("Finishing", "the car of the session before is still plugged in"),
]


@pytest.mark.parametrize(("status", "why"), WHY_NOT)
async def test_after_the_time_out_the_reason_is_what_the_plug_shows(status: str, why: str) -> None:
    s = await Scenario().opened()
    await s.passes(0)
    command = await asked(s)
    await s.reports(1, status, error="GroundFailure" if status == "Faulted" else "NoError")
    await s.passes(4)
    assert row(s, command).state == "accepted"
    assert command_reason(row(s, command)) == f"No session began before 10:02:30 UTC: {why}."
    assert [fact.event for fact in s.events(RemoteStartExpired)]


async def test_a_charger_that_was_lost_meanwhile_is_the_reason() -> None:
    s = await Scenario().opened()
    await s.passes(0)
    command = await asked(s)
    await s.disconnects(1)
    await s.passes(4)
    assert command_reason(row(s, command)).endswith(": the charger lost its connection.")


async def test_the_charger_s_own_time_out_counts_and_half_a_minute_more() -> None:
    s = await Scenario().opened()
    await s.passes(0)
    reported = ConfigurationReported(at=s.clock.now(), settings=(Setting("ConnectionTimeOut", "300"),))
    await s.application.execute(maintenance, CHARGE_POINT, RecordDeviceEvent(event=reported), s.why)
    command = await asked(s)
    await s.passes(5.4)
    assert command_reason(row(s, command)) == ""
    await s.passes(5.6)
    assert command_reason(row(s, command)).startswith("No session began before 10:05:30 UTC")


async def test_a_start_that_was_queued_while_the_charger_was_away_still_belongs_to_its_command() -> None:
    s = await Scenario().opened()
    await s.passes(0)
    command = await asked(s)
    await s.disconnects(0.5)
    await s.passes(20)
    await s.connects(30)
    number = (await s.starts(1, received=30)).transaction
    assert s.session(number).remote_command == command
    assert row(s, command).session == str(number)
    assert command_reason(row(s, command)).endswith(": the charger lost its connection.")


async def test_a_charger_that_learns_that_the_token_may_not_charge_has_had_no_effect() -> None:
    s = await Scenario().opened()
    await s.passes(0)
    await s.token(TOKEN, status=TokenStatus.BLOCKED)
    command = await asked(s)
    number = (await s.starts(1)).transaction
    expected = f"Session {number} began, but its token may not charge here: Blocked."
    assert (command_reason(row(s, command)), row(s, command).session) == (expected, "")


async def test_an_expired_command_has_no_time_out_of_its_own() -> None:
    s = await Scenario().opened()
    await s.passes(0)
    s.charger.online = False
    payload = {"plug": 1, "token": TOKEN}
    command = await s.commands.request(
        COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1", timedelta(seconds=30)
    )
    await s.passes(10)
    assert (row(s, command).state, command_reason(row(s, command))) == ("expired", "")
