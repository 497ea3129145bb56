"""What one can ask of a notification rule."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.notification_rules.events import Channel, Terms


class AddNotificationRule(Command, frozen=True):
    """Tell the company of faults from now on."""

    rule: str
    company: int
    channel: Channel
    terms: Terms
    at: datetime


class ChangeNotificationRule(Command, frozen=True):
    """Tell it of others, or otherwise."""

    terms: Terms
    at: datetime


class RemoveNotificationRule(Command, frozen=True):
    """Tell it no more."""

    at: datetime


NotificationRuleCommand = AddNotificationRule | ChangeNotificationRule | RemoveNotificationRule
