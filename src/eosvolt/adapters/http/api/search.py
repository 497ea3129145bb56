"""``/search``: full-text search over the company's objects."""

from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, View
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.presentation.search import LONGEST, Kind, search
from eosvolt.application.operations.views import SEARCH


class HitView(View, frozen=True, kw_only=True):
    """A hit; ``id`` is that of the kind's resource.

    ``name`` is its label on pages, ``about`` distinguishes it from others, ``state`` is its state, if any.
    """

    kind: Kind
    id: str
    name: str
    about: str = ""
    state: str = ""


class SearchQuery(ApiInput, frozen=True, kw_only=True):
    """The text, and the limit per kind."""

    q: Annotated[
        str,
        Meta(
            max_length=LONGEST,
            description="A session's number, a charger or plug (`LEJ-AUG-02 · 1`), or a part of a location's"
            " name or address, of a token's uid, label or group, of a"
            " customer's name or e-mail address, or of a fault's code, text or note.",
        ),
    ] = ""
    limit: Annotated[int, Meta(ge=1, le=50, description="At most so many of each kind.")] = 10


@endpoint("GET", "/search", needs=SEARCH)
async def found(call: ApiCall, query: SearchQuery) -> Items[HitView]:
    """Sessions, chargers, locations, tokens, customers and faults that match a text; the exact first.

    What the key may not view is not found.
    """
    hits = await search(
        call.queries,
        call.dependencies.customers,
        call.company,
        query.q,
        query.limit,
        call.identity.actor.grants,
    )
    return Items(
        items=[
            HitView(kind=hit.kind, id=hit.id, name=hit.name, about=hit.about, state=hit.state) for hit in hits
        ]
    )


ENDPOINTS = (found,)
