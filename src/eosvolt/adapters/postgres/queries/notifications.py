"""Queries of notification rules and their messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import BaseQuery
from eosvolt.application.failed_jobs import Job
from eosvolt.application.notification_messages import DueNotification
from eosvolt.application.questions import Page
from eosvolt.domain.notification_rules.events import Trigger
from eosvolt.projections.notification_rules import NotificationRuleRow, notification_rules
from eosvolt.projections.notifications import NotificationRow, notifications

_NEWEST = "-requestedAt"
# Messages about no fault (tests, summaries, the history's head) are for everybody. It needs ``_here``.
_OF_FAULTS_HERE: LiteralString = (
    " AND (%(within)s::text[] IS NULL OR fault = ''"
    " OR fault IN (SELECT id FROM {faults} WHERE company = %(company)s AND location = ANY(%(within)s)))"
)


class PostgresNotificationQueries(BaseQuery):
    """Rules and messages, for the pages and for delivery."""

    async def notification_rules(self, company: int) -> Sequence[NotificationRuleRow]:
        """The rules that were not removed, by name."""
        return await self._live.rows(
            notification_rules,
            "WHERE company = %(company)s AND NOT removed ORDER BY lower(name), rule",
            {"company": company},
        )

    async def notification_rule(self, company: int, rule: str) -> NotificationRuleRow | None:
        """One rule; ``None`` when it was removed."""
        return await self._live.first(
            notification_rules,
            "WHERE rule = %(rule)s AND company = %(company)s AND NOT removed",
            {"rule": rule, "company": company},
        )

    async def notifications(
        self, company: int, rule: str, *, state: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[NotificationRow]:
        """The messages of a rule, newest first. Raises ``Unanswerable`` for a wrong cursor."""
        params: dict[str, Any] = {"company": company, "rule": rule, "state": state, "rows": limit + 1}
        params |= self._here
        behind: LiteralString = ""
        if cursor:
            params["at"], params["tie"] = cursors.read(cursor, _NEWEST, datetime)
            behind = " AND (requested_at, notification) < (%(at)s::timestamptz, %(tie)s::text)"
        rows = await self._live.rows(
            notifications,
            "WHERE company = %(company)s AND rule = %(rule)s AND (%(state)s = '' OR state = %(state)s)"
            f"{_OF_FAULTS_HERE}{behind} ORDER BY requested_at DESC, notification DESC LIMIT %(rows)s",
            params,
        )
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written(_NEWEST, last.requested_at, last.notification))

    async def notification(self, company: int, notification: str) -> NotificationRow | None:
        """One message."""
        return await self._live.first(
            notifications,
            f"WHERE notification = %(notification)s AND company = %(company)s{_OF_FAULTS_HERE}",
            {"notification": notification, "company": company, **self._here},
        )

    async def rules_of(self, company: int) -> Sequence[str]:
        """The rules of a company that were not removed."""
        return [row.rule for row in await self.notification_rules(company)]

    async def head_rules(self) -> Sequence[str]:
        """The rules of all companies for messages about the head of the history, without removed ones."""
        rows = await self._live.rows(
            notification_rules,
            "WHERE NOT removed AND terms->>'trigger' = %(trigger)s ORDER BY company, rule",
            {"trigger": Trigger.HISTORY_HEAD.value},
        )
        return [row.rule for row in rows]

    async def due_notifications(
        self, now: datetime, channels: Sequence[str], limit: int
    ) -> Sequence[DueNotification]:
        """The messages that are due on these channels, the earliest first.

        Failed messages are left out until their next attempt is due, those given up always.
        """
        rows = await self._live.ask(
            "SELECT n.rule, n.notification, n.company, n.due_at, f.id IS NOT NULL FROM {notifications} n"
            " LEFT JOIN failed_jobs f ON f.job = %(job)s AND f.subject = n.notification"
            " WHERE n.due_at <= %(now)s AND n.channel = ANY(%(channels)s)"
            " AND (f.id IS NULL OR f.deadline <> n.due_at OR f.next_attempt_at <= %(now)s)"
            " ORDER BY n.due_at, n.notification LIMIT %(limit)s",
            {
                "now": now,
                "channels": list(channels),
                "limit": limit,
                "job": Job.NOTIFICATION_DELIVERY.value,
            },
        )
        return [DueNotification(*row) for row in rows]

    async def delivered(self, rule: str, since: datetime) -> int:
        """The number of a rule's messages delivered since ``since``, without summaries and tests."""
        rows = await self._live.ask(
            "SELECT count(*) FROM {notifications} WHERE rule = %(rule)s AND state = 'delivered'"
            " AND settled_at >= %(since)s AND occasion IN ('opened', 'recovered')",
            {"rule": rule, "since": since},
        )
        return int(rows[0][0])

    async def summarised_in(self, summary: str) -> Sequence[str]:
        """The notifications in a summary, the earliest first."""
        rows = await self._live.rows(
            notifications,
            "WHERE summary = %(summary)s ORDER BY requested_at, notification LIMIT 1000",
            {"summary": summary},
        )
        return [row.notification for row in rows]
