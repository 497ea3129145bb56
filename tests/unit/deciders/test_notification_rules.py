"""A rule is added, changed and removed, and never one that makes no sense."""

import pytest

from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.notification_rules.commands import (
    AddNotificationRule,
    ChangeNotificationRule,
    RemoveNotificationRule,
)
from eosvolt.domain.notification_rules.decider import notification_rules
from eosvolt.domain.notification_rules.events import (
    Channel,
    NotificationRuleAdded,
    NotificationRuleChanged,
    NotificationRuleRemoved,
    Terms,
    Trigger,
)
from tests.examples import COMPANY, after
from tests.rule import Rule

TERMS = Terms(name="On call")
ADDED = NotificationRuleAdded(rule="r1", company=COMPANY, channel=Channel.EMAIL, terms=TERMS, at=after(0))


def add(terms: Terms = TERMS) -> AddNotificationRule:
    return AddNotificationRule(rule="r1", company=COMPANY, channel=Channel.EMAIL, terms=terms, at=after(0))


def test_a_rule_is_added_changed_and_removed() -> None:
    Rule(notification_rules).when(add()).then(ADDED)
    other = Terms(name="On call", after_minutes=5)
    Rule(notification_rules).given(ADDED).when(ChangeNotificationRule(terms=other, at=after(1))).then(
        NotificationRuleChanged(terms=other, at=after(1))
    )
    Rule(notification_rules).given(ADDED).when(RemoveNotificationRule(at=after(2))).then(
        NotificationRuleRemoved(at=after(2))
    )


def test_what_is_the_same_is_no_change() -> None:
    Rule(notification_rules).given(ADDED).when(ChangeNotificationRule(terms=TERMS, at=after(1))).then()


@pytest.mark.parametrize(
    "terms",
    [
        Terms(name=" "),
        Terms(name="n", after_minutes=-1),
        Terms(name="n", after_minutes=7 * 24 * 60 + 1),
        Terms(name="n", most_per_hour=0),
        Terms(name="n", trigger=Trigger.HISTORY_HEAD, kinds=(FaultKind.POWER,)),
        Terms(name="n", trigger=Trigger.HISTORY_HEAD, severities=(Severity.ERROR,)),
        Terms(name="n", trigger=Trigger.HISTORY_HEAD, codes=("GroundFailure",)),
        Terms(name="n", trigger=Trigger.HISTORY_HEAD, locations=("L1",)),
        Terms(name="n", trigger=Trigger.HISTORY_HEAD, after_minutes=1),
        Terms(name="n", trigger=Trigger.HISTORY_HEAD, on_recovery=True),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(terms: Terms) -> None:
    with pytest.raises(Rejected):
        Rule(notification_rules).when(add(terms))
    with pytest.raises(Rejected):
        Rule(notification_rules).given(ADDED).when(ChangeNotificationRule(terms=terms, at=after(1)))


def test_there_is_nothing_to_change_where_there_is_no_rule() -> None:
    with pytest.raises(Rejected, match="no such rule"):
        Rule(notification_rules).when(ChangeNotificationRule(terms=TERMS, at=after(1)))


def test_what_triggers_a_rule_stays_as_it_was_added() -> None:
    other = ChangeNotificationRule(terms=Terms(name="n", trigger=Trigger.HISTORY_HEAD), at=after(1))
    with pytest.raises(Rejected, match="add another rule"):
        Rule(notification_rules).given(ADDED).when(other)
