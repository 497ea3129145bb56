"""``/session-views``: views of the list of sessions under names."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import all_invalid
from eosvolt.adapters.http.presentation.session_address import parameters_of, refused_parameters
from eosvolt.application.operations import saved_views
from eosvolt.application.operations.saved_views import SESSIONS, ViewById, ViewToSave
from eosvolt.application.saved_views import LONGEST_NAME, LONGEST_QUERY, SavedView, visible


class SavedViewView(View, frozen=True, kw_only=True):
    """A saved view. ``query`` is that of the page ``/sessions``; ``own``: the caller saved it."""

    id: str
    name: str
    query: str
    shared: bool
    own: bool
    saved_at: datetime


class SavedViewInput(ApiInput, frozen=True, kw_only=True):
    """A view to save. A view of the caller's with the same name is replaced.

    ``query`` is the query of the page ``/sessions``, e.g. `status=failed&sort=-total&column=number`.
    """

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    query: Annotated[str, Meta(max_length=LONGEST_QUERY)]
    shared: bool = False


@endpoint("GET", "/session-views", needs=saved_views.VIEW)
async def list_session_views(call: ApiCall, query: PageQuery) -> Answer[Items[SavedViewView]]:
    """The caller's views and the shared ones, by name."""
    by = call.identity.actor.by
    found = visible(await call.dependencies.saved_views.of(call.company, by, SESSIONS), call.within)
    return paged(call, [_view(each, by) for each in found], lambda each: each.id, query)


@endpoint("POST", "/session-views", status=201, operation=saved_views.save)
async def save_session_view(call: ApiCall, body: SavedViewInput) -> SavedViewView:
    """Save a view. To share it needs the permission to edit sessions."""
    given = parameters_of(body.query)
    if wrong := refused_parameters(given):
        raise all_invalid([("/query", sentence) for sentence in wrong])
    wanted = ViewToSave(
        view=call.new_id(),
        name=body.name,
        query=urlencode(given),
        location=dict(given).get("location", ""),
        shared=body.shared,
    )
    return _view(await call.run(saved_views.save, wanted), call.identity.actor.by)


@endpoint("DELETE", "/session-views/{view}", status=204, operation=saved_views.remove)
async def remove_session_view(call: ApiCall, view: str) -> None:
    """Delete an own view, or with the permission to edit sessions a shared one."""
    await call.run(saved_views.remove, ViewById(view=view))


def _view(view: SavedView, by: str) -> SavedViewView:
    return SavedViewView(
        id=view.id,
        name=view.name,
        query=view.query,
        shared=view.shared,
        own=view.owner == by,
        saved_at=view.saved_at,
    )


ENDPOINTS = (list_session_views, save_session_view, remove_session_view)
"""Saved views of the list of sessions."""
