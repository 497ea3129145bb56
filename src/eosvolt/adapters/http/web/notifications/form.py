"""Adding a notification rule, and changing one."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import mismatch
from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.framework.validation import findings
from eosvolt.adapters.http.presentation.notification_rules import (
    NewNotificationRule,
    needless_fields,
    rule_terms,
)
from eosvolt.adapters.http.presentation.notification_targets import addresses_problem, url_problem
from eosvolt.adapters.http.web.notifications.page import PAGE, address, rule_row, to_secret_page
from eosvolt.adapters.http.web.notifications.view_models import NotificationFormPage
from eosvolt.adapters.http.web.shell.labels import CHANNELS, HEAD_EVERY, TRIGGERS
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate, form_version, lost_update, seen_version
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.notification_messages import Target
from eosvolt.application.operations import notification_rules
from eosvolt.application.operations.notification_rules import NewRule, RuleChange, RuleTerms
from eosvolt.application.operations.operation import ChangedMeanwhile
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.notification_rules.events import Channel
from eosvolt.domain.notification_rules.limits import LONGEST_DELAY, MOST_PER_HOUR
from eosvolt.projections.notification_rules import NotificationRuleRow

_SENTENCES = {
    "name": Text("Please name the rule, in at most 200 characters."),
    "channel": Text("Please choose a channel."),
    "trigger": Text("Please choose what the rule is about."),
    "headEvery": Text("Please choose how often."),
    "afterMinutes": Text("A whole number of minutes, 0 to {longest}."),
    "mostPerHour": Text("A whole number from 1 to {most}."),
    "codes": Text("At most 100 codes of at most 100 characters."),
    "url": Text("At most 2000 characters."),
}
_LABELS = {
    "name": Text("Name"),
    "headEvery": Text("How often"),
    "addresses": Text("E-mail addresses"),
    "url": Text("Address of the webhook"),
    "kinds": Text("Kinds"),
    "severities": Text("Severities"),
    "codes": Text("Codes"),
    "locations": Text("Locations"),
    "afterMinutes": Text("After minutes"),
    "onRecovery": Text("On recovery"),
    "mostPerHour": Text("Messages per hour"),
    "enabled": Text("Enabled"),
}


class Typed(NamedTuple):
    """What was typed: as the fields show it, and as the API would be asked for it."""

    values: dict[str, Any]
    input: dict[str, Any]


def notification_form_routes(pages: Pages) -> list[Route]:
    """``/settings/notifications/new``, and ``edit`` of one."""
    return [
        pages.form(
            PAGE + "/new",
            new,
            add,
            needs=notification_rules.VIEW,
            marks=True,
            operation=notification_rules.add,
        ),
        pages.form(
            PAGE + "/{rule}/edit",
            present,
            edit,
            needs=notification_rules.VIEW,
            marks=True,
            operation=notification_rules.change,
        ),
    ]


async def new(request: PageRequest) -> Response:
    """The form for a new rule."""
    return await _form(request, _blank(), {}, None)


async def add(request: PageRequest) -> Response:
    """Add the rule. A webhook's secret is shown on the page that follows, and only there."""
    typed = _typed(request)
    wanted, wrong = _checked(request, typed)
    if wanted is None:
        return await _form(request, typed.values, wrong, None)
    channel, targets = Channel(wanted.channel), request.dependencies.targets
    new = NewRule(rule=str(uuid4()), channel=channel, wanted=rule_terms(wanted))
    rule = await request.run(notification_rules.add, new)
    row = await request.queries.notification_rule(request.number, rule)
    target = await targets.target(rule)
    if channel is not Channel.WEBHOOK or row is None or target is None:
        return redirect(address(rule), gettext("{name} is added.", name=wanted.name))
    return to_secret_page(request, rule, target.secret)


async def present(request: PageRequest) -> Response:
    """The form, as the rule is."""
    row = await rule_row(request)
    return await _form(request, await _known(request, row), {}, row)


async def edit(request: PageRequest) -> Response:
    """Change the rule."""
    row = await rule_row(request)
    typed = _typed(request, row.channel, row.terms.trigger.value)
    wanted, wrong = _checked(request, typed)
    if wanted is not None:
        shall = rule_terms(wanted)
        change = RuleChange(rule=row.rule, changed=lambda _: shall, seen=seen_version(request))
        try:
            await request.run(notification_rules.change, change)
        except Rejected as refusal:
            wrong = {"name": translated(refusal)}
        except ChangedMeanwhile as refusal:
            return await _lost(request, typed.values, row, refusal)
        else:
            return redirect(address(row.rule), gettext("Changes saved."))
    return await _form(request, typed.values, wrong, row)


async def _lost(
    request: PageRequest, typed: dict[str, Any], row: NotificationRuleRow, refusal: ChangedMeanwhile
) -> Response:
    """The form with what was typed and what others changed."""

    def shown(rule: RuleTerms) -> dict[str, str]:
        return _texts(request, _values(rule, row.channel))

    lost = lost_update(request, refusal, shown, _texts(request, typed), _LABELS)
    theirs, texts = _values(refusal.now, row.channel), shown(refusal.now)
    merged = {
        name: theirs[name] if name in texts and lost.values[name] == texts[name] else value
        for name, value in typed.items()
    }
    return await _form(request, merged, {}, row, lost)


