"""``/admins``: the people who work for the company, and what they may do."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import seen, versioned
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.admins import (
    AdminEntry,
    InvitationLink,
    admin_entries,
    admin_entry,
    new_link,
)
from eosvolt.application.grants import access_of
from eosvolt.application.operations import admin_invitations, admins
from eosvolt.application.operations.admin_invitations import (
    LONGEST_EMAIL,
    AdminInvitation,
    InvitationRenewal,
)
from eosvolt.application.operations.admins import LONGEST_NAME, AdminById, AdminChange
from eosvolt.application.operations.operation import Operation
from eosvolt.application.permissions import Action, Grants, Permission, ProductArea, Right
from eosvolt.projections.admins import AdminState

PersonName = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=r"\S")]
Email = Annotated[str, Meta(min_length=3, max_length=LONGEST_EMAIL)]
LocationIds = Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)]


class PagePermissions(ApiInput, frozen=True, kw_only=True):
    """The actions that are allowed on a page. Every other one needs `view` beside it."""

    page: ProductArea
    actions: tuple[Action, ...]


class NewAdmin(ApiInput, frozen=True, kw_only=True):
    """A person to invite. Without `locations` the permissions hold at all of them."""

    first_name: PersonName
    last_name: PersonName
    email: Email
    permissions: tuple[PagePermissions, ...]
    rights: tuple[Right, ...] = ()
    locations: LocationIds | None = None


class AdminPatch(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396). Lists are replaced; `locations` of `null` are all of them."""

    first_name: PersonName | UnsetType = UNSET
    last_name: PersonName | UnsetType = UNSET
    permissions: tuple[PagePermissions, ...] | UnsetType = UNSET
    rights: tuple[Right, ...] | UnsetType = UNSET
    locations: LocationIds | UnsetType | None = UNSET


class PagePermissionsView(View, frozen=True, kw_only=True):
    """The actions that are allowed on a page."""

    page: str
    actions: tuple[str, ...]


class AdminView(View, frozen=True, kw_only=True):
    """An admin. Without `locations` the permissions hold at all of them.

    Names and e-mail addresses are those of now, also with `asOf`. `link` is shown only once, to whoever
    invited.
    """

    id: str
    state: AdminState
    first_name: str
    last_name: str
    email: str
    owner: bool
    permissions: tuple[PagePermissionsView, ...]
    rights: tuple[str, ...]
    locations: tuple[str, ...] | None = None
    since: datetime | None = None
    invited_by: str = ""
    expires_at: datetime | None = None
    last_seen_at: datetime | None = None
    link: str = ""


class AdminsQuery(PageQuery, frozen=True, kw_only=True):
    """The page of the list, and the instant that it is about."""

    as_of: Instant | None = None


class AdminQuery(ApiInput, frozen=True, kw_only=True):
    """The instant that the answer is about."""

    as_of: Instant | None = None


@endpoint("GET", "/admins", needs=admins.VIEW)
async def list_admins(call: ApiCall, query: AdminsQuery) -> Answer[Items[AdminView]]:
    """The admins and open invitations, the owner first, then by name."""
    as_of = call.as_of(query.as_of)
    directory = call.dependencies.admins
    entries = await admin_entries(call.queries, directory, call.company, call.within, as_of)
    return paged(call, [_view(each) for each in entries], lambda each: each.id, query)


@endpoint(
    "POST",
    "/admins",
    status=201,
    refusals=(409,),
    secrets=("link",),
    operation=admin_invitations.invite,
)
async def invite_admin(call: ApiCall, body: NewAdmin) -> Answer[AdminView]:
    """Invite a person by a mail with a link that is valid for seven days.

    `link` is in the answer only if no mail server is configured: pass it on then.

    Nobody can give a permission, a right or a location that they do not have.
    """
    account = call.new_id()
    link = new_link(call.dependencies.public_url, account)
    wanted = AdminInvitation(
        account=account,
        first_name=body.first_name,
        last_name=body.last_name,
        email=body.email,
        grants=Grants(
            frozenset((*permissions_of(body.permissions), *body.rights)),
            None if body.locations is None else frozenset(body.locations),
        ),
        secret_digest=link.secret_digest,
        link=link.link,
    )
    await call.run(admin_invitations.invite, wanted)
    shown = None if call.dependencies.mail else link
    return await _answer(call, account, {"Location": f"/api/v1/admins/{account}"}, shown)


