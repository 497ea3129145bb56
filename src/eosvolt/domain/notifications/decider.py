"""The life of a notification: wanted, tried with longer and longer pauses, delivered or given up."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.notifications.commands import (
    DropNotification,
    NoteDelivery,
    NoteFailedAttempt,
    NotificationCommand,
    RequestNotification,
    ResendNotification,
    SummariseNotification,
)
from eosvolt.domain.notifications.events import (
    NotificationAttemptFailed,
    NotificationDelivered,
    NotificationDropped,
    NotificationEvent,
    NotificationGivenUp,
    NotificationRequested,
    NotificationResendRequested,
    NotificationSummarised,
)

# The pauses after the first attempt, the second and so on; after the last attempt it is given up.
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)


class Nothing(msgspec.Struct, frozen=True):
    """Nobody wants it."""


class Waiting(msgspec.Struct, frozen=True):
    """To be told at ``due_at``, after ``attempts`` that failed."""

    request: NotificationRequested
    due_at: datetime
    attempts: int = 0


class Settled(msgspec.Struct, frozen=True):
    """``outcome``: ``delivered``, ``givenUp``, ``dropped`` or ``summarised``."""

    request: NotificationRequested
    outcome: str


Notification = Nothing | Waiting | Settled


def key_of(rule: str, *occasion: object) -> str:
    """The notification of a rule on an occasion: the same one, however often the occasion is looked at."""
    text = "\n".join([rule, *map(str, occasion)])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def decide(command: NotificationCommand, notification: Notification) -> Sequence[NotificationEvent]:
    """What happens."""
    match command, notification:
        case RequestNotification(), Nothing():
            return [_requested(command)]
        case NoteDelivery(at=at, attempt=attempt), Waiting(attempts=before) if attempt == before + 1:
            return [NotificationDelivered(at=at, attempt=attempt)]
        case NoteFailedAttempt(attempt=attempt), Waiting(attempts=before) if attempt == before + 1:
            return [_failed(command)]
        case DropNotification(at=at, explanation=explanation), Waiting():
            return [NotificationDropped(at=at, explanation=explanation)]
        case SummariseNotification(at=at, summary=summary), Waiting():
            return [NotificationSummarised(at=at, summary=summary)]
        case ResendNotification(), Nothing():
            raise Rejected("There is no such notification.")
        case ResendNotification(at=at, by=by), Settled():
            return [NotificationResendRequested(at=at, by=by)]
        case _:
            return []


def _requested(command: RequestNotification) -> NotificationRequested:
    return NotificationRequested(
        rule=command.rule,
        company=command.company,
        channel=command.channel,
        occasion=command.occasion,
        at=command.at,
        due_at=command.due_at,
        fault=command.fault,
        version=command.version,
        head=command.head,
        trouble=command.trouble,
    )


def _failed(command: NoteFailedAttempt) -> NotificationEvent:
    if command.final or command.attempt > len(PAUSES):
        return NotificationGivenUp(
            at=command.at, attempt=command.attempt, reason=command.reason, explanation=command.explanation
        )
    return NotificationAttemptFailed(
        at=command.at,
        attempt=command.attempt,
        reason=command.reason,
        explanation=command.explanation,
        next_at=command.at + PAUSES[command.attempt - 1],
    )


def evolve(notification: Notification, event: NotificationEvent) -> Notification:
    """The notification after ``event``."""
    if isinstance(event, NotificationRequested):
        return Waiting(event, event.due_at)
    if isinstance(notification, Nothing):
        return notification
    request = notification.request
    match event:
        case NotificationDelivered():
            return Settled(request, "delivered")
        case NotificationAttemptFailed(attempt=attempt, next_at=next_at):
            return Waiting(request, next_at, attempt)
        case NotificationGivenUp():
            return Settled(request, "givenUp")
        case NotificationDropped():
            return Settled(request, "dropped")
        case NotificationSummarised():
            return Settled(request, "summarised")
        case NotificationResendRequested(at=at):
            return Waiting(request, at)
        case _:
            assert_never(event)


notifications: Decider[NotificationCommand, Notification, NotificationEvent] = Decider(
    "notification", Nothing(), decide, evolve
)
