"""What can have happened to a notification. One stream for each rule and occasion: nothing is told twice."""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Event
from eosvolt.domain.notification_rules.events import Channel


class Occasion(StrEnum):
    """Why somebody is told."""

    OPENED = "opened"
    RECOVERED = "recovered"
    SUMMARY = "summary"
    TEST = "test"
    HISTORY_HEAD = "historyHead"
    HISTORY_ALARM = "historyAlarm"


class HistoryHead(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last seal: the position that it covers the history up to, its digest, and who sealed it when.

    ``digest`` and ``signature`` are hex; there is no signature where the installation has no secret.
    """

    position: int
    digest: str
    sealed_at: datetime
    signature: str = ""


class NotificationRequested(Event, frozen=True, tag="notification-requested"):
    """A rule wants something told at ``due_at``.

    ``fault`` is the id of a diagnostics entry and ``version`` that of the event in its stream; both are empty
    for a summary, a test and what is about the history. ``head`` is its head as far as it is known, and
    ``trouble`` why it is not sealed any more.
    """

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


class NotificationDelivered(Event, frozen=True, tag="notification-delivered"):
    """The other side took it, at this ``attempt``."""

    at: datetime
    attempt: int


class NotificationAttemptFailed(Event, frozen=True, tag="notification-attempt-failed"):
    """The other side did not take it. It is tried again at ``next_at``."""

    at: datetime
    attempt: int
    next_at: datetime
    reason: str = ""
    explanation: Explanation | None = None


class NotificationGivenUp(Event, frozen=True, tag="notification-given-up"):
    """It will not be tried again by itself."""

    at: datetime
    attempt: int
    reason: str = ""
    explanation: Explanation | None = None


class NotificationDropped(Event, frozen=True, tag="notification-dropped"):
    """There is nothing to tell any more: over before it was due, or the rule is gone."""

    at: datetime
    reason: str = ""
    explanation: Explanation | None = None


class NotificationSummarised(Event, frozen=True, tag="notification-summarised"):
    """There were too many within an hour: the notification ``summary`` tells of it together with others."""

    at: datetime
    summary: str


class NotificationResendRequested(Event, frozen=True, tag="notification-resend-requested"):
    """Somebody wants it sent once more."""

    at: datetime
    by: str


NotificationEvent = (
    NotificationRequested
    | NotificationDelivered
    | NotificationAttemptFailed
    | NotificationGivenUp
    | NotificationDropped
    | NotificationSummarised
    | NotificationResendRequested
)
