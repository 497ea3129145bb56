"""``/notification-rules``: which faults, or seals of the history, cause messages, and over which channel."""

from collections.abc import Collection

from msgspec import UNSET, UnsetType

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import patched, seen, versioned
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import all_invalid, not_found
from eosvolt.adapters.http.presentation.notification_rules import (
    Addresses,
    ChannelName,
    Codes,
    EveryName,
    Kinds,
    Locations,
    Minutes,
    Name,
    NewNotificationRule,
    PerHour,
    Severities,
    TriggerName,
    Url,
    needless_fields,
    rule_terms,
)
from eosvolt.adapters.http.presentation.notification_targets import addresses_problem, url_problem
from eosvolt.application.operations import notification_rules as operations
from eosvolt.application.operations.notification_rules import RuleTerms
from eosvolt.domain.notification_rules.events import Channel, Terms
from eosvolt.projections.notification_rules import NotificationRuleRow

_TERMS = tuple(Terms.__struct_fields__)


class NotificationRuleView(View, frozen=True, kw_only=True):
    """A rule. Empty lists do not restrict. ``secret`` is shown only once, when it is created.

    A repeated request does not get it either: renew it if it was lost.
    """

    id: str
    name: str
    channel: ChannelName
    enabled: bool
    trigger: TriggerName
    head_every: EveryName
    kinds: tuple[str, ...]
    severities: tuple[str, ...]
    codes: tuple[str, ...]
    locations: tuple[str, ...]
    after_minutes: int
    on_recovery: bool
    most_per_hour: int
    addresses: tuple[str, ...] = ()
    url: str = ""
    secret: str = ""


class NotificationRuleChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396): ``null`` removes a value. Channel and trigger cannot be changed."""

    name: Name | UnsetType = UNSET
    head_every: EveryName | UnsetType | None = UNSET
    addresses: Addresses | UnsetType | None = UNSET
    url: Url | UnsetType | None = UNSET
    kinds: Kinds | UnsetType | None = UNSET
    severities: Severities | UnsetType | None = UNSET
    codes: Codes | UnsetType | None = UNSET
    locations: Locations | UnsetType | None = UNSET
    after_minutes: Minutes | UnsetType | None = UNSET
    on_recovery: bool | UnsetType | None = UNSET
    most_per_hour: PerHour | UnsetType | None = UNSET
    enabled: bool | UnsetType | None = UNSET


@endpoint("GET", "/notification-rules", needs=operations.VIEW)
async def list_notification_rules(call: ApiCall, query: PageQuery) -> Answer[Items[NotificationRuleView]]:
    """All rules, by name."""
    rows = await call.queries.notification_rules(call.company)
    return paged(call, [await _view(call, row) for row in rows], lambda each: each.id, query)


@endpoint(
    "POST", "/notification-rules", status=201, refusals=(409,), secrets=("secret",), operation=operations.add
)
async def add_notification_rule(call: ApiCall, body: NewNotificationRule) -> Answer[NotificationRuleView]:
    """Add a rule about faults or the head of the history.

    Only this answer contains a webhook's signing secret.
    """
    _check(body, body.locations, {row.location for row in await call.queries.locations(call.company)})
    rule = call.new_id()
    wanted = operations.NewRule(rule=rule, channel=Channel(body.channel), wanted=rule_terms(body))
    await call.run(operations.add, wanted)
    return await _answer(call, rule, {"Location": f"/api/v1/notification-rules/{rule}"}, secret=True)


@endpoint("GET", "/notification-rules/{rule}", needs=operations.VIEW)
async def notification_rule(call: ApiCall, rule: str) -> Answer[NotificationRuleView]:
    """One rule."""
    return await _answer(call, rule, {})


@endpoint("PATCH", "/notification-rules/{rule}", refusals=(409, 412), operation=operations.change)
async def change_notification_rule(
    call: ApiCall, rule: str, body: NotificationRuleChange
) -> Answer[NotificationRuleView]:
    """Change, disable or enable a rule."""
    row = await rule_row(call, rule)
    known = {row.location for row in await call.queries.locations(call.company)}

    def changed(before: RuleTerms) -> RuleTerms:
        current = NewNotificationRule(
            channel=_channel(row),
            addresses=before.addresses,
            url=before.url,
            **{name: getattr(before.terms, name) for name in _TERMS},
        )
        wanted = patched(NewNotificationRule, current, body)
        # A removed location may stay in a rule until its locations are changed.
        _check(wanted, () if body.locations is UNSET else wanted.locations, known)
        return rule_terms(wanted)

    change = operations.RuleChange(rule=rule, changed=changed, seen=seen(call))
    await call.run(operations.change, change)
    return await _answer(call, rule, {})


@endpoint("DELETE", "/notification-rules/{rule}", status=204, operation=operations.remove)
async def remove_notification_rule(call: ApiCall, rule: str) -> None:
    """Remove a rule. Its messages stay in the history, its addresses are deleted."""
    await call.run(operations.remove, operations.RuleById(rule=rule))


@endpoint("POST", "/notification-rules/{rule}/secret", secrets=("secret",), operation=operations.renew_secret)
async def renew_notification_secret(call: ApiCall, rule: str) -> Answer[NotificationRuleView]:
    """Replace the signing secret; only this answer contains it."""
    await call.run(operations.renew_secret, operations.RuleById(rule=rule))
    return await _answer(call, rule, {}, secret=True)


def _check(wanted: NewNotificationRule, locations: tuple[str, ...], known: Collection[str]) -> None:
    channel = Channel(wanted.channel)
    wrong = [
        ("/addresses", addresses_problem(channel, wanted.addresses)),
        ("/url", url_problem(channel, wanted.url)),
    ]
    wrong += [(f"/{name}", detail) for name, detail in needless_fields(wanted).items()]
    wrong += [
        (f"/locations/{index}", "There is no such location.")
        for index, location in enumerate(locations)
        if location not in known
    ]
    if findings := [(pointer, detail) for pointer, detail in wrong if detail]:
        raise all_invalid(findings)


async def rule_row(call: ApiCall, rule: str) -> NotificationRuleRow:
    """The rule of the path. Raises a 404 ``Problem`` if the company has none of this id."""
    if call.request.method != "GET":
        await call.queries.settled()
    row = await call.queries.notification_rule(call.company, rule)
    if row is None:
        raise not_found()
    return row


async def _answer(
    call: ApiCall, rule: str, headers: dict[str, str], *, secret: bool = False
) -> Answer[NotificationRuleView]:
    row = await rule_row(call, rule)
    return Answer(await _view(call, row, secret=secret), headers | versioned(row.version))


async def _view(call: ApiCall, row: NotificationRuleRow, *, secret: bool = False) -> NotificationRuleView:
    target = await call.dependencies.targets.target(row.rule)
    channel = _channel(row)
    shown = secret and target is not None and channel == "webhook"
    return NotificationRuleView(
        id=row.rule,
        channel=channel,
        **{name: getattr(row.terms, name) for name in _TERMS},
        addresses=() if target is None else target.addresses,
        url="" if target is None else target.url,
        secret=target.secret if target is not None and shown else "",
    )


def _channel(row: NotificationRuleRow) -> ChannelName:
    return "webhook" if row.channel == "webhook" else "email"


ENDPOINTS = (
    list_notification_rules,
    add_notification_rule,
    notification_rule,
    change_notification_rule,
    remove_notification_rule,
    renew_notification_secret,
)
