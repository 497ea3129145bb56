"""Notification rules: what tests of operations begin with, and the requests of each operation."""

from eosvolt.application.actor import person
from eosvolt.application.operations import notification_rules
from eosvolt.application.operations.notification_rules import NewRule, RuleTerms
from eosvolt.domain.faults.events import FaultKind
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.notification_rules.events import Channel, Terms
from eosvolt.domain.notifications.commands import NoteDelivery, RequestNotification
from eosvolt.domain.notifications.decider import notifications
from eosvolt.domain.notifications.events import Occasion
from tests.accounts_in_memory import PERSON
from tests.examples import COMPANY, MORNING
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site


async def a_rule(site: Site) -> None:
    """Rule ``r1``, by e-mail."""
    terms = RuleTerms(terms=Terms(name="All", kinds=(FaultKind.POWER,)), addresses=("a@cpo.example",))
    rule = NewRule(rule="r1", channel=Channel.EMAIL, wanted=terms)
    await site.operations.run(notification_rules.add, person(PERSON, COMPANY), rule)


async def a_delivered_message(site: Site) -> None:
    """Message ``m1`` of rule ``r1``."""
    await a_rule(site)
    request = RequestNotification(
        rule="r1",
        company=COMPANY,
        channel=Channel.EMAIL,
        occasion=Occasion.TEST,
        at=MORNING,
        due_at=MORNING,
    )
    why = Provenance(COMPANY, "system:test")
    await site.application.execute(notifications, "m1", request, why)
    await site.application.execute(notifications, "m1", NoteDelivery(at=MORNING, attempt=1), why)


RULE_OF_THE_FORM = {
    "name": "All",
    "channel": "email",
    "trigger": "faults",
    "headEvery": "hour",
    "addresses": "a@cpo.example",
    "url": "",
    "kinds": "power",
    "codes": "",
    "afterMinutes": "0",
    "mostPerHour": "20",
    "enabled": "yes",
}

WAYS_OF_NOTIFICATIONS = {
    "notification_rules.add": [
        Ways(
            (
                "POST",
                "/notification-rules",
                {"name": "All", "channel": "email", "addresses": ["a@cpo.example"], "kinds": ["power"]},
            ),
            ("/settings/notifications/new", RULE_OF_THE_FORM),
        )
    ],
    "notification_rules.change": [
        Ways(
            ("PATCH", "/notification-rules/r1", {"name": "Some", "addresses": ["b@cpo.example"]}),
            (
                "/settings/notifications/r1/edit",
                RULE_OF_THE_FORM | {"name": "Some", "addresses": "b@cpo.example", "version": "1"},
            ),
            a_rule,
        )
    ],
    "notification_rules.remove": [
        Ways(
            ("DELETE", "/notification-rules/r1", None),
            ("/settings/notifications/r1/remove", {"name": "All"}),
            a_rule,
        )
    ],
    "notification_rules.renew_secret": [
        Ways(
            ("POST", "/notification-rules/r1/secret", None), ("/settings/notifications/r1/secret", {}), a_rule
        )
    ],
    "notification_rules.send_test": [
        Ways(("POST", "/notification-rules/r1/test", None), ("/settings/notifications/r1/test", {}), a_rule)
    ],
    "notification_rules.resend": [
        Ways(
            ("POST", "/notification-rules/r1/notifications/m1/resend", None),
            ("/settings/notifications/r1/resend", {"notification": "m1"}),
            a_delivered_message,
        )
    ],
}
