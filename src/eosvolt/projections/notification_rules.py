"""Every notification rule: the question of the notifications page and API."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.notification_rules.events import (
    NotificationRuleAdded,
    NotificationRuleChanged,
    NotificationRuleRemoved,
    Terms,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class NotificationRuleRow(Row, frozen=True, kw_only=True):
    """A rule. ``channel`` is email or webhook."""

    rule: str
    company: int
    name: str
    channel: str
    terms: Terms
    added_at: datetime
    version: int
    removed: bool = False


def keys(fact: Fact) -> Iterable[str]:
    """The rule itself."""
    return (fact.key,)


def apply(row: NotificationRuleRow | None, fact: Fact, key: str) -> NotificationRuleRow | None:
    """The rule after the fact."""
    match fact.event, row:
        case NotificationRuleAdded() as added, _:
            return NotificationRuleRow(
                rule=key,
                company=added.company,
                name=added.terms.name,
                channel=added.channel.value,
                terms=added.terms,
                added_at=added.at,
                version=fact.version,
            )
        case NotificationRuleChanged(terms=terms), NotificationRuleRow():
            return msgspec.structs.replace(row, name=terms.name, terms=terms, version=fact.version)
        case NotificationRuleRemoved(), NotificationRuleRow():
            return msgspec.structs.replace(row, removed=True, version=fact.version)
        case _:
            return row


notification_rules = ReadModel(
    name="notification_rules",
    version=1,
    row=NotificationRuleRow,
    reads=tags(NotificationRuleAdded, NotificationRuleChanged, NotificationRuleRemoved),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
