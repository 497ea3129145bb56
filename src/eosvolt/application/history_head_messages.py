"""Has the head of the history told to whoever wants it outside the house, and alarms where it is not sound.

Who keeps these messages can prove later, with ``eosvolt verify --expect``, that the history still has in it
what it had then, also against somebody who holds the database, the file with the head and the secret.
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
    """How the history stands: its last seal, if any, and why it is not sealed; empty where it is."""

    head: HistoryHead | None
    trouble: str


class HeadRules(Protocol):
    """What the read models know of rules about the head of the history."""

    async def head_rules(self) -> Sequence[str]:
        """The rules of all companies that want it told and were not removed."""
        ...


class HistoryHeadMessages:
    """Requests the messages that rules about the head of the history want."""

    def __init__(self, application: Application, known: HeadRules, clock: Clock) -> None:
        """``known`` says which rules there are."""
        self._application = application
        self._known = known
        self._clock = clock

    async def tell(self, state: HistoryState) -> None:
        """Request what is due by now: each head once in a rule's hour or day, each trouble once a day.

        Doing it again, or in several processes, requests nothing twice.
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
