"""What the web needs to know of notification rules and their messages, and where these go."""

from collections.abc import Sequence
from typing import Protocol

from eosvolt.application.notification_messages import Target
from eosvolt.application.questions import Page
from eosvolt.projections.notification_rules import NotificationRuleRow
from eosvolt.projections.notifications import NotificationRow


class NotificationQueries(Protocol):
    """Questions to the read models about rules and messages."""

    async def notification_rules(self, company: int) -> Sequence[NotificationRuleRow]:
        """The notification rules that were not removed, by name."""
        ...

    async def notification_rule(self, company: int, rule: str) -> NotificationRuleRow | None:
        """One notification rule; ``None`` when it was removed."""
        ...

    async def notifications(
        self, company: int, rule: str, *, state: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[NotificationRow]:
        """The messages of a rule, the newest first; raises ``Unanswerable``."""
        ...

    async def notification(self, company: int, notification: str) -> NotificationRow | None:
        """One message of a notification rule."""
        ...


class RuleTargets(Protocol):
    """Where the messages of notification rules go."""

    async def target(self, rule: str) -> Target | None:
        """Where a rule's messages go."""
        ...
