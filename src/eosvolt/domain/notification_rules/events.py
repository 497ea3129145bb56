"""What can have happened to a notification rule. Where its messages go is not in the history."""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import Event


class Channel(StrEnum):
    """How a message travels."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Trigger(StrEnum):
    """What a rule tells of: faults, or the head of the history and whatever is wrong with it."""

    FAULTS = "faults"
    HISTORY_HEAD = "historyHead"


class HeadEvery(StrEnum):
    """How often the head of the history is told, by UTC."""

    HOUR = "hour"
    DAY = "day"


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which faults, and when. Empty lists do not restrict; codes are compared without case.

    A fault is told of when it is still open ``after_minutes`` after it was seen; 0 is at once, also where it
    is over by then. Beyond ``most_per_hour`` there is one summary instead. A rule that is triggered by the
    head of the history has none of these terms: it tells it every hour or day, and alarms at once.
    """

    name: str
    kinds: tuple[FaultKind, ...] = ()
    severities: tuple[Severity, ...] = ()
    codes: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    after_minutes: int = 0
    on_recovery: bool = False
    most_per_hour: int = 20
    enabled: bool = True
    trigger: Trigger = Trigger.FAULTS
    head_every: HeadEvery = HeadEvery.HOUR


class NotificationRuleAdded(Event, frozen=True, tag="notification-rule-added"):
    """The company wants to be told of faults."""

    rule: str
    company: int
    channel: Channel
    terms: Terms
    at: datetime


class NotificationRuleChanged(Event, frozen=True, tag="notification-rule-changed"):
    """It wants to be told of others, or otherwise."""

    terms: Terms
    at: datetime


class NotificationRuleRemoved(Event, frozen=True, tag="notification-rule-removed"):
    """It wants to be told no more."""

    at: datetime


NotificationRuleEvent = NotificationRuleAdded | NotificationRuleChanged | NotificationRuleRemoved
