"""Operations on notification rules: add, change, remove, renew the secret, send a test, resend a message."""

from collections.abc import Callable
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.notification_messages import Target
from eosvolt.application.operations.operation import Input, Operation, OperationContext, Seen, operation
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.kernel import CommandEnvelope, Event
from eosvolt.domain.notification_rules.commands import (
    AddNotificationRule,
    ChangeNotificationRule,
    RemoveNotificationRule,
)
from eosvolt.domain.notification_rules.decider import Rule, RuleState, notification_rules
from eosvolt.domain.notification_rules.events import (
    Channel,
    NotificationRuleAdded,
    NotificationRuleChanged,
    Terms,
)
from eosvolt.domain.notifications.commands import RequestNotification, ResendNotification
from eosvolt.domain.notifications.decider import Nothing, key_of, notifications
from eosvolt.domain.notifications.events import Occasion

VIEW = Permission(Action.VIEW, ProductArea.SETTINGS)
_EDIT = Permission(Action.EDIT, ProductArea.SETTINGS)


class RuleTerms(Input, frozen=True, kw_only=True):
    """The terms of a rule and its target: e-mail ``addresses``, or the ``url`` of a webhook."""

    terms: Terms
    addresses: tuple[str, ...] = ()
    url: str = ""


class NewRule(Input, frozen=True, kw_only=True):
    """A rule under an id that was never used before."""

    rule: str
    channel: Channel
    wanted: RuleTerms


class RuleChange(Input, frozen=True, kw_only=True):
    """``changed`` maps the present terms to the new ones; it may refuse by raising."""

    rule: str
    changed: Callable[[RuleTerms], RuleTerms]
    seen: Seen = None


class RuleById(Input, frozen=True, kw_only=True):
    """A rule."""

    rule: str


class RuleTrial(RuleById, frozen=True, kw_only=True):
    """A test message of a rule; ``trial`` is a unique id."""

    trial: str


class RuleMessage(RuleById, frozen=True, kw_only=True):
    """A message of a rule."""

    notification: str


@operation(Permission(Action.ADD, ProductArea.SETTINGS))
async def add(context: OperationContext, wanted: NewRule) -> Plan[str]:
    """Add a rule. Returns its id."""
    command = AddNotificationRule(
        rule=wanted.rule,
        company=context.company,
        channel=wanted.channel,
        terms=wanted.wanted.terms,
        at=context.at,
    )
    await context.state(notification_rules, wanted.rule)
    goes = context.ports.targets.goes_to(
        wanted.rule, context.company, wanted.wanted.addresses, wanted.wanted.url
    )
    return Plan((CommandEnvelope(notification_rules, wanted.rule, command),), wanted.rule, alongside=(goes,))


@operation(_EDIT)
async def change(context: OperationContext, wanted: RuleChange) -> Plan[None]:
    """Change a rule: its condition or target, or whether it is on."""
    known = await _known(context, wanted.rule)
    target = await context.ports.targets.target(wanted.rule) or Target()

    def _current_terms(state: RuleState) -> RuleTerms | None:
        if not isinstance(state, Rule):
            return None
        return RuleTerms(terms=state.terms, addresses=target.addresses, url=target.url)

    await context.check_seen(notification_rules, wanted.rule, wanted.seen, _of_terms, _current_terms)
    shall = wanted.changed(RuleTerms(terms=known.terms, addresses=target.addresses, url=target.url))
    command = ChangeNotificationRule(terms=shall.terms, at=context.at)
    goes = context.ports.targets.goes_to(wanted.rule, context.company, shall.addresses, shall.url)
    return Plan((CommandEnvelope(notification_rules, wanted.rule, command),), None, alongside=(goes,))


@operation(Permission(Action.DELETE, ProductArea.SETTINGS))
async def remove(context: OperationContext, wanted: RuleById) -> Plan[None]:
    """Remove a rule. Its sent messages stay on record, its target is deleted."""
    await _known(context, wanted.rule)
    envelope = CommandEnvelope(notification_rules, wanted.rule, RemoveNotificationRule(at=context.at))
    return Plan((envelope,), None, alongside=(context.ports.targets.forgotten(wanted.rule),))


@operation(_EDIT)
async def renew_secret(context: OperationContext, wanted: RuleById) -> Plan[None]:
    """Replace the secret that signs a rule's webhooks."""
    await _known(context, wanted.rule)
    return Plan((), None, alongside=(context.ports.targets.with_another_secret(wanted.rule),))


@operation(_EDIT)
async def send_test(context: OperationContext, wanted: RuleTrial) -> Plan[str]:
    """Send a test message. Returns its id."""
    rule = await _known(context, wanted.rule)
    key = key_of(wanted.rule, Occasion.TEST.value, wanted.trial)
    command = RequestNotification(
        rule=wanted.rule,
        company=context.company,
        channel=rule.channel,
        occasion=Occasion.TEST,
        at=context.at,
        due_at=context.at,
    )
    return Plan((CommandEnvelope(notifications, key, command),), key)


@operation(_EDIT)
async def resend(context: OperationContext, wanted: RuleMessage) -> Plan[None]:
    """Send a message again, with the same id."""
    await _known(context, wanted.rule)
    message = await context.state(notifications, wanted.notification)
    if isinstance(message, Nothing) or message.request.rule != wanted.rule:
        raise NotThere
    command = ResendNotification(at=context.at, by=context.actor.by)
    return Plan((CommandEnvelope(notifications, wanted.notification, command),), None)


async def _known(context: OperationContext, rule: str) -> Rule:
    known = await context.state(notification_rules, rule)
    if not isinstance(known, Rule):
        raise NotThere
    return known


def _of_terms(event: Event) -> bool:
    return isinstance(event, NotificationRuleAdded | NotificationRuleChanged)


OPERATIONS: tuple[Operation[Any, Any], ...] = (add, change, remove, renew_secret, send_test, resend)
