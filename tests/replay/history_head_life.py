"""A history whose head is told outside: the source of the golden stream ``0009-leftovers``."""

from eosvolt.domain.notification_rules.commands import AddNotificationRule, ChangeNotificationRule
from eosvolt.domain.notification_rules.decider import notification_rules
from eosvolt.domain.notification_rules.events import Channel, HeadEvery, Terms, Trigger
from eosvolt.domain.notifications.commands import NoteDelivery, RequestNotification
from eosvolt.domain.notifications.decider import notifications
from eosvolt.domain.notifications.events import HistoryHead, Occasion
from tests.examples import COMPANY, after
from tests.scenario import WHY, Scenario

_HEAD = HistoryHead(position=1207, digest="ab" * 32, sealed_at=after(1), signature="cd" * 32)


async def history_head_life() -> Scenario:
    """A rule that tells the head every hour and then every day, one head, and one alarm."""
    s = Scenario()
    terms = Terms(name="Auditor", trigger=Trigger.HISTORY_HEAD)
    rule = AddNotificationRule(rule="r1", company=COMPANY, channel=Channel.EMAIL, terms=terms, at=after(0))
    await s.application.execute(notification_rules, "r1", rule, WHY)
    daily = Terms(name="Auditor", trigger=Trigger.HISTORY_HEAD, head_every=HeadEvery.DAY)
    await s.application.execute(
        notification_rules, "r1", ChangeNotificationRule(terms=daily, at=after(1)), WHY
    )
    messages = {
        "n1": (Occasion.HISTORY_HEAD, _HEAD, ""),
        "n2": (Occasion.HISTORY_ALARM, None, "There is no seal in the database."),
    }
    for key, (occasion, head, trouble) in messages.items():
        ask = RequestNotification(
            rule="r1",
            company=COMPANY,
            channel=Channel.EMAIL,
            occasion=occasion,
            at=after(2),
            due_at=after(2),
            head=head,
            trouble=trouble,
        )
        for command in (ask, NoteDelivery(at=after(3), attempt=1)):
            await s.application.execute(notifications, key, command, WHY)
    return s
