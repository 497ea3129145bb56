"""Settings → Notifications: the rules for messages about faults, and the deliveries of each rule."""

from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.notifications.view_models import (
    NotificationMessages,
    NotificationPage,
    NotificationSecretPage,
    NotificationsPage,
)
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.labels import MESSAGE_STATES
from eosvolt.adapters.http.web.shell.one_time_secrets import brought, shown, to_be_shown
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, Part, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.application.notification_messages import Target
from eosvolt.application.operations import notification_rules
from eosvolt.application.operations.notification_rules import VIEW, RuleById, RuleMessage, RuleTrial
from eosvolt.domain.notification_rules.events import Channel
from eosvolt.projections.notification_rules import NotificationRuleRow

PAGE = "/settings/notifications"
PER_PAGE = 50


def notification_routes(pages: Pages) -> list[Route]:
    """``/settings/notifications``."""
    return [
        pages.get(PAGE, rules, needs=VIEW),
        pages.get(PAGE + "/{rule}", rule, {"state": one_of(MESSAGE_STATES)}, VIEW),
        pages.post(PAGE + "/{rule}/test", send_test, operation=notification_rules.send_test),
        pages.form(
            PAGE + "/{rule}/secret",
            secret_page,
            renew_secret,
            needs=VIEW,
            operation=notification_rules.renew_secret,
            also=notification_rules.add,
        ),
        pages.post(PAGE + "/{rule}/resend", resend, operation=notification_rules.resend),
        pages.form(PAGE + "/{rule}/remove", ask, remove, needs=VIEW, operation=notification_rules.remove),
    ]


async def rules(request: PageRequest) -> Response:
    """All rules."""
    rows = await request.queries.notification_rules(request.number)
    targets = {row.rule: await request.dependencies.targets.target(row.rule) for row in rows}
    return await show(request, NotificationsPage(rows=rows, targets=targets, mail=request.dependencies.mail))


async def rule(request: PageRequest) -> Response:
    """One rule with its messages."""
    row = await rule_row(request)
    return await show(
        request,
        NotificationPage(
            row=row,
            target=await request.dependencies.targets.target(row.rule) or Target(),
            mail=request.dependencies.mail,
        ),
        {"messages": _messages(row)},
    )


async def secret_page(request: PageRequest) -> Response:
    """The only page that ever shows a signing secret, once, right after it was made."""
    row, secret = await rule_row(request), brought(request)
    if not secret:
        return redirect(address(row.rule))
    return shown(request, await show(request, NotificationSecretPage(row=row, secret=secret)))


def to_secret_page(request: PageRequest, rule: str, secret: str) -> Response:
    """Send the browser on to where the new signing secret is shown."""
    return to_be_shown(request, f"{address(rule)}/secret", secret)


async def send_test(request: PageRequest) -> Response:
    """Send a message that nothing is wrong."""
    row = await rule_row(request)
    await request.run(notification_rules.send_test, RuleTrial(rule=row.rule, trial=str(uuid4())))
    return redirect(address(row.rule), _sent(request, row, gettext("A test message is on its way.")))


async def renew_secret(request: PageRequest) -> Response:
    """Sign with another secret from now on, and show it."""
    row = await rule_row(request)
    await request.run(notification_rules.renew_secret, RuleById(rule=row.rule))
    target = await request.dependencies.targets.target(row.rule)
    if target is None:
        raise not_found(gettext("There is no such rule."))
    return to_secret_page(request, row.rule, target.secret)


async def resend(request: PageRequest) -> Response:
    """Send a message once more."""
    row = await rule_row(request)
    message = RuleMessage(rule=row.rule, notification=request.form_value("notification"))
    await request.run(notification_rules.resend, message)
    return redirect(address(row.rule), _sent(request, row, gettext("The message is sent once more.")))


def _sent(request: PageRequest, row: NotificationRuleRow, message: str) -> str:
    """What becomes of a message now: ``message`` where its channel can send."""
    if row.channel == Channel.EMAIL and not request.dependencies.mail:
        return gettext("No SMTP server is set (EOSVOLT_SMTP_URL): the message waits until there is one.")
    return message


async def ask(request: PageRequest) -> Response:
    """Ask for the rule's name."""
    return await ask_before(request, _removal(await rule_row(request)))


async def remove(request: PageRequest) -> Response:
    """Remove the rule if its name was typed."""
    row = await rule_row(request)
    if request.form_value("name") != row.name:
        return await ask_before(request, _removal(row), gettext("This is not its name."))
    await request.run(notification_rules.remove, RuleById(rule=row.rule))
    return redirect(PAGE, gettext("{name} is removed.", name=row.name))


def _removal(row: NotificationRuleRow) -> Removal:
    return Removal(
        page="settings",
        name=row.name,
        what=gettext("notification rule"),
        back=address(row.rule),
        consequence=gettext("It notifies nobody any more, and its addresses are deleted."),
    )


async def rule_row(request: PageRequest) -> NotificationRuleRow:
    """The rule that the path names. 404 where the company has none of that id."""
    row = await request.queries.notification_rule(request.number, request.path_parameter("rule"))
    if row is None:
        raise not_found(gettext("There is no such rule."))
    return row


def address(rule: str) -> str:
    """Where a rule's page is."""
    return f"{PAGE}/{segment(rule)}"


def _messages(row: NotificationRuleRow) -> Part:
    async def messages(request: PageRequest) -> NotificationMessages:
        state, cursor = request.query("state"), request.query("cursor") or None
        found = await request.queries.notifications(
            request.number, row.rule, state=state, cursor=cursor, limit=PER_PAGE
        )
        return NotificationMessages(messages=found.items, cursor=found.cursor, row=row)

    return messages
