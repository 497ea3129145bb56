"""A notification rule and a message of it, with which tests of operations begin."""

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
