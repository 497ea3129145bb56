"""Pages of lists: limit, cursor, and the RFC 8288 link to the next page."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta
from starlette.requests import Request

from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Items
from eosvolt.adapters.http.framework.endpoint import Answer, EndpointCall
from eosvolt.adapters.http.framework.problems import invalid

T = TypeVar("T")


class PageQuery(ApiInput, frozen=True, kw_only=True):
    """Limit and cursor. Without a ``limit`` the list is complete."""

    limit: Annotated[int, Meta(ge=1, le=200, description="At most so many items.")] | None = None
    cursor: Cursor | None = None


class _Place(msgspec.Struct, frozen=True, array_like=True):
    """The end of a page: its last item by name, and the index that it had then."""

    name: str
    place: int


def next_link(request: Request, cursor: str | int | None, parameter: str = "cursor") -> dict[str, str]:
    """The ``Link`` header with the same query for the next page; empty on the last page."""
    if cursor is None:
        return {}
    url = request.url.include_query_params(**{parameter: cursor})
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}


def paged(
    call: EndpointCall[Any], items: Sequence[T], name: Callable[[T], str], query: PageQuery
) -> Answer[Items[T]]:
    """The page of a complete list; ``name`` identifies its items.

    If the item of the cursor was removed, the page begins at its former place. Raises a 422 ``Problem``.
    """
    begin = 0 if query.cursor is None else _after(items, name, _read(query.cursor))
    shown = list(items[begin:] if query.limit is None else items[begin : begin + query.limit])
    end = begin + len(shown)
    cursor = _written(_Place(name(shown[-1]), end)) if shown and end < len(items) else None
    return Answer(Items(items=shown, cursor=cursor), next_link(call.request, cursor))


def _after(items: Sequence[T], name: Callable[[T], str], last: _Place) -> int:
    found = (place for place, item in enumerate(items, 1) if name(item) == last.name)
    return next(found, last.place - 1)


def _written(place: _Place) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _read(cursor: str) -> _Place:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = msgspec.json.decode(raw, type=_Place)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise invalid("?cursor", "This is no cursor of this list.") from None
    if place.place < 1:
        raise invalid("?cursor", "This is no cursor of this list.")
    return place
