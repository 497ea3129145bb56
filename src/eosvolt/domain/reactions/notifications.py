"""Which messages follow from what happens to faults."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.faults.events import (
    FaultOpened,
    FaultRecovered,
    FaultRecurred,
    FaultSnoozed,
    FaultSolved,
    FaultWoken,
    Severity,
)
from eosvolt.domain.kernel import CommandEnvelope, Fact
from eosvolt.domain.notification_rules.decider import Rule
from eosvolt.domain.notifications.commands import RequestNotification
from eosvolt.domain.notifications.decider import (
    Nothing,
    Notification,
    Settled,
    Waiting,
    key_of,
    notifications,
)
from eosvolt.domain.notifications.events import Occasion


class Beginning(NamedTuple):
    """The event of this ``version`` calls for attention: an entry opened, got worse or woke up.

    ``run`` counts how often the subject was open: both of one run end together.
    """

    opened: FaultOpened
    severity: Severity
    version: int
    run: int


def beginnings(stream: Sequence[Fact]) -> list[Beginning]:
    """Every time that an entry of a subject became open, in order.

    A fault that is merely seen again while it is open begins nothing.
    """
    found: list[Beginning] = []
    opened: FaultOpened | None = None
    is_open, severity, run = False, Severity.WARNING, 0
    snoozed_until: datetime | None = None
    for fact in stream:
        event = fact.event
        match event:
            case FaultOpened():
                opened, begins, snoozed_until = event, True, None
            case FaultRecurred():
                worse = severity is Severity.WARNING and event.severity is Severity.ERROR
                disturbed = snoozed_until is not None and fact.recorded_at < snoozed_until
                begins = not is_open or worse or disturbed
            case FaultSnoozed(until=until):
                snoozed_until = until
                continue
            case FaultWoken():
                snoozed_until = None
                continue
            case FaultRecovered() | FaultSolved():
                is_open = False
                continue
            case _:
                continue
        run += not is_open
        is_open, severity = True, event.severity
        if begins and opened is not None:
            found.append(Beginning(opened, event.severity, fact.version, run))
    return found


def after_opening(name: str, rule: Rule, fact: Fact, begun: Beginning) -> list[CommandEnvelope]:
    """The message that a fault is open, where this very event began it and the rule is about it."""
    if begun.version != fact.version or fact.recorded_at < rule.since:
        return []
    if not rule.covers(begun.opened, begun.severity):
        return []
    due_at = fact.recorded_at + timedelta(minutes=rule.terms.after_minutes)
    return [_envelope(name, rule, fact, Occasion.OPENED, due_at)]


def after_recovery(name: str, rule: Rule, fact: Fact, known: Sequence[Notification]) -> list[CommandEnvelope]:
    """The message that a fault recovered, where the rule wants it.

    ``known`` are the notifications of this run's openings. No message is sent if none of these was sent, or
    only in a summary.
    """
    if not rule.terms.on_recovery or not rule.terms.enabled:
        return []
    if not any(_was_sent(each, fact.recorded_at) for each in known):
        return []
    return [_envelope(name, rule, fact, Occasion.RECOVERED, fact.recorded_at)]


def _was_sent(notification: Notification, ended_at: datetime) -> bool:
    match notification:
        case Nothing():
            return False
        case Settled(outcome=outcome):
            return outcome in ("delivered", "givenUp")
        case Waiting(request=request):
            # A delayed message whose delay has passed is sent as well.
            return request.due_at <= request.at or request.due_at <= ended_at


def _envelope(name: str, rule: Rule, fact: Fact, occasion: Occasion, due_at: datetime) -> CommandEnvelope:
    number = getattr(fact.event, "number", 0)
    return CommandEnvelope(
        notifications,
        key_of(name, fact.stream, fact.version),
        RequestNotification(
            rule=name,
            company=rule.company,
            channel=rule.channel,
            occasion=occasion,
            at=fact.recorded_at,
            due_at=due_at,
            fault=f"{fact.key}#{number}",
            version=fact.version,
        ),
    )
