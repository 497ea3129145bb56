"""What a command may still become when an answer, a connection or a session does not come."""

from datetime import timedelta
from typing import Any

import pytest

from eosvolt.domain.commands.command_kind import Urgency
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
    CommandEffectConfirmed,
    CommandEvent,
    CommandFailed,
    CommandHadNoEffect,
    CommandRequested,
    CommandRequeued,
    CommandSent,
    CommandTimedOut,
)
from eosvolt.domain.commands.sending import repeatable, slot, superseded, urgency
from eosvolt.domain.explanations import Why, because
from tests.examples import CHARGE_POINT, COMPANY, MORNING, after
from tests.rule import Rule

WHOSE: dict[str, Any] = {"command": "c1", "company": COMPANY, "charge_point": CHARGE_POINT}
LOST = "The connection was lost before the charger answered."


def asked(action: str, **payload: Any) -> CommandRequested:
    return CommandRequested(
        **WHOSE, action=action, payload=payload, by="admin:a1", at=MORNING, expires_at=after(2)
    )


def sent(attempt: int = 1, minutes: float = 0.1) -> CommandSent:
    return CommandSent(**WHOSE, at=after(minutes), answer_by=after(minutes + 0.5), attempt=attempt)


def requeued(minutes: float, reason: str = "") -> CommandRequeued:
    overdue = None if reason else because(Why.ANSWER_OVERDUE)
    return CommandRequeued(
        **WHOSE, at=after(minutes), expires_at=after(2), reason=reason, explanation=overdue
    )


READ = asked("getConfiguration")
RESET = asked("reset")


def test_an_unanswered_question_is_asked_again() -> None:
    Rule(charger_commands).given(READ, sent()).when(NoteTimeout(at=after(0.6))).then(requeued(0.6))
    again = NoteSent(at=after(0.7), answer_by=after(1.2))
    events = charger_commands.decide(again, charger_commands.fold([READ, sent(), requeued(0.6)]))
    assert events == [sent(2, 0.7)]


def test_an_unanswered_question_is_asked_again_where_the_gateway_died_meanwhile() -> None:
    Rule(charger_commands).given(READ, sent()).when(ExpireCommand(at=after(0.6))).then(requeued(0.6))


def test_a_question_on_a_lost_connection_waits_for_the_next_one() -> None:
    lost = NoteFailure(at=after(0.2), reason=LOST, lost=True)
    Rule(charger_commands).given(READ, sent()).when(lost).then(requeued(0.2, LOST))


def test_a_reset_is_never_repeated() -> None:
    timeout, lost = NoteTimeout(at=after(0.6)), NoteFailure(at=after(0.2), reason=LOST, lost=True)
    Rule(charger_commands).given(RESET, sent()).when(timeout).then(CommandTimedOut(**WHOSE, at=after(0.6)))
    failed = CommandFailed(**WHOSE, at=after(0.2), reason=LOST)
    Rule(charger_commands).given(RESET, sent()).when(lost).then(failed)


def test_nothing_is_tried_more_than_three_times() -> None:
    tried = [READ, sent(), requeued(0.6), sent(2, 0.7), requeued(1.2), sent(3, 1.3)]
    given_up = CommandTimedOut(**WHOSE, at=after(1.8))
    Rule(charger_commands).given(*tried).when(NoteTimeout(at=after(1.8))).then(given_up)


def test_nothing_is_tried_again_after_its_expiry() -> None:
    given_up = CommandTimedOut(**WHOSE, at=after(2))
    Rule(charger_commands).given(READ, sent(1, 1.5)).when(NoteTimeout(at=after(2))).then(given_up)


def test_what_was_sent_once_and_waits_again_has_timed_out_at_its_expiry() -> None:
    waiting: list[CommandEvent] = [READ, sent(), requeued(0.6)]
    timed_out = CommandTimedOut(**WHOSE, at=after(2))
    Rule(charger_commands).given(*waiting).when(ExpireCommand(at=after(2))).then(timed_out)
    late = NoteSent(at=after(2), answer_by=after(3))
    assert charger_commands.decide(late, charger_commands.fold(waiting)) == [timed_out]


def test_an_answer_while_it_waits_to_be_sent_again_is_its_answer() -> None:
    answer = NoteAnswer(at=after(0.9), accepted=True, response={})
    answered = CommandAnswered(**WHOSE, at=after(0.9), accepted=True, response={}, late=True)
    Rule(charger_commands).given(READ, sent(), requeued(0.6)).when(answer).then(answered)


