"""A scenario with notification rules, and receivers in memory with configurable answers."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.application.notification_messages import (
    DueNotification,
    NotificationMessage,
    Target,
    Undelivered,
)
from eosvolt.application.notification_service import NotificationService
from eosvolt.domain.notification_rules.commands import AddNotificationRule
from eosvolt.domain.notification_rules.decider import notification_rules
from eosvolt.domain.notification_rules.events import Channel, Terms
from eosvolt.projections.notification_rules import notification_rules as rule_rows
from eosvolt.projections.notifications import NotificationRow
from eosvolt.projections.notifications import notifications as rows
from tests.examples import COMPANY
from tests.scenario import WHY, Scenario

RULE = "rule-1"


class Receiver:
    """The other side."""

    def __init__(self) -> None:
        self.taken: list[NotificationMessage] = []
        self.refuses: Undelivered | None = None

    async def send(self, target: Target, message: NotificationMessage) -> None:
        assert target.url
        if self.refuses is not None:
            raise self.refuses
        self.taken.append(message)

    @property
    def subjects(self) -> list[str]:
        return [message.subject for message in self.taken]


class NotificationScenario(Scenario):
    """A scenario whose faults are told of."""

    def __init__(self) -> None:
        super().__init__()
        self.receiver = Receiver()
        self.addressless = False
        self.notifications = NotificationService(
            self.application,
            self.store,
            self,
            self,
            {Channel.WEBHOOK: self.receiver},
            self.clock,
            lambda fault: f"https://cpo.example/diagnostics/{fault}",
        )
        self._heeded = 0

    async def rule(self, name: str = RULE, channel: Channel = Channel.WEBHOOK, **terms: object) -> None:
        made = Terms(**({"name": "On call"} | terms))  # type: ignore[arg-type]  # a test names what matters
        add = AddNotificationRule(
            rule=name, company=COMPANY, channel=channel, terms=made, at=self.clock.now()
        )
        await self.application.execute(notification_rules, name, add, WHY)

    async def tells(self) -> None:
        """Follow what happened since, and deliver what is due."""
        facts = self.store.facts[self._heeded :]
        self._heeded = len(self.store.facts)
        for fact in facts:
            await self.notifications.heed(fact)
        for rule, due in (await self.notifications.due_now()).items():
            lately = await self.notifications.sent_lately(rule)
            for each in due:
                await self.notifications.deliver(each.notification, lately)

    async def tells_again_from_the_beginning(self) -> None:
        """As after a crash before the bookmark moved on."""
        self._heeded = 0
        await self.tells()

    def later(self, when: datetime) -> None:
        self.clock.set(when)

    def messages(self) -> list[NotificationRow]:
        return sorted(self.models.rows(rows), key=lambda row: (row.requested_at, row.notification))

    async def target(self, rule: str) -> Target | None:
        return None if self.addressless else Target(url=f"https://{rule}.example", secret="whsec_AAAA")

    async def rules_of(self, company: int) -> Sequence[str]:
        found = self.models.rows(rule_rows, lambda row: row.company == company and not row.removed)
        return sorted(row.rule for row in found)

    async def due_notifications(
        self, now: datetime, channels: Sequence[str], limit: int
    ) -> Sequence[DueNotification]:
        found = [
            row
            for row in self.messages()
            if row.due_at is not None and row.due_at <= now and row.channel in channels
        ]
        return [
            DueNotification(row.rule, row.notification, row.company, row.due_at)
            for row in found[:limit]
            if row.due_at is not None
        ]

    async def delivered(self, rule: str, since: datetime) -> int:
        return sum(
            row.rule == rule
            and row.state == "delivered"
            and row.settled_at is not None
            and row.settled_at >= since
            and row.occasion in ("opened", "recovered")
            for row in self.messages()
        )

    async def summarised_in(self, summary: str) -> Sequence[str]:
        return [row.notification for row in self.messages() if row.summary == summary]