@endpoint("GET", "/admins/{admin}", needs=admins.VIEW)
async def admin(call: ApiCall, admin: str, query: AdminQuery) -> Answer[AdminView]:
    """One admin."""
    return await _answer(call, admin, {}, as_of=call.as_of(query.as_of))


@endpoint("PATCH", "/admins/{admin}", refusals=(409, 412), operation=admins.change)
async def change_admin(call: ApiCall, admin: str, body: AdminPatch) -> Answer[AdminView]:
    """Change the name, or what the admin may do.

    The owner keeps all permissions. Nobody can give more than they have, nor change an admin who has more.
    """
    wanted = AdminChange(
        account=admin,
        first_name=body.first_name,
        last_name=body.last_name,
        permissions=UNSET if body.permissions is UNSET else permissions_of(body.permissions),
        rights=UNSET if body.rights is UNSET else frozenset(body.rights),
        locations=frozenset(body.locations) if isinstance(body.locations, tuple) else body.locations,
        seen=seen(call),
    )
    await call.run(admins.change, wanted)
    return await _answer(call, admin, {})


@endpoint("POST", "/admins/{admin}/deactivate", refusals=(409,), operation=admins.deactivate)
async def deactivate_admin(call: ApiCall, admin: str) -> Answer[AdminView]:
    """End the admin's access at once: sessions, streams, API keys and open invitations end with it."""
    return await _done(call, admins.deactivate, admin)


@endpoint("POST", "/admins/{admin}/activate", refusals=(409,), operation=admins.reactivate)
async def activate_admin(call: ApiCall, admin: str) -> Answer[AdminView]:
    """Let a deactivated admin sign in again. API keys and invitations stay ended."""
    return await _done(call, admins.reactivate, admin)


@endpoint(
    "POST",
    "/admins/{admin}/resend",
    refusals=(409,),
    secrets=("link",),
    operation=admin_invitations.resend,
)
async def resend_invitation(call: ApiCall, admin: str) -> Answer[AdminView]:
    """Send another link, valid for seven days. The one before is not valid any more.

    `link` is in the answer only if no mail server is configured.
    """
    link = new_link(call.dependencies.public_url, admin)
    wanted = InvitationRenewal(account=admin, secret_digest=link.secret_digest, link=link.link)
    await call.run(admin_invitations.resend, wanted)
    return await _answer(call, admin, {}, None if call.dependencies.mail else link)


@endpoint("POST", "/admins/{admin}/revoke", status=204, refusals=(409,), operation=admin_invitations.revoke)
async def revoke_invitation(call: ApiCall, admin: str) -> None:
    """Take an open invitation back. Name and e-mail address are deleted."""
    await call.run(admin_invitations.revoke, AdminById(account=admin))


def permissions_of(pages: Iterable[PagePermissions]) -> frozenset[Permission]:
    """The permissions that are named by page."""
    return frozenset(Permission(action, each.page) for each in pages for action in each.actions)


def permission_views(grants: Grants) -> tuple[PagePermissionsView, ...]:
    """The permissions by page."""
    return tuple(
        PagePermissionsView(page=each.page, actions=each.actions) for each in access_of(grants).permissions
    )


async def _done(call: ApiCall, operation: Operation[AdminById, None], admin: str) -> Answer[AdminView]:
    await call.run(operation, AdminById(account=admin))
    call.gate.forget_keys()
    return await _answer(call, admin, {})


async def _answer(
    call: ApiCall,
    account: str,
    headers: Mapping[str, str],
    link: InvitationLink | None = None,
    as_of: datetime | None = None,
) -> Answer[AdminView]:
    directory = call.dependencies.admins
    entry = await admin_entry(call.queries, directory, call.company, call.within, account, as_of)
    if entry is None:
        raise not_found()
    version = versioned(entry.version) if entry.version and as_of is None else {}
    return Answer(_view(entry, "" if link is None else link.link), {**headers, **version})


def _view(entry: AdminEntry, link: str = "") -> AdminView:
    access = access_of(entry.grants)
    person = entry.person
    return AdminView(
        id=entry.id,
        state=entry.state,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        owner=entry.owner,
        permissions=permission_views(entry.grants),
        rights=access.rights,
        locations=access.locations,
        since=entry.since,
        invited_by=entry.invited_by,
        expires_at=entry.expires_at,
        last_seen_at=person.last_seen_at,
        link=link,
    )


ENDPOINTS = (
    list_admins,
    invite_admin,
    admin,
    change_admin,
    deactivate_admin,
    activate_admin,
    resend_invitation,
    revoke_invitation,
)
