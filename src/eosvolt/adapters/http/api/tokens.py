"""``/tokens``: RFID cards, key fobs and app ids."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import quote

from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    AsOf,
    Cursor,
    Instant,
    Items,
    Limit,
    ShortText,
    View,
    maybe_utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import seen, versioned
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.operations import tokens
from eosvolt.application.operations.tokens import TokenIssue, TokenTerms
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.projections.tokens import TokenRow

StatusName = Literal["accepted", "blocked", "expired"]
_NUMBER = r"[!-~]([ -~]{0,34}[!-~])?"
Uid = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=100,
        pattern=rf"^ *{_NUMBER} *$",
        description="1 to 36 characters in any case. Blanks at either end do not count, those inside do.",
    ),
]
GroupUid = Annotated[
    str, Meta(max_length=100, pattern=rf"^ *({_NUMBER})? *$", description="Like `uid`; may be empty.")
]


class TokenView(View, frozen=True, kw_only=True):
    """A token. ``uid`` is in upper case; ``customerId`` is the customer whose it is."""

    uid: str
    status: str
    label: str
    concurrent: bool
    issued_at: datetime
    group_uid: str = ""
    expires_at: datetime | None = None
    customer_id: str = ""


class TokenInput(ApiInput, frozen=True, kw_only=True):
    """A token and its terms. ``concurrent``: may charge at several plugs at once."""

    uid: Uid
    status: StatusName = "accepted"
    group_uid: GroupUid = ""
    expires_at: Instant | None = None
    label: ShortText = ""
    concurrent: bool = False


class TokenChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396): ``null`` removes a value.

    Tokens are blocked, not deleted, because the history refers to them.
    """

    status: StatusName | UnsetType = UNSET
    group_uid: GroupUid | UnsetType | None = UNSET
    expires_at: Instant | UnsetType | None = UNSET
    label: ShortText | UnsetType | None = UNSET
    concurrent: bool | UnsetType | None = UNSET


class TokensQuery(AsOf, frozen=True, kw_only=True):
    """The filter of tokens; ``search`` is a part of uid, label or group.

    ``status``: ``expired`` are also those that were accepted until ``expiresAt``.
    """

    search: ShortText = ""
    status: Literal["", "accepted", "blocked", "expired"] = ""
    limit: Limit = 50
    cursor: Cursor | None = None


@endpoint("GET", "/tokens", needs=tokens.VIEW)
async def list_tokens(call: ApiCall, query: TokensQuery) -> Answer[Items[TokenView]]:
    """Tokens by uid."""
    page = await call.queries_as_of(query.as_of).tokens(
        call.company,
        search=query.search,
        status=query.status,
        at=call.as_of(query.as_of) or call.now,
        cursor=query.cursor,
        limit=query.limit,
    )
    items = Items(items=[token_view(row) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("POST", "/tokens", status=201, operation=tokens.issue)
async def put_token(call: ApiCall, body: TokenInput) -> Answer[TokenView]:
    """Issue a token, or replace the terms of an existing one."""
    terms = TokenTerms(
        status=TokenStatus(body.status),
        group=body.group_uid,
        expires_at=maybe_utc(body.expires_at, "/expiresAt"),
        label=body.label,
        concurrent=body.concurrent,
    )
    uid = await call.run(tokens.issue, TokenIssue(uid=body.uid, terms=terms))
    return await _answer(call, uid, {"Location": f"/api/v1/tokens/{quote(uid, safe='')}"})


@endpoint("GET", "/tokens/{token}", needs=tokens.VIEW)
async def token(call: ApiCall, token: str, query: AsOf) -> Answer[TokenView]:
    """One token, by its uid in any case."""
    return await _answer(call, token, {}, query.as_of)


@endpoint("PATCH", "/tokens/{token}", refusals=(409, 412), operation=tokens.change)
async def change_token(call: ApiCall, token: str, body: TokenChange) -> Answer[TokenView]:
    """Change the terms of a token, e.g. block it."""
    wanted = tokens.TokenChangeInput(
        uid=token,
        status=body.status if body.status is UNSET else TokenStatus(body.status),
        group="" if body.group_uid is None else body.group_uid,
        expires_at=body.expires_at if body.expires_at is UNSET else maybe_utc(body.expires_at, "/expiresAt"),
        label="" if body.label is None else body.label,
        concurrent=False if body.concurrent is None else body.concurrent,
        seen=seen(call),
    )
    return await _answer(call, await call.run(tokens.change, wanted), {})


async def _answer(
    call: ApiCall, uid: str, headers: dict[str, str], as_of: datetime | None = None
) -> Answer[TokenView]:
    row = await call.queries_as_of(as_of).token(call.company, uid)
    if row is None:
        raise not_found()
    return Answer(token_view(row), headers | versioned(row.version))


def token_view(row: TokenRow) -> TokenView:
    """A token as the API shows it."""
    return TokenView(
        uid=row.uid,
        status=row.status,
        label=row.label,
        concurrent=row.concurrent,
        issued_at=row.issued_at,
        group_uid=row.group,
        expires_at=row.expires_at,
        customer_id=row.customer,
    )


ENDPOINTS = (list_tokens, put_token, token, change_token)
