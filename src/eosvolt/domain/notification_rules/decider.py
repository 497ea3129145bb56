"""The rules of a notification rule, and which faults it is about."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from eosvolt.domain.faults.events import FaultOpened, Severity
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.notification_rules.commands import (
    AddNotificationRule,
    ChangeNotificationRule,
    NotificationRuleCommand,
    RemoveNotificationRule,
)
from eosvolt.domain.notification_rules.events import (
    Channel,
    NotificationRuleAdded,
    NotificationRuleChanged,
    NotificationRuleEvent,
    NotificationRuleRemoved,
    Terms,
    Trigger,
)
from eosvolt.domain.notification_rules.limits import LONGEST_DELAY, MOST_PER_HOUR, needless


class NoRule(msgspec.Struct, frozen=True):
    """There is none, or none any more."""


class Rule(msgspec.Struct, frozen=True):
    """A rule of a company, as it is ``since`` it was added or changed."""

    company: int
    channel: Channel
    terms: Terms
    since: datetime

    def covers(self, fault: FaultOpened, severity: Severity) -> bool:
        """Whether the rule is about a fault that is of this severity now."""
        terms = self.terms
        return (
            terms.enabled
            and terms.trigger is Trigger.FAULTS
            and fault.company == self.company
            and (not terms.kinds or fault.kind in terms.kinds)
            and (not terms.severities or severity in terms.severities)
            and (not terms.locations or fault.location in terms.locations)
            and (not terms.codes or fault.code.casefold() in {code.casefold() for code in terms.codes})
        )


RuleState = NoRule | Rule


def decide(command: NotificationRuleCommand, rule: RuleState) -> Sequence[NotificationRuleEvent]:
    """What happens."""
    match command, rule:
        case AddNotificationRule(terms=terms), NoRule():
            _check(terms)
            return [
                NotificationRuleAdded(
                    rule=command.rule,
                    company=command.company,
                    channel=command.channel,
                    terms=terms,
                    at=command.at,
                )
            ]
        case ChangeNotificationRule(terms=terms, at=at), Rule() if terms != rule.terms:
            _check(terms)
            if terms.trigger is not rule.terms.trigger:
                raise Rejected("What triggers a rule stays as it is: add another rule.")
            return [NotificationRuleChanged(terms=terms, at=at)]
        case ChangeNotificationRule(), NoRule():
            raise Rejected("There is no such rule.")
        case RemoveNotificationRule(at=at), Rule():
            return [NotificationRuleRemoved(at=at)]
        case _:
            return []


def _check(terms: Terms) -> None:
    if needless(terms):
        raise Rejected("A rule about the head of the history cannot be limited to faults.")
    if not terms.name.strip():
        raise Rejected("A rule needs a name.")
    if not 0 <= terms.after_minutes <= LONGEST_DELAY:
        raise Rejected("A fault can be told of at once or up to 7 days after it was seen.")
    if not 1 <= terms.most_per_hour <= MOST_PER_HOUR:
        raise Rejected(f"There can be 1 to {MOST_PER_HOUR} messages an hour.")


def evolve(rule: RuleState, event: NotificationRuleEvent) -> RuleState:
    """The rule after ``event``."""
    match event:
        case NotificationRuleAdded():
            return Rule(event.company, event.channel, event.terms, event.at)
        case NotificationRuleChanged(terms=terms, at=at):
            return msgspec.structs.replace(rule, terms=terms, since=at) if isinstance(rule, Rule) else rule
        case NotificationRuleRemoved():
            return NoRule()
        case _:
            assert_never(event)


notification_rules: Decider[NotificationRuleCommand, RuleState, NotificationRuleEvent] = Decider(
    "notification-rule", NoRule(), decide, evolve
)
