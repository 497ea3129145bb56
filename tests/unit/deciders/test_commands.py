"""The life of a command: never delivered late, always with an outcome."""

from datetime import timedelta
from typing import Any

import pytest

from eosvolt.adapters.http.presentation.explanations import command_reason
from eosvolt.application.executor import Application
from eosvolt.domain.charge_points.commands import Connect
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.commands.commands import (
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteSent,
    NoteTimeout,
    RequestCommand,
)
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandExpired,
    CommandFailed,
    CommandRequested,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.charger_commands import charger_commands as command_rows
from tests.examples import CHARGE_POINT, COMPANY, MORNING, TOKEN, after
from tests.rule import Rule
from tests.scenario import Scenario

WHOSE: dict[str, Any] = {"command": "c1", "company": COMPANY, "charge_point": CHARGE_POINT}
REQUESTED = CommandRequested(
    **WHOSE, action="reset", payload={}, by="admin:a1", at=MORNING, expires_at=after(1)
)
SENT = CommandSent(**WHOSE, at=after(0.1), answer_by=after(0.6))


def test_a_command_is_queued_sent_and_answered() -> None:
    ask = RequestCommand(**WHOSE, action="reset", payload={}, by="admin:a1", at=MORNING, expires_at=after(1))
    Rule(charger_commands).when(ask).then(REQUESTED)
    send = NoteSent(at=after(0.1), answer_by=after(0.6))
    assert charger_commands.decide(send, charger_commands.fold([REQUESTED])) == [SENT]
    answer = NoteAnswer(at=after(0.2), accepted=True, response={"status": "Accepted"})
    Rule(charger_commands).given(REQUESTED, SENT).when(answer).then(
        CommandAnswered(**WHOSE, at=after(0.2), accepted=True, response={"status": "Accepted"})
    )


def test_a_command_is_sent_once() -> None:
    with pytest.raises(Rejected, match="sent already"):
        Rule(charger_commands).given(REQUESTED, SENT).when(NoteSent(at=after(0.2), answer_by=after(1)))


def test_a_command_is_never_sent_after_its_expiry() -> None:
    late = NoteSent(at=after(1), answer_by=after(2))
    assert charger_commands.decide(late, charger_commands.fold([REQUESTED])) == [
        CommandExpired(**WHOSE, at=after(1))
    ]


def test_what_was_not_sent_in_time_expires_and_what_was_not_answered_times_out() -> None:
    Rule(charger_commands).given(REQUESTED).when(ExpireCommand(at=after(0.9))).then()
    Rule(charger_commands).given(REQUESTED).when(ExpireCommand(at=after(1))).then(
        CommandExpired(**WHOSE, at=after(1))
    )
    Rule(charger_commands).given(REQUESTED, SENT).when(ExpireCommand(at=after(0.6))).then(
        CommandTimedOut(**WHOSE, at=after(0.6))
    )


def test_the_first_outcome_is_the_outcome() -> None:
    failed = CommandFailed(**WHOSE, at=after(0.3), reason="The charger is not connected.")
    Rule(charger_commands).given(REQUESTED, SENT).when(
        NoteFailure(at=after(0.3), reason="The charger is not connected.")
    ).then(failed)
    Rule(charger_commands).given(REQUESTED, SENT, failed).when(NoteTimeout(at=after(0.7))).then()


async def test_a_command_to_a_charger_that_is_disconnected_fails_at_once_with_the_reason() -> None:
    s = await Scenario().opened()
    await s.disconnects(1)
    command = await s.commands.request(COMPANY, CHARGE_POINT, "reset", {}, "admin:a1")
    row = s.models.row(command_rows, command)
    assert row is not None
    assert (row.state, command_reason(row)) == ("failed", "The charger is not connected.")
    await s.delivers()
    assert s.charger.requests == []


async def test_a_command_to_a_charger_that_has_just_come_to_another_gateway_is_not_refused() -> None:
    s = await Scenario().opened()
    await s.disconnects(1)
    elsewhere = Application(s.store)
    connect = Connect(
        at=after(2), protocol="ocpp1.6", secure=False, authenticated=False, gateway="two", connection="b"
    )
    await elsewhere.execute(charge_points, CHARGE_POINT, connect, s.why)
    command = await s.commands.request(COMPANY, CHARGE_POINT, "reset", {}, "admin:a1")
    row = s.models.row(command_rows, command)
    assert row is not None
    assert row.state == "queued"


async def test_a_remote_start_belongs_to_the_session_it_leads_to() -> None:
    s = await Scenario().opened()
    await s.passes(0)
    payload = {"plug": 1, "token": TOKEN}
    command = await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1")
    await s.delivers()
    number = (await s.starts(1, token=TOKEN.lower())).transaction
    assert s.session(number).remote_command == command


async def test_a_session_long_after_a_remote_start_is_not_its_session() -> None:
    s = await Scenario().opened()
    payload = {"plug": 1, "token": TOKEN}
    await s.commands.request(COMPANY, CHARGE_POINT, "remoteStart", payload, "admin:a1")
    await s.delivers()
    number = (await s.starts(10)).transaction
    assert s.session(number).remote_command == ""


async def test_a_remote_stop_names_the_transaction_of_its_session_and_no_other_chargers() -> None:
    s = await Scenario().opened()
    number = (await s.starts(1)).transaction
    await s.commands.request(COMPANY, CHARGE_POINT, "remoteStop", {"sessionId": str(number)}, "admin:a1")
    await s.delivers()
    assert s.charger.requests == [("remoteStop", {"sessionId": str(number), "transaction": number})]
    await s.stops(5, number, 2000)
    with pytest.raises(Rejected, match="not charging any more"):
        await s.commands.request(COMPANY, CHARGE_POINT, "remoteStop", {"sessionId": str(number)}, "admin:a1")


async def test_a_chargers_password_never_goes_into_the_history() -> None:
    s = await Scenario().opened()
    secret = {"key": "AuthorizationKey", "value": "0123456789abcdef"}
    with pytest.raises(Rejected, match="never goes into the history"):
        await s.commands.request(COMPANY, CHARGE_POINT, "changeConfiguration", secret, "admin:a1")
    assert all("0123456789abcdef" not in repr(fact) for fact in s.store.facts)


async def test_a_command_that_nobody_delivers_expires_by_itself() -> None:
    s = await Scenario().opened()
    command = await s.commands.request(COMPANY, CHARGE_POINT, "reset", {}, "admin:a1")
    s.charger.online = False
    s.clock.step(timedelta(seconds=61))
    await s.looks()
    row = s.models.row(command_rows, command)
    assert row is not None
    assert row.state == "expired"
