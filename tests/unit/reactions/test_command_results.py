"""What follows when a command was sent, was answered, or came to nothing."""

from typing import Any

import pytest

from eosvolt.domain.charge_points.commands import (
    AddPendingStart,
    AskForBoot,
    OpenTransaction,
    ReachStartDeadline,
)
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import RemoteStartPending
from eosvolt.domain.charge_points.state import ChargePoint
from eosvolt.domain.commands.commands import (
    ConfirmEffect,
    ExpireCommand,
    NoteAnswer,
    NoteFailure,
    NoteSent,
    NoteTimeout,
    RecordNoEffect,
)
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.commands.events import (
    CommandAnswered,
    CommandExpired,
    CommandFailed,
    CommandHadNoEffect,
    CommandRequested,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.commands import ReportFault, SuppressFault
from eosvolt.domain.kernel import Command, CommandEnvelope, Event
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import PasswordRotated, SettingChanged, UploadOpened, UploadProgressed
from eosvolt.domain.reactions.session_end import IDLE_STOP
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.tokens.events import Authorization
from tests.examples import (
    ADDED,
    CHARGE_POINT,
    COMPANY,
    MORNING,
    TOKEN,
    after,
)
from tests.unit.reactions.follows import follows
from tests.unit.reactions.test_session_end import START

WHOSE: dict[str, Any] = {"command": "c1", "company": COMPANY, "charge_point": CHARGE_POINT}
SENT = CommandSent(**WHOSE, at=after(0.1), answer_by=after(0.6))
LATE = after(2)
OPENED = OpenTransaction(
    session="7",
    transaction=7,
    connector=1,
    token=TOKEN,
    at=MORNING,
    meter_start_wh=1000,
    authorization=Authorization.ACCEPTED,
)
BOOT = {"requestedMessage": "BootNotification"}
REMOTE_START = {"plug": 1, "token": TOKEN}


def charger(*opened: OpenTransaction) -> ChargePoint:
    state = charge_points.fold([ADDED])
    for each in opened:
        state = charge_points.fold(charge_points.decide(each, state), state)
    return state


def outcome(
    event: type[Event],
    command: Command,
    action: str,
    payload: dict[str, Any] | None = None,
    *,
    by: str = "admin:a1",
    sent: bool = True,
    **others: Any,
) -> list[CommandEnvelope]:
    """What follows from the ``event`` to which ``command`` leads, after a command was asked for."""
    asked = CommandRequested(
        **WHOSE, action=action, payload=payload or {}, by=by, at=MORNING, expires_at=after(1)
    )
    streams = {
        charge_points.stream(CHARGE_POINT): others.get("charger", charger()),
        maintenance.stream(CHARGE_POINT): others.get("upkeep", maintenance.initial),
        sessions.stream("7"): others.get("session", sessions.initial),
    }
    given = [asked, SENT] if sent else [asked]
    return follows(event, charger_commands, "c1", given, command, others=streams)


def accepted(**response: Any) -> NoteAnswer:
    return NoteAnswer(at=after(0.2), accepted=True, response={"status": "Accepted", **response})


def noted(event: Any) -> CommandEnvelope:
    return CommandEnvelope(maintenance, CHARGE_POINT, RecordDeviceEvent(event=event))


def test_a_boot_that_is_asked_for_is_expected_from_when_it_is_sent() -> None:
    send = NoteSent(at=after(0.1), answer_by=after(0.6))
    ask = AskForBoot(at=after(0.1), until=after(10.1))
    envelopes = outcome(CommandSent, send, "triggerMessage", BOOT, sent=False)
    assert envelopes == [CommandEnvelope(charge_points, CHARGE_POINT, ask)]
    assert outcome(CommandSent, send, "reset", sent=False) == []


def test_an_accepted_change_of_a_setting_is_known() -> None:
    changed = SettingChanged(at=after(0.2), key="HeartbeatInterval", value="60")
    payload = {"key": "HeartbeatInterval", "value": "60"}
    assert outcome(CommandAnswered, accepted(), "changeConfiguration", payload) == [noted(changed)]


def test_an_accepted_remote_start_is_expected_as_long_as_the_charger_waits_for_a_cable() -> None:
    reported = RecordDeviceEvent(event=SettingChanged(at=MORNING, key="ConnectionTimeOut", value="60"))
    upkeep = maintenance.fold(maintenance.decide(reported, maintenance.initial))
    pending = AddPendingStart(command="c1", connector=1, token=TOKEN, until=after(0.2 + 1.5))
    envelopes = outcome(CommandAnswered, accepted(), "remoteStart", REMOTE_START, upkeep=upkeep)
    assert envelopes == [CommandEnvelope(charge_points, CHARGE_POINT, pending)]


def test_a_start_that_overtook_the_answer_has_come_true_already() -> None:
    session = sessions.fold(sessions.decide(START, sessions.initial))
    confirmation = ConfirmEffect(at=after(0.2), session="7")
    envelopes = outcome(
        CommandAnswered,
        accepted(),
        "remoteStart",
        REMOTE_START,
        charger=charger(OPENED),
        session=session,
    )
    assert envelopes == [CommandEnvelope(charger_commands, "c1", confirmation)]


def test_an_upload_that_the_charger_agrees_to_is_waited_for_and_one_that_it_refuses_is_not() -> None:
    place = UploadOpened(
        at=MORNING, upload="u1", kind="diagnostics", request=1, command="c1", expires_at=after(60)
    )
    upkeep = maintenance.fold([place])
    refused = NoteAnswer(at=after(0.2), accepted=False, response={"status": "Rejected"})
    for answer, status in ((accepted(), "Accepted"), (refused, "Rejected")):
        progressed = UploadProgressed(at=after(0.2), status=status, upload="u1")
        envelopes = outcome(CommandAnswered, answer, "getLog", upkeep=upkeep)
        assert envelopes == [noted(progressed)]


def test_what_became_of_a_new_password_is_known() -> None:
    restart = NoteAnswer(at=after(0.2), accepted=True, response={"status": "RebootRequired"})
    lost = NoteFailure(at=LATE, reason="gone", lost=True)
    expected: list[tuple[type[Event], Command, PasswordRotated]] = [
        (CommandAnswered, restart, PasswordRotated(at=after(0.2), outcome="accepted")),
        (CommandTimedOut, NoteTimeout(at=LATE), PasswordRotated(at=LATE, outcome="unanswered")),
        (CommandFailed, lost, PasswordRotated(at=LATE, outcome="unanswered")),
    ]
    for event, command, rotated in expected:
        assert outcome(event, command, "rotatePassword") == [noted(rotated)]
    error = NoteFailure(at=LATE, reason="InternalError")
    assert outcome(CommandFailed, error, "rotatePassword") == []


def test_a_reset_that_may_be_carried_out_makes_a_start_no_fault() -> None:
    lost = NoteFailure(at=after(0.5), reason="gone", lost=True)
    assert [type(envelope.command) for envelope in outcome(CommandFailed, lost, "reset")] == [SuppressFault]
    error = NoteFailure(at=after(0.5), reason="InternalError")
    assert outcome(CommandFailed, error, "reset") == []


@pytest.mark.parametrize(
    ("event", "command", "sent"),
    [
        (CommandAnswered, NoteAnswer(at=after(0.2), accepted=False, response={"status": "Rejected"}), True),
        (CommandFailed, NoteFailure(at=after(0.2), reason="InternalError"), True),
        (CommandTimedOut, NoteTimeout(at=LATE), True),
        (CommandExpired, ExpireCommand(at=LATE), False),
        (CommandExpired, NoteSent(at=LATE, answer_by=after(3)), False),
    ],
)
def test_an_idle_session_that_the_charger_does_not_stop_is_a_fault_of_its_plug(
    event: type[Event], command: Command, *, sent: bool
) -> None:
    envelopes = outcome(
        event,
        command,
        "remoteStop",
        {"transaction": 7},
        by=IDLE_STOP,
        sent=sent,
        charger=charger(OPENED),
    )
    assert [type(envelope.command) for envelope in envelopes] == [ReportFault]
    assert [envelope.key for envelope in envelopes] == [f"{CHARGE_POINT}/1/StopNotObeyed"]
    asked_by_somebody = outcome(event, command, "remoteStop", {"transaction": 7}, sent=sent)
    assert asked_by_somebody == []


def pending_until(minutes: float, command: str = "c1") -> ChargePoint:
    pending = RemoteStartPending(command=command, connector=1, token=TOKEN, until=after(minutes))
    return charge_points.fold([ADDED, pending])


def had_no_effect(waits: ChargePoint) -> list[CommandEnvelope]:
    """What follows three minutes after a remote start to which no session came."""
    answered = CommandAnswered(**WHOSE, at=after(0.2), accepted=True, response={"status": "Accepted"})
    asked = CommandRequested(
        **WHOSE, action="remoteStart", payload=REMOTE_START, by="admin:a1", at=MORNING, expires_at=after(1)
    )
    over = RecordNoEffect(at=after(3), explanation=because(Why.START_UNEXPLAINED))
    streams = {charge_points.stream(CHARGE_POINT): waits}
    return follows(CommandHadNoEffect, charger_commands, "c1", [asked, SENT, answered], over, others=streams)


def test_a_start_that_did_not_come_in_time_is_not_waited_for_any_more() -> None:
    expiry = ReachStartDeadline(at=after(3))
    assert had_no_effect(pending_until(3)) == [CommandEnvelope(charge_points, CHARGE_POINT, expiry)]


def test_a_start_that_has_time_left_or_is_of_another_command_is_waited_for() -> None:
    assert had_no_effect(pending_until(3.1)) == []
    assert had_no_effect(pending_until(2, command="c2")) == []
