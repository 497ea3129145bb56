"""What is done with one admin: send the invitation again, revoke it, deactivate, activate, make the owner."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import current, gettext
from eosvolt.adapters.http.presentation.admins import AdminEntry, new_link
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.users.page import PAGE, changeable, entry_of, link_sent
from eosvolt.adapters.http.web.users.view_models import AskUserPage
from eosvolt.application.operations import admin_invitations, admins
from eosvolt.application.operations.admin_invitations import InvitationRenewal
from eosvolt.application.operations.admins import ONLY_OWNER, AdminById
from eosvolt.application.operations.operation import Operation
from eosvolt.application.permissions import Forbidden
from eosvolt.domain.kernel import Rejected

_ONE = f"{PAGE}/{{admin}}"


def user_action_routes(pages: Pages) -> list[Route]:
    """What follows ``/users/{admin}/``."""
    return [
        pages.post(f"{_ONE}/resend", resend, operation=admin_invitations.resend),
        pages.form(
            f"{_ONE}/revoke", ask_revoke, revoke, needs=admins.VIEW, operation=admin_invitations.revoke
        ),
        pages.form(
            f"{_ONE}/deactivate", ask_deactivate, deactivate, needs=admins.VIEW, operation=admins.deactivate
        ),
        pages.post(f"{_ONE}/activate", activate, operation=admins.reactivate),
        pages.form(
            f"{_ONE}/make-owner",
            ask_owner,
            make_owner,
            needs=admins.VIEW,
            operation=admins.transfer_ownership,
        ),
    ]


async def resend(request: PageRequest) -> Response:
    """Make another link; the page that follows is the only place that shows it."""
    entry = await entry_of(request)
    link = new_link(request.dependencies.public_url, entry.id)
    wanted = InvitationRenewal(
        account=entry.id, secret_digest=link.secret_digest, link=link.link, language=current().code
    )
    try:
        await request.run(admin_invitations.resend, wanted)
    except Rejected as refusal:
        return redirect(PAGE, translated(refusal))
    return link_sent(request, link, entry.person.email)


async def ask_revoke(request: PageRequest) -> Response:
    """Ask before an invitation is revoked."""
    return await _revoking(request, await changeable(request))


async def revoke(request: PageRequest) -> Response:
    """Take an invitation back."""
    entry = await entry_of(request)
    if problem := _not_named(request, entry):
        return await _revoking(request, entry, problem)
    return await _done(
        request,
        entry,
        admin_invitations.revoke,
        gettext("Invitation of {name} revoked.", name=entry.person.name),
    )


async def ask_deactivate(request: PageRequest) -> Response:
    """Ask before an admin loses access."""
    return await _deactivating(request, await changeable(request))


async def deactivate(request: PageRequest) -> Response:
    """End an admin's access."""
    entry = await entry_of(request)
    if problem := _not_named(request, entry):
        return await _deactivating(request, entry, problem)
    message = gettext("{name} is deactivated.", name=entry.person.name)
    return await _done(request, entry, admins.deactivate, message)


async def activate(request: PageRequest) -> Response:
    """Let an admin sign in again."""
    entry = await entry_of(request)
    message = gettext("{name} is active again.", name=entry.person.name)
    return await _done(request, entry, admins.reactivate, message)


async def ask_owner(request: PageRequest) -> Response:
    """Ask before the company gets another owner."""
    if not request.account.owner:
        raise Forbidden(ONLY_OWNER)
    return await _transferring(request, await entry_of(request))


async def make_owner(request: PageRequest) -> Response:
    """Transfer the ownership."""
    entry = await entry_of(request)
    if problem := _not_named(request, entry):
        return await _transferring(request, entry, problem)
    message = gettext("{name} is the owner now.", name=entry.person.name)
    return await _done(request, entry, admins.transfer_ownership, message)


async def _done(
    request: PageRequest, entry: AdminEntry, operation: Operation[AdminById, None], message: str
) -> Response:
    try:
        await request.run(operation, AdminById(account=entry.id))
    except Rejected as refusal:
        return redirect(PAGE, translated(refusal))
    request.gate.forget_keys()
    return redirect(PAGE, message)


def _not_named(request: PageRequest, entry: AdminEntry) -> str:
    if request.form_value("name").casefold() == entry.person.name.casefold():
        return ""
    return gettext("Type the name {name}.", name=entry.person.name)


async def _revoking(request: PageRequest, entry: AdminEntry, problem: str = "") -> Response:
    name = entry.person.name
    return await _ask(
        request,
        AskUserPage(
            heading=gettext("Revoke the invitation of {name}?", name=name),
            consequence=gettext("The link is not valid any more. Name and e-mail address are deleted."),
            name=name,
            button=gettext("Revoke invitation"),
            problem=problem,
        ),
    )


async def _deactivating(request: PageRequest, entry: AdminEntry, problem: str = "") -> Response:
    name = entry.person.name
    return await _ask(
        request,
        AskUserPage(
            heading=gettext("Deactivate {name}?", name=name),
            consequence=gettext(
                "Sessions, open pages, API keys and open invitations of {name} end at once. API keys and "
                "invitations stay ended if the user is activated again.",
                name=name,
            ),
            name=name,
            button=gettext("Deactivate"),
            problem=problem,
        ),
    )


async def _transferring(request: PageRequest, entry: AdminEntry, problem: str = "") -> Response:
    name = entry.person.name
    return await _ask(
        request,
        AskUserPage(
            heading=gettext("Make {name} the owner?", name=name),
            consequence=gettext(
                "{name} gets all permissions, which nobody can take away. You keep yours until somebody "
                "changes them.",
                name=name,
            ),
            name=name,
            button=gettext("Transfer ownership"),
            problem=problem,
        ),
    )


async def _ask(request: PageRequest, model: AskUserPage) -> Response:
    return await show(request, model, status=422 if model.problem else 200)