def test_a_late_answer_is_kept_once() -> None:
    given_up = CommandTimedOut(**WHOSE, at=after(0.6))
    answer = NoteAnswer(at=after(5), accepted=True, response={"status": "Accepted"})
    late = CommandAnswered(**WHOSE, at=after(5), accepted=True, response={"status": "Accepted"}, late=True)
    Rule(charger_commands).given(RESET, sent(), given_up).when(answer).then(late)


def test_what_was_agreed_has_its_effect_or_has_not_and_may_still_have_it_late() -> None:
    answered = CommandAnswered(**WHOSE, at=after(0.2), accepted=True, response={})
    agreed = [asked("remoteStart"), sent(), answered]
    true = CommandEffectConfirmed(**WHOSE, at=after(1), session="17")
    untrue = CommandHadNoEffect(**WHOSE, at=after(3), explanation=because(Why.START_NO_CABLE))
    Rule(charger_commands).given(*agreed).when(ConfirmEffect(at=after(1), session="17")).then(true)
    no_effect = RecordNoEffect(at=after(3), explanation=because(Why.START_NO_CABLE))
    Rule(charger_commands).given(*agreed).when(no_effect).then(untrue)
    Rule(charger_commands).given(*agreed, true).when(no_effect).then()
    late = CommandEffectConfirmed(**WHOSE, at=after(4), session="18")
    Rule(charger_commands).given(*agreed, untrue).when(ConfirmEffect(at=after(4), session="18")).then(late)


URGENCY = [
    ("remoteStop", Urgency.STOPPING),
    ("setChargingProfile", Urgency.STOPPING),
    ("remoteStart", Urgency.STARTING),
    ("unlock", Urgency.STARTING),
    ("reset", Urgency.SETTING),
    ("changeConfiguration", Urgency.SETTING),
    ("reserveNow", Urgency.SETTING),
    ("cancelReservation", Urgency.SETTING),
    ("updateFirmware", Urgency.SETTING),
    ("getConfiguration", Urgency.ASKING),
    ("getDiagnostics", Urgency.ASKING),
]


@pytest.mark.parametrize(("action", "rank"), URGENCY)
def test_stops_and_limits_go_before_starts_before_settings_before_questions(
    action: str, rank: Urgency
) -> None:
    assert urgency(action) == rank


REPEATABLE = [
    ("getConfiguration", {}, True),
    ("setChargingProfile", {}, True),
    ("changeAvailability", {}, True),
    ("triggerMessage", {"requestedMessage": "MeterValues"}, True),
    ("triggerMessage", {"requestedMessage": "BootNotification"}, False),
    ("triggerMessage", {"requestedMessage": "SignChargePointCertificate"}, False),
    ("sendLocalList", {"updateType": "Full"}, True),
    ("sendLocalList", {"updateType": "Differential"}, False),
    ("getDiagnostics", {}, False),
    ("rotatePassword", {}, False),
    ("remoteStart", {}, False),
    ("remoteStop", {}, False),
    ("reset", {}, False),
    ("unlock", {}, False),
    ("updateFirmware", {}, False),
]


@pytest.mark.parametrize(("action", "payload", "twice"), REPEATABLE)
def test_only_what_does_no_harm_twice_is_repeated(action: str, payload: dict[str, Any], twice: bool) -> None:
    assert repeatable(action, payload) is twice


def test_a_profile_replaces_the_older_one_of_the_same_plug_purpose_and_level_only() -> None:
    def profile(plug: int, purpose: str, level: int) -> CommandRequested:
        limits = {"chargingProfilePurpose": purpose, "stackLevel": level}
        return asked("setChargingProfile", plug=plug, chargingProfile=limits)

    here = slot(profile(1, "TxProfile", 0))
    assert here == slot(profile(1, "TxProfile", 0))
    others = [profile(2, "TxProfile", 0), profile(1, "TxDefaultProfile", 0), profile(1, "TxProfile", 1)]
    assert here not in [slot(other) for other in others]
    assert slot(asked("changeConfiguration", key="Interval")) == slot(
        asked("changeConfiguration", key="interval")
    )
    assert slot(RESET) is None
    assert superseded("setChargingProfile") == because(Why.PROFILE_SUPERSEDED)


def test_the_time_to_answer_is_bounded_by_the_sending_not_by_the_expiry() -> None:
    late = NoteSent(at=after(1.9), answer_by=after(1.9) + timedelta(seconds=35))
    assert charger_commands.decide(late, charger_commands.fold([RESET])) == [
        CommandSent(**WHOSE, at=after(1.9), answer_by=after(1.9) + timedelta(seconds=35))
    ]
