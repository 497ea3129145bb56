"""Sends the head of the history to external recipients, and an alarm if the history is not sound.

A recipient can later prove with ``eosvolt verify --expect`` that the history still contains everything up to
this head. The proof holds even against somebody with the database, the head file and the secret.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from eosvolt.application.executor import Application
from eosvolt.application.notification_service import BY
from eosvolt.application.ports import Clock
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.notification_rules.decider import Rule, notification_rules
from eosvolt.domain.notification_rules.events import HeadEvery, Trigger
from eosvolt.domain.notifications.commands import RequestNotification
from eosvolt.domain.notifications.decider import key_of, notifications
from eosvolt.domain.notifications.events import HistoryHead, Occasion


class HistoryState(NamedTuple):
    """The state of the history: its last seal, if any, and why it is not sealed (empty if it is)."""

    head: HistoryHead | None
    trouble: str


class HeadRules(Protocol):
    """The rules about the head of the history, from the read models."""

    async def head_rules(self) -> Sequence[str]:
        """The rules of all companies that want it told and were not removed."""
        ...


class HistoryHeadMessages:
    """Requests the messages of rules about the head of the history."""

    def __init__(self, application: Application, known: HeadRules, clock: Clock) -> None:
        """``known`` gives the rules."""
        self._application = application
        self._known = known
        self._clock = clock

    async def request_due(self, state: HistoryState) -> None:
        """Request due messages: a head once in each hour or day of a rule, each problem once a day.

        Idempotent, also across processes.
        """
        if state.head is None and not state.trouble:
            return
        for name in await self._known.head_rules():
            rule = await self._application.state(notification_rules, name)
            if isinstance(rule, Rule) and rule.terms.enabled and rule.terms.trigger is Trigger.HISTORY_HEAD:
                await self._request(name, rule, state)

    async def _request(self, name: str, rule: Rule, state: HistoryState) -> None:
        now = self._clock.now()
        if state.trouble:
            occasion = Occasion.HISTORY_ALARM
            key = key_of(name, occasion.value, state.trouble, now.date().isoformat())
        else:
            occasion = Occasion.HISTORY_HEAD
            key = key_of(name, occasion.value, _since(rule.terms.head_every, now).isoformat())
        request = RequestNotification(
            rule=name,
            company=rule.company,
            channel=rule.channel,
            occasion=occasion,
            at=now,
            due_at=now,
            head=state.head,
            trouble=state.trouble,
        )
        why = Provenance(rule.company, BY, "history head")
        await self._application.execute(notifications, key, request, why)


def _since(every: HeadEvery, now: datetime) -> datetime:
    """The beginning of the hour or day that ``now`` is in."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    return hour if every is HeadEvery.HOUR else hour.replace(hour=0)
