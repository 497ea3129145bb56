"""``/api-keys``: the keys with which programs use the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from msgspec import Meta

from eosvolt.adapters.http.api.admins import (
    LocationIds,
    PagePermissions,
    PagePermissionsView,
    permission_views,
    permissions_of,
)
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework import api_keys as keys
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, Items, View, maybe_utc
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.grants import access_of, grants_of
from eosvolt.application.operations import api_keys
from eosvolt.application.operations.api_keys import ApiKeyIssue, ApiKeyRevocation
from eosvolt.application.permissions import OWNER, Grants, Need, Right
from eosvolt.projections.companies import ApiKeyRow


class ApiKeyView(View, frozen=True, kw_only=True):
    """An API key without its secret.

    Without `locations` the permissions hold at all of them. It never gives more than the admin who issued it
    has now. `issuedBy` is as the history names it. `lastUsedAt`: to the minute, and absent until it was used.
    """

    id: str
    label: str
    issued_at: datetime
    permissions: tuple[PagePermissionsView, ...]
    rights: tuple[str, ...]
    locations: tuple[str, ...] | None = None
    expires_at: datetime | None = None
    issued_by: str = ""
    last_used_at: datetime | None = None


class NewApiKey(ApiInput, frozen=True, kw_only=True):
    """A new key. Without `permissions` and `rights` it may do all that its issuer may do.

    Without `locations` the permissions hold at all locations of the issuer. Without `expiresAt` it does not
    end by itself.
    """

    label: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
    permissions: tuple[PagePermissions, ...] | None = None
    rights: tuple[Right, ...] | None = None
    locations: LocationIds | None = None
    expires_at: Instant | None = None


class IssuedApiKey(View, frozen=True, kw_only=True):
    """The new key, shown only once.

    ``key`` is absent in the answer to a repeated request, because it is not stored. Revoke it then, and
    issue another.
    """

    id: str
    label: str
    key: str = ""


@endpoint("GET", "/api-keys", needs=api_keys.VIEW)
async def list_api_keys(call: ApiCall, query: PageQuery) -> Answer[Items[ApiKeyView]]:
    """The valid API keys, the newest first."""
    rows = await call.queries.api_keys(call.company)
    uses = await call.accounts.key_uses(call.company)
    views = [_view(row, uses) for row in rows if row.revoked_at is None]
    return paged(call, views, lambda each: each.id, query)


@endpoint("POST", "/api-keys", status=201, secrets=("key",), operation=api_keys.issue)
async def issue_api_key(call: ApiCall, body: NewApiKey) -> Answer[IssuedApiKey]:
    """Issue a key. Nobody can give it more than they have."""
    # Never the id of an earlier attempt, whose key was lost with its answer.
    key, key_id = keys.mint(), str(uuid4())
    wanted = ApiKeyIssue(
        key_id=key_id,
        label=body.label,
        digest=keys.digest_of(key),
        grants=_grants(call, body),
        expires_at=maybe_utc(body.expires_at, "/expiresAt"),
    )
    await call.run(api_keys.issue, wanted)
    issued = IssuedApiKey(id=key_id, label=body.label, key=key)
    return Answer(issued, {"Location": f"/api/v1/api-keys/{key_id}"})


@endpoint("GET", "/api-keys/{key}", needs=api_keys.VIEW)
async def api_key(call: ApiCall, key: str) -> ApiKeyView:
    """One API key."""
    return _view(await _row(call, key), await call.accounts.key_uses(call.company))


@endpoint("DELETE", "/api-keys/{key}", status=204, operation=api_keys.revoke)
async def revoke_api_key(call: ApiCall, key: str) -> None:
    """Revoke a key. It is refused within seconds."""
    await call.run(api_keys.revoke, ApiKeyRevocation(key_id=key))
    call.gate.forget_keys()


async def _row(call: ApiCall, key: str) -> ApiKeyRow:
    for row in await call.queries.api_keys(call.company):
        if row.key_id == key and row.revoked_at is None:
            return row
    raise not_found()


def _view(row: ApiKeyRow, uses: Mapping[str, datetime]) -> ApiKeyView:
    grants = OWNER if row.access is None else grants_of(row.access)
    access = access_of(grants)
    return ApiKeyView(
        id=row.key_id,
        label=row.label,
        issued_at=row.issued_at,
        permissions=permission_views(grants),
        rights=access.rights,
        locations=access.locations,
        expires_at=row.expires_at,
        issued_by=row.issued_by,
        last_used_at=uses.get(row.key_id),
    )


def _grants(call: ApiCall, body: NewApiKey) -> Grants | None:
    """What the key is to have; ``None`` for all that the sender has."""
    if body.permissions is None and body.rights is None and body.locations is None:
        return None
    mine = call.identity.actor.grants
    needs: frozenset[Need] = mine.needs
    if body.permissions is not None or body.rights is not None:
        needs = frozenset((*permissions_of(body.permissions or ()), *(body.rights or ())))
    return Grants(needs, mine.locations if body.locations is None else frozenset(body.locations))


ENDPOINTS = (list_api_keys, issue_api_key, api_key, revoke_api_key)
