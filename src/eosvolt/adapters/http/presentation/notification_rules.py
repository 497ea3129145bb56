"""A notification rule as programs and people ask for it, and the same in the domain's words."""

from typing import Annotated, Literal

from msgspec import Meta
from msgspec.structs import fields

from eosvolt.adapters.http.framework.api_types import ApiInput
from eosvolt.application.operations.notification_rules import RuleTerms
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.notification_rules.events import HeadEvery, Terms, Trigger
from eosvolt.domain.notification_rules.limits import LONGEST_DELAY, MOST_PER_HOUR, needless

ChannelName = Literal["email", "webhook"]
TriggerName = Literal["faults", "historyHead"]
EveryName = Literal["hour", "day"]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Kinds = Annotated[tuple[Literal["communication", "hardware", "power"], ...], Meta(max_length=3)]
Severities = Annotated[tuple[Literal["error", "warning"], ...], Meta(max_length=2)]
Codes = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...], Meta(max_length=100)]
Locations = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...], Meta(max_length=500)]
Minutes = Annotated[int, Meta(ge=0, le=LONGEST_DELAY)]
PerHour = Annotated[int, Meta(ge=1, le=MOST_PER_HOUR)]
Addresses = Annotated[tuple[Annotated[str, Meta(max_length=320)], ...], Meta(max_length=20)]
Url = Annotated[str, Meta(max_length=2000)]


class NewNotificationRule(ApiInput, frozen=True, kw_only=True):
    """A rule: by e-mail it needs ``addresses``, as a webhook a ``url``.

    A message is sent for a fault that is still open after so many minutes; 0 is at once. With ``trigger``
    ``historyHead`` the head of the history is sent every hour or day and alarms at once, but no fault.
    """

    name: Name
    channel: ChannelName
    trigger: TriggerName = "faults"
    head_every: EveryName = "hour"
    addresses: Addresses = ()
    url: Url = ""
    kinds: Kinds = ()
    severities: Severities = ()
    codes: Codes = ()
    locations: Locations = ()
    after_minutes: Minutes = 0
    on_recovery: bool = False
    most_per_hour: PerHour = 20
    enabled: bool = True


def rule_terms(wanted: NewNotificationRule) -> RuleTerms:
    """What was asked for, and where the messages shall go."""
    return RuleTerms(terms=terms_of(wanted), addresses=wanted.addresses, url=wanted.url)


def terms_of(wanted: NewNotificationRule) -> Terms:
    """What was asked for, in the domain's words."""
    return Terms(
        name=wanted.name.strip(),
        kinds=tuple(FaultKind(each) for each in dict.fromkeys(wanted.kinds)),
        severities=tuple(Severity(each) for each in dict.fromkeys(wanted.severities)),
        codes=tuple(dict.fromkeys(each.strip() for each in wanted.codes if each.strip())),
        locations=tuple(dict.fromkeys(wanted.locations)),
        after_minutes=wanted.after_minutes,
        on_recovery=wanted.on_recovery,
        most_per_hour=wanted.most_per_hour,
        enabled=wanted.enabled,
        trigger=Trigger(wanted.trigger),
        head_every=HeadEvery(wanted.head_every),
    )


def needless_fields(wanted: NewNotificationRule) -> dict[str, str]:
    """What is wrong with the fields that only rules about faults have, by their names in the API."""
    names = {field.name: field.encode_name for field in fields(NewNotificationRule)}
    return {names[name]: "Only rules about faults have this." for name in needless(terms_of(wanted))}
