"""Every message about a fault: to be sent, sent, or why not."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Fact
from eosvolt.domain.notifications.events import (
    NotificationAttemptFailed,
    NotificationDelivered,
    NotificationDropped,
    NotificationGivenUp,
    NotificationRequested,
    NotificationResendRequested,
    NotificationSummarised,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class NotificationRow(Row, frozen=True, kw_only=True):
    """A notification.

    ``state``: ``waiting``, ``delivered``, ``givenUp``, ``dropped`` or ``summarised``. ``due_at`` is set while
    it waits; ``explanation``, or ``reason`` where it has no code, says why it was not delivered the last
    time it was tried, or not at all.
    """

    notification: str
    company: int
    rule: str
    channel: str
    occasion: str
    fault: str
    state: str
    requested_at: datetime
    due_at: datetime | None
    attempts: int = 0
    settled_at: datetime | None = None
    reason: str = ""
    explanation: Explanation | None = None
    summary: str = ""


def keys(fact: Fact) -> Iterable[str]:
    """The notification itself."""
    return (fact.key,)


def apply(row: NotificationRow | None, fact: Fact, key: str) -> NotificationRow | None:
    """The notification after the fact."""
    if isinstance(fact.event, NotificationRequested):
        wanted = fact.event
        return NotificationRow(
            notification=key,
            company=wanted.company,
            rule=wanted.rule,
            channel=wanted.channel.value,
            occasion=wanted.occasion.value,
            fault=wanted.fault,
            state="waiting",
            requested_at=wanted.at,
            due_at=wanted.due_at,
        )
    if row is None:
        return None
    change = msgspec.structs.replace
    match fact.event:
        case NotificationDelivered(at=at, attempt=attempt):
            settled = change(row, state="delivered", settled_at=at, attempts=attempt, due_at=None)
            return change(settled, reason="", explanation=None)
        case NotificationAttemptFailed(attempt=attempt, next_at=next_at) as failed:
            return _because(change(row, attempts=attempt, due_at=next_at), failed)
        case NotificationGivenUp(at=at, attempt=attempt) as failed:
            settled = change(row, state="givenUp", settled_at=at, attempts=attempt, due_at=None)
            return _because(settled, failed)
        case NotificationDropped(at=at) as dropped:
            return _because(change(row, state="dropped", settled_at=at, due_at=None), dropped)
        case NotificationSummarised(at=at, summary=summary):
            return change(row, state="summarised", settled_at=at, due_at=None, summary=summary)
        case NotificationResendRequested(at=at):
            return change(row, state="waiting", attempts=0, settled_at=None, due_at=at, summary="")
        case _:
            return row


def _because(
    row: NotificationRow, why: NotificationAttemptFailed | NotificationGivenUp | NotificationDropped
) -> NotificationRow:
    return msgspec.structs.replace(row, reason=why.reason, explanation=why.explanation)


notifications = ReadModel(
    name="notifications",
    version=2,
    row=NotificationRow,
    reads=tags(
        NotificationRequested,
        NotificationDelivered,
        NotificationAttemptFailed,
        NotificationGivenUp,
        NotificationDropped,
        NotificationSummarised,
        NotificationResendRequested,
    ),
    keys=keys,
    apply=apply,
    indexes=("due_at", "rule, requested_at DESC", "company, requested_at DESC"),
)