def _texts(request: PageRequest, values: Mapping[str, Any]) -> dict[str, str]:
    """The form's values as texts that can be compared."""
    named = dict(values) | {"locations": [request.locations.name(each) for each in values["locations"]]}
    return {name: _text(value) for name, value in named.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(sorted(map(str, value))) if isinstance(value, list | tuple) else str(value)


def _blank() -> dict[str, Any]:
    return {
        "name": "",
        "channel": "email",
        "trigger": "faults",
        "headEvery": "hour",
        "addresses": "",
        "url": "",
        "kinds": (),
        "severities": (),
        "codes": "",
        "locations": (),
        "afterMinutes": "0",
        "onRecovery": False,
        "mostPerHour": "20",
        "enabled": True,
    }


async def _known(request: PageRequest, row: NotificationRuleRow) -> dict[str, Any]:
    target = await request.dependencies.targets.target(row.rule)
    target = target or Target()
    rule = RuleTerms(terms=row.terms, addresses=target.addresses, url=target.url)
    return _values(rule, row.channel)


def _values(rule: RuleTerms, channel: str) -> dict[str, Any]:
    """A rule as the form shows it."""
    terms = rule.terms
    return {
        "name": terms.name,
        "channel": channel,
        "trigger": terms.trigger.value,
        "headEvery": terms.head_every.value,
        "addresses": ", ".join(rule.addresses),
        "url": rule.url,
        "kinds": terms.kinds,
        "severities": terms.severities,
        "codes": ", ".join(terms.codes),
        "locations": terms.locations,
        "afterMinutes": str(terms.after_minutes),
        "onRecovery": terms.on_recovery,
        "mostPerHour": str(terms.most_per_hour),
        "enabled": terms.enabled,
    }


def _typed(request: PageRequest, channel: str = "", trigger: str = "") -> Typed:
    """``channel`` and ``trigger`` are those of a rule that has them: they stay."""
    several = {name: _all(request, name) for name in ("kinds", "severities", "locations")}
    values: dict[str, Any] = {
        name: request.form_value(name)
        for name in ("name", "addresses", "url", "codes", "afterMinutes", "mostPerHour")
    }
    values |= several | {
        "channel": channel or request.form_value("channel"),
        "trigger": trigger or request.form_value("trigger", "faults"),
        "headEvery": request.form_value("headEvery", "hour"),
        "onRecovery": bool(request.form_value("onRecovery")),
        "enabled": bool(request.form_value("enabled")),
    }
    read = values | {
        "addresses": _listed(values["addresses"]) if values["channel"] == "email" else [],
        "url": values["url"] if values["channel"] == "webhook" else "",
        "codes": _listed(values["codes"]),
        "afterMinutes": _number(values["afterMinutes"]),
        "mostPerHour": _number(values["mostPerHour"]),
    }
    return Typed(values, read)


def _checked(request: PageRequest, typed: Typed) -> tuple[NewNotificationRule | None, dict[str, str]]:
    """The rule, or everything that is wrong by field."""
    wrong = request.invisible_characters
    for finding in findings(NewNotificationRule, typed.input):
        field = finding.pointer.split("/")[1] if finding.pointer else "name"
        sentence = str(_SENTENCES[field]) if field in _SENTENCES else translated(finding.detail)
        wrong.setdefault(field, sentence.format(longest=LONGEST_DELAY, most=MOST_PER_HOUR))
    if typed.values["channel"] in set(Channel):
        channel = Channel(typed.values["channel"])
        wrong |= _problem("addresses", addresses_problem(channel, typed.input["addresses"]))
        wrong |= _problem("url", url_problem(channel, typed.input["url"]))
    if any(location not in request.locations for location in typed.input["locations"]):
        wrong["locations"] = gettext("There is no such location.")
    if wrong:
        return None, wrong
    try:
        wanted = msgspec.convert(typed.input, NewNotificationRule)
    except msgspec.ValidationError as error:
        return None, {"name": mismatch(error).findings[0].detail}
    wrong = {name: translated(problem) for name, problem in needless_fields(wanted).items()}
    return (None, wrong) if wrong else (wanted, wrong)


def _problem(field: str, sentence: str) -> dict[str, str]:
    return {field: translated(sentence)} if sentence else {}


async def _form(
    request: PageRequest,
    values: dict[str, Any],
    wrong: dict[str, str],
    row: NotificationRuleRow | None,
    lost: LostUpdate | None = None,
) -> Response:
    return await show(
        request,
        NotificationFormPage(
            lost=lost,
            version=form_version(request, lost, row.version if row else ""),
            values=values,
            problems=wrong,
            row=row,
            channels=CHANNELS,
            triggers=TRIGGERS,
            head_every=HEAD_EVERY,
            mail=request.dependencies.mail,
        ),
        status=422 if wrong else 409 if lost else 200,
    )


def _all(request: PageRequest, name: str) -> list[str]:
    return [each for each in request.form.getlist(name) if isinstance(each, str) and each]


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.replace("\n", ",").replace(";", ",").split(",") if each.strip()]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
