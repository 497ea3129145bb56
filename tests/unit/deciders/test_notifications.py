"""A message is wanted once, tried with longer and longer pauses, and settled once."""

import pytest

from eosvolt.domain.explanations import Why, because
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.notification_rules.events import Channel
from eosvolt.domain.notifications.commands import (
    DropNotification,
    NoteDelivery,
    NoteFailedAttempt,
    RequestNotification,
    ResendNotification,
    SummariseNotification,
)
from eosvolt.domain.notifications.decider import PAUSES, notifications
from eosvolt.domain.notifications.events import (
    NotificationAttemptFailed,
    NotificationDelivered,
    NotificationDropped,
    NotificationGivenUp,
    NotificationRequested,
    NotificationResendRequested,
    NotificationSummarised,
    Occasion,
)
from tests.examples import COMPANY, after
from tests.rule import Rule

REQUESTED = NotificationRequested(
    rule="r1",
    company=COMPANY,
    channel=Channel.EMAIL,
    occasion=Occasion.OPENED,
    at=after(0),
    due_at=after(5),
    fault="242/CP-1/1/GroundFailure#1",
    version=1,
)
DELIVERED = NotificationDelivered(at=after(5), attempt=1)


def wanted(due: float = 5) -> RequestNotification:
    return RequestNotification(
        rule="r1",
        company=COMPANY,
        channel=Channel.EMAIL,
        occasion=Occasion.OPENED,
        at=after(0),
        due_at=after(due),
        fault="242/CP-1/1/GroundFailure#1",
        version=1,
    )


def test_what_is_wanted_twice_is_wanted_once() -> None:
    Rule(notifications).when(wanted()).then(REQUESTED)
    Rule(notifications).given(REQUESTED, DELIVERED).when(wanted(9)).then()


def test_a_delivery_is_noted_once_and_only_for_the_attempt_that_is_under_way() -> None:
    Rule(notifications).given(REQUESTED).when(NoteDelivery(at=after(5), attempt=1)).then(DELIVERED)
    Rule(notifications).given(REQUESTED).when(NoteDelivery(at=after(5), attempt=2)).then()


def test_pauses_grow_and_end() -> None:
    rule = Rule(notifications).given(REQUESTED)
    for attempt, pause in enumerate(PAUSES, start=1):
        failed = NotificationAttemptFailed(
            at=after(attempt), attempt=attempt, reason="503", next_at=after(attempt) + pause
        )
        rule.when(NoteFailedAttempt(at=after(attempt), attempt=attempt, reason="503")).then(failed)
    last = len(PAUSES) + 1
    rule.when(NoteFailedAttempt(at=after(99), attempt=last, reason="503")).then(
        NotificationGivenUp(at=after(99), attempt=last, reason="503")
    )


def test_a_settled_notification_stays_so_until_it_is_requested_again() -> None:
    settled = Rule(notifications).given(REQUESTED, DELIVERED)
    settled.when(DropNotification(at=after(6), explanation=because(Why.FAULT_OVER))).then()
    settled.when(NoteFailedAttempt(at=after(6), attempt=2, reason="503")).then()
    settled.when(ResendNotification(at=after(7), by="admin:a1")).then(
        NotificationResendRequested(at=after(7), by="admin:a1")
    )


def test_what_waits_can_be_dropped_or_left_to_a_summary() -> None:
    Rule(notifications).given(REQUESTED).when(
        DropNotification(at=after(1), explanation=because(Why.FAULT_OVER))
    ).then(NotificationDropped(at=after(1), explanation=because(Why.FAULT_OVER)))
    Rule(notifications).given(REQUESTED).when(SummariseNotification(at=after(1), summary="s")).then(
        NotificationSummarised(at=after(1), summary="s")
    )


def test_a_notification_that_was_never_requested_is_not_sent_again() -> None:
    with pytest.raises(Rejected, match="no such notification"):
        Rule(notifications).when(ResendNotification(at=after(7), by="admin:a1"))
