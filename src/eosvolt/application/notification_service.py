"""The notification service: requests the messages of rules about faults, and delivers them.

A message is requested as an event before it is delivered, so that no crash loses it. Each rule and event of a
fault has one stream, so that a message is requested once however often the log is read. Delivery never delays
a charger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from eosvolt.application.executor import Application, Plan
from eosvolt.application.explanation_sentences import recognised
from eosvolt.application.notification_messages import (
    DueNotification,
    Link,
    NotificationMessage,
    Notifications,
    Seen,
    Sender,
    Targets,
    Undelivered,
    about_fault,
    about_history,
    about_many,
    about_nothing,
    seen,
)
from eosvolt.application.ports import Clock, EventStore
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.decider import FaultRecord, faults
from eosvolt.domain.faults.events import FaultOpened, FaultRecovered, FaultRecurred, FaultSolved
from eosvolt.domain.kernel import CommandEnvelope, Fact, Provenance
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.notification_rules.decider import Rule, notification_rules
from eosvolt.domain.notification_rules.events import Channel
from eosvolt.domain.notifications.commands import (
    DropNotification,
    NoteDelivery,
    NoteFailedAttempt,
    RequestNotification,
    SummariseNotification,
)
from eosvolt.domain.notifications.decider import Settled, Waiting, key_of, notifications
from eosvolt.domain.notifications.events import NotificationRequested, Occasion
from eosvolt.domain.reactions.notifications import Beginning, after_opening, after_recovery, beginnings

BY = "system:notifications"
AN_HOUR = timedelta(hours=1)
AT_ONCE = 200
NO_TARGET = "Nobody said where the messages of this rule go."


@dataclass(slots=True)
class SentLately:
    """The number of messages of one rule delivered within the last hour, increased by each delivery."""

    messages: int


class NotificationService:
    """Requests the messages of rules about faults, and delivers them."""

    def __init__(
        self,
        application: Application,
        store: EventStore,
        known: Notifications,
        targets: Targets,
        senders: Mapping[Channel, Sender],
        clock: Clock,
        link: Link,
    ) -> None:
        """Messages on channels without a sender wait. ``link`` gives an entry's URL."""
        self._application = application
        self._store = store
        self._known = known
        self._targets = targets
        self._senders = senders
        self._clock = clock
        self._link = link

    async def heed(self, fact: Fact) -> None:
        """Request the messages of all rules about one event of a fault; idempotent."""
        if not isinstance(fact.event, FaultOpened | FaultRecurred | FaultRecovered):
            return
        company = fact.why.company
        rules = await self._known.rules_of(company)
        if not rules:
            return
        stream = await self._store.read(fact.stream)
        begun = beginnings([each for each in stream if each.version <= fact.version])
        if not begun:
            return

        async def plan() -> Plan[None]:
            envelopes: list[CommandEnvelope] = []
            for name in rules:
                rule = await self._application.state(notification_rules, name)
                if isinstance(rule, Rule) and rule.company == company:
                    envelopes += await self._envelopes(name, rule, fact, begun)
            return Plan(envelopes, None)

        await self._application.perform(plan, Provenance(company, BY, fact.stream))

    async def _envelopes(
        self, name: str, rule: Rule, fact: Fact, begun: Sequence[Beginning]
    ) -> list[CommandEnvelope]:
        if not isinstance(fact.event, FaultRecovered):
            return after_opening(name, rule, fact, begun[-1])
        known = [
            await self._application.state(notifications, key_of(name, fact.stream, each.version))
            for each in begun
            if each.run == begun[-1].run
        ]
        return after_recovery(name, rule, fact, known)

    async def due_now(self) -> dict[str, list[DueNotification]]:
        """The notifications that are due now, by rule; rules do not wait for each other."""
        by_rule: dict[str, list[DueNotification]] = {}
        for due in await self._known.due_notifications(self._clock.now(), sorted(self._senders), AT_ONCE):
            by_rule.setdefault(due.rule, []).append(due)
        return by_rule

    async def sent_lately(self, rule: str) -> SentLately:
        """The used part of a rule's hourly limit; ``deliver`` adds to it."""
        return SentLately(await self._known.delivered(rule, self._clock.now() - AN_HOUR))

    async def deliver(self, key: str, lately: SentLately) -> None:
        """Deliver one notification if it is still due and within its rule's hourly limit."""
        state = await self._application.state(notifications, key)
        if isinstance(state, Waiting) and state.due_at <= self._clock.now():
            lately.messages += await self._deliver(key, state, lately.messages)

    async def _deliver(self, key: str, waiting: Waiting, sent: int) -> int:
        """Deliver one notification; return the number of delivered messages that count for the limit."""
        request, now = waiting.request, self._clock.now()
        rule = await self._application.state(notification_rules, request.rule)
        moot = await self._moot(rule, waiting)
        if moot is not None or not isinstance(rule, Rule):
            dropped = DropNotification(at=now, explanation=because(moot or Why.RULE_REMOVED))
            await self._note(key, request, dropped)
            return 0
        counts = request.occasion in (Occasion.OPENED, Occasion.RECOVERED)
        if counts and _first(waiting) and sent >= rule.terms.most_per_hour:
            await self._summarise(key, request)
            return 0
        message = await self._message(key, request, rule)
        attempt = waiting.attempts + 1
        try:
            target = await self._targets.target(request.rule)
            if target is None:
                raise Undelivered(NO_TARGET, final=True)  # noqa: TRY301 - the same as a target that refuses
            await self._senders[request.channel].send(target, message)
        except Undelivered as refusal:
            text, explanation = recognised(str(refusal))
            failed = NoteFailedAttempt(
                at=self._clock.now(),
                attempt=attempt,
                reason=text,
                explanation=explanation,
                final=refusal.final,
            )
            await self._note(key, request, failed)
            return 0
        await self._note(key, request, NoteDelivery(at=self._clock.now(), attempt=attempt))
        return int(counts)

    async def _moot(self, rule: object, waiting: Waiting) -> Why | None:
        """Why a message is no longer needed; ``None`` if it is needed."""
        request = waiting.request
        if not isinstance(rule, Rule):
            return Why.RULE_REMOVED
        if request.occasion is Occasion.TEST:
            return None
        if not rule.terms.enabled:
            return Why.RULE_SWITCHED_OFF
        if request.occasion is not Occasion.OPENED or not _first(waiting):
            return None
        return await self._looked_after(request.fault) or await self._over_before_due(request)

    async def _over_before_due(self, request: NotificationRequested) -> Why | None:
        """Why a delayed message is no longer needed; ``None`` if it is needed."""
        if request.due_at <= request.at:
            return None
        number = int(request.fault.rpartition("#")[2])
        for fact in await self._store.read(_stream(request.fault)):
            over = isinstance(fact.event, FaultRecovered | FaultSolved) and fact.event.number == number
            if over and fact.version > request.version:
                return Why.FAULT_OVER
        return None

    async def _looked_after(self, fault: str) -> Why | None:
        """Why an open fault needs no message because somebody handles it; ``None`` if nobody does."""
        subject, _, number = fault.rpartition("#")
        entry = await self._application.state(faults, subject)
        if not isinstance(entry, FaultRecord) or entry.number != int(number):
            return None
        if entry.attention.acknowledged:
            return Why.FAULT_ACKNOWLEDGED
        return Why.FAULT_SNOOZED if entry.attention.snoozed(self._clock.now()) else None

    async def _summarise(self, key: str, request: NotificationRequested) -> None:
        """Add the notification to the summary of this hour."""
        now = self._clock.now()
        hour = now.replace(minute=0, second=0, microsecond=0)
        summary = key_of(request.rule, Occasion.SUMMARY.value, hour.isoformat())
        wanted = RequestNotification(
            rule=request.rule,
            company=request.company,
            channel=request.channel,
            occasion=Occasion.SUMMARY,
            at=now,
            due_at=hour + AN_HOUR,
        )

        async def plan() -> Plan[None]:
            leave = SummariseNotification(at=now, summary=summary)
            return Plan(
                (CommandEnvelope(notifications, key, leave), CommandEnvelope(notifications, summary, wanted)),
                None,
            )

        await self._application.perform(plan, Provenance(request.company, BY, f"notification:{key}"))

    async def _message(self, key: str, request: NotificationRequested, rule: Rule) -> NotificationMessage:
        if request.occasion is Occasion.TEST:
            return about_nothing(key, request.at, rule.terms.name, self._link)
        if request.occasion in (Occasion.HISTORY_HEAD, Occasion.HISTORY_ALARM):
            return about_history(key, request)
        if request.occasion is Occasion.SUMMARY:
            entries = []
            for each in await self._known.summarised_in(key):
                known = await self._application.state(notifications, each)
                if isinstance(known, Waiting | Settled):
                    entry = await self._seen(known.request.fault)
                    entries += [] if entry is None else [entry]
            return about_many(key, request.at, entries, self._link)
        entry = await self._seen(request.fault)
        if entry is None:
            raise LookupError(f"the history does not hold the fault of notification {key}")
        return about_fault(key, request, entry, self._link)

    async def _seen(self, fault: str) -> Seen | None:
        facts = await self._store.read(_stream(fault))
        opened = next((fact.event for fact in facts if isinstance(fact.event, FaultOpened)), None)
        location = await self._application.state(locations, "" if opened is None else opened.location)
        if isinstance(location, Location):
            return seen(fault, facts, location.details.name, location.tariff.time_zone)
        return seen(fault, facts, "an unknown location", "UTC")

    async def _note(
        self,
        key: str,
        request: NotificationRequested,
        outcome: NoteDelivery | NoteFailedAttempt | DropNotification,
    ) -> None:
        why = Provenance(request.company, BY, f"notification:{key}")
        await self._application.execute(notifications, key, outcome, why)


def _first(waiting: Waiting) -> bool:
    """Whether this is the first attempt and not a requested repetition."""
    return waiting.due_at == waiting.request.due_at


def _stream(fault: str) -> str:
    return faults.stream(fault.rpartition("#")[0])
