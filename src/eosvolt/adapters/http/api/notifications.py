"""The messages of a notification rule and their delivery; sending a test message."""

from datetime import datetime
from typing import Literal
from uuid import uuid4

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.notification_rules import rule_row
from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Items, Limit, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.explanation_sentences import in_words
from eosvolt.application.operations import notification_rules as operations
from eosvolt.projections.notifications import NotificationRow


class NotificationView(View, frozen=True, kw_only=True):
    """One message. ``state``: waiting, delivered, givenUp, dropped or summarised."""

    id: str
    rule_id: str
    state: str
    occasion: str
    requested_at: datetime
    attempts: int
    fault_id: str = ""
    due_at: datetime | None = None
    settled_at: datetime | None = None
    reason: str = ""
    summary_id: str = ""


class NotificationsQuery(ApiInput, frozen=True, kw_only=True):
    """The page of messages."""

    state: Literal["", "waiting", "delivered", "givenUp", "dropped", "summarised"] = ""
    limit: Limit = 50
    cursor: Cursor | None = None


@endpoint("POST", "/notification-rules/{rule}/test", status=202, operation=operations.send_test)
async def try_notification_rule(call: ApiCall, rule: str) -> NotificationView:
    """Send a test message."""
    key = await call.run(operations.send_test, operations.RuleTrial(rule=rule, trial=str(uuid4())))
    return await _notification(call, rule, key)


@endpoint("GET", "/notification-rules/{rule}/notifications", needs=operations.VIEW)
async def list_notifications(
    call: ApiCall, rule: str, query: NotificationsQuery
) -> Answer[Items[NotificationView]]:
    """The rule's messages, the newest first."""
    await rule_row(call, rule)
    page = await call.queries.notifications(
        call.company, rule, state=query.state, cursor=query.cursor, limit=query.limit
    )
    items = Items(items=[_message(row) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint(
    "POST",
    "/notification-rules/{rule}/notifications/{notification}/resend",
    status=202,
    operation=operations.resend,
)
async def resend_notification(call: ApiCall, rule: str, notification: str) -> NotificationView:
    """Send a message once more, with the same id."""
    await call.run(operations.resend, operations.RuleMessage(rule=rule, notification=notification))
    return await _notification(call, rule, notification)


async def _notification(call: ApiCall, rule: str, notification: str) -> NotificationView:
    row = await call.queries.notification(call.company, notification)
    if row is None or row.rule != rule:
        raise not_found()
    return _message(row)


def _message(row: NotificationRow) -> NotificationView:
    return NotificationView(
        id=row.notification,
        rule_id=row.rule,
        state=row.state,
        occasion=row.occasion,
        requested_at=row.requested_at,
        attempts=row.attempts,
        fault_id=row.fault,
        due_at=row.due_at,
        settled_at=row.settled_at,
        reason=in_words(row.reason, row.explanation),
        summary_id=row.summary,
    )


ENDPOINTS = (try_notification_rule, list_notifications, resend_notification)
