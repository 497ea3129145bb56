"""Invite an admin, or change what one may do."""

from collections.abc import Mapping
from uuid import uuid4

from msgspec import UNSET
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, current, gettext
from eosvolt.adapters.http.presentation.admins import AdminEntry, new_link
from eosvolt.adapters.http.web.shell.access_form import SETS, access_fields, sent_access
from eosvolt.adapters.http.web.shell.lost_update import (
    LostUpdate,
    form_version,
    lost_update,
    seen_version,
)
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.users.page import PAGE, changeable, entry_of, link_sent
from eosvolt.adapters.http.web.users.view_models import UserFormPage
from eosvolt.application.grants import narrowed
from eosvolt.application.operations import admin_invitations, admins
from eosvolt.application.operations.admin_invitations import LONGEST_EMAIL, AdminInvitation
from eosvolt.application.operations.admins import LONGEST_NAME, AdminChange
from eosvolt.application.operations.operation import ChangedMeanwhile, InvalidValue
from eosvolt.application.permissions import Grants, Permission, Right
from eosvolt.domain.kernel import Rejected

_NAMES = {"firstName": Text("First name"), "lastName": Text("Last name")}
_ACCESS = {"access": Text("Permissions")}


def user_form_routes(pages: Pages) -> list[Route]:
    """``/users/new`` and ``/users/{admin}/edit``."""
    return [
        pages.form(
            f"{PAGE}/new",
            new,
            invite,
            {"set": one_of(SETS)},
            admins.VIEW,
            marks=True,
            operation=admin_invitations.invite,
        ),
        pages.form(
            f"{PAGE}/{{admin}}/edit",
            present,
            change,
            needs=admins.VIEW,
            marks=True,
            operation=admins.change,
        ),
    ]


async def new(request: PageRequest) -> Response:
    """The empty form, or one with the permissions of a ready-made set."""
    chosen = request.query("set")
    mine = request.actor.grants
    needs = SETS[chosen].needs if chosen in SETS else frozenset()
    grants = narrowed(Grants(needs), Grants(mine.needs))
    return await _form(request, None, dict.fromkeys((*_NAMES, "email"), ""), grants, {})


async def invite(request: PageRequest) -> Response:
    """Invite; the page that follows is the only place that shows the link."""
    values = {name: request.form_value(name) for name in (*_NAMES, "email")}
    grants = sent_access(request)
    wrong = request.invisible_characters | _problems(values, email=True)
    account = str(uuid4())
    link = new_link(request.dependencies.public_url, account)
    if not wrong:
        wanted = AdminInvitation(
            account=account,
            first_name=values["firstName"],
            last_name=values["lastName"],
            email=values["email"],
            grants=grants,
            secret_digest=link.secret_digest,
            link=link.link,
            language=current().code,
        )
        try:
            await request.run(admin_invitations.invite, wanted)
        except Rejected as refusal:
            wrong["email"] = translated(refusal)
        except InvalidValue as refusal:
            wrong[refusal.field] = translated(refusal)
    if wrong:
        return await _form(request, None, values, grants, wrong)
    return link_sent(request, link, values["email"])


async def present(request: PageRequest) -> Response:
    """The form, as the admin is."""
    entry = await changeable(request)
    values = {"firstName": entry.person.first_name, "lastName": entry.person.last_name}
    return await _form(request, entry, values, entry.grants, {})


async def change(request: PageRequest) -> Response:
    """Change name and permissions."""
    entry = await entry_of(request)
    values = {name: request.form_value(name) for name in _NAMES}
    grants = entry.grants if entry.owner else sent_access(request)
    if wrong := request.invisible_characters | _problems(values, email=False):
        return await _form(request, entry, values, grants, wrong)
    wanted = AdminChange(
        account=entry.id,
        first_name=values["firstName"],
        last_name=values["lastName"],
        permissions=UNSET
        if entry.owner
        else frozenset(need for need in grants.needs if isinstance(need, Permission)),
        rights=UNSET if entry.owner else frozenset(need for need in grants.needs if isinstance(need, Right)),
        locations=UNSET if entry.owner else grants.locations,
        seen=seen_version(request) if entry.version else None,
    )
    try:
        await request.run(admins.change, wanted)
    except InvalidValue as refusal:
        return await _form(request, entry, values, grants, {refusal.field: translated(refusal)})
    except ChangedMeanwhile as refusal:
        lost = lost_update(request, refusal, lambda _: {"access": ""}, values, _ACCESS)
        return await _form(request, await entry_of(request), values, grants, {}, lost)
    return redirect(PAGE, gettext("Changes saved."))


def _problems(values: Mapping[str, str], *, email: bool) -> dict[str, str]:
    wrong = {
        name: gettext("A name has 1 to {longest_name} characters.", longest_name=LONGEST_NAME)
        for name in _NAMES
        if not 0 < len(values[name].strip()) <= LONGEST_NAME
    }
    address = values.get("email", "").strip()
    if email and (not 3 <= len(address) <= LONGEST_EMAIL or "@" not in address):
        wrong["email"] = gettext("This is not an e-mail address.")
    return wrong


async def _form(
    request: PageRequest,
    entry: AdminEntry | None,
    values: Mapping[str, str],
    grants: Grants,
    wrong: dict[str, str],
    lost: LostUpdate | None = None,
) -> Response:
    return await show(
        request,
        UserFormPage(
            entry=entry,
            lost=lost,
            version=form_version(request, lost, entry.version if entry else 0),
            values=values,
            access=access_fields(request, grants),
            sets=SETS,
            chosen=request.query("set"),
            problems=wrong,
        ),
        status=422 if wrong else 409 if lost else 200,
    )
