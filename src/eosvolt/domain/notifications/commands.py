"""What one can ask of a notification. ``attempt`` counts from 1: an answer to an older one comes too late."""

from datetime import datetime

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Command
from eosvolt.domain.notification_rules.events import Channel
from eosvolt.domain.notifications.events import HistoryHead, Occasion


class RequestNotification(Command, frozen=True):
    """Have something told at ``due_at``."""

    rule: str
    company: int
    channel: Channel
    occasion: Occasion
    at: datetime
    due_at: datetime
    fault: str = ""
    version: int = 0
    head: HistoryHead | None = None
    trouble: str = ""


class NoteDelivery(Command, frozen=True):
    """The other side took it."""

    at: datetime
    attempt: int


class NoteFailedAttempt(Command, frozen=True):
    """The other side did not take it; ``final`` where it never will."""

    at: datetime
    attempt: int
    reason: str = ""
    explanation: Explanation | None = None
    final: bool = False


class DropNotification(Command, frozen=True):
    """There is nothing to tell any more."""

    at: datetime
    explanation: Explanation


class SummariseNotification(Command, frozen=True):
    """Let another notification tell of it."""

    at: datetime
    summary: str


class ResendNotification(Command, frozen=True):
    """Send it once more."""

    at: datetime
    by: str


NotificationCommand = (
    RequestNotification
    | NoteDelivery
    | NoteFailedAttempt
    | DropNotification
    | SummariseNotification
    | ResendNotification
)
