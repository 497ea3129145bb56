"""Saved views of the list of sessions: shown in its menu, saved and deleted there."""

from urllib.parse import urlencode
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.session_address import KEPT, parameters_of
from eosvolt.adapters.http.web.sessions.view_models import ViewLink
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect
from eosvolt.application.operations import saved_views
from eosvolt.application.operations.saved_views import SESSIONS, ViewById, ViewToSave
from eosvolt.application.saved_views import visible


def saved_view_routes(pages: Pages) -> list[Route]:
    """``/sessions/views``."""
    return [
        pages.post("/sessions/views", save, operation=saved_views.save),
        pages.post("/sessions/views/{view}/remove", remove, operation=saved_views.remove),
    ]


async def view_links(request: PageRequest) -> list[ViewLink]:
    """The user's views and the shared ones, by name."""
    by, may_share = request.actor.by, request.may("edit", "sessions")
    here = kept_query(request.raw.url.query)
    found = await request.dependencies.saved_views.of(request.number, by, SESSIONS)
    return [
        ViewLink(
            id=view.id,
            name=view.name,
            address=_address(view.query),
            shared=view.shared,
            removable=view.owner == by or may_share,
            present=view.query == here,
        )
        for view in visible(found, request.within)
    ]


def kept_query(query: str) -> str:
    """What a view keeps of the query of an address."""
    return urlencode([(name, value) for name, value in parameters_of(query) if name in KEPT])


async def save(request: PageRequest) -> Response:
    """Save the filter, order and columns of the page under a name."""
    query = kept_query(request.form_value("query"))
    wanted = ViewToSave(
        view=str(uuid4()),
        name=request.form_value("name"),
        query=query,
        location=dict(parameters_of(query)).get("location", ""),
        shared=bool(request.form_value("shared")),
    )
    view = await request.run(saved_views.save, wanted)
    return redirect(_address(view.query), gettext("View “{name}” saved.", name=view.name))


async def remove(request: PageRequest) -> Response:
    """Delete a view; the list stays as it is."""
    await request.run(saved_views.remove, ViewById(view=request.path_parameter("view")))
    return redirect(_address(kept_query(request.form_value("query"))), gettext("View deleted."))


def _address(query: str) -> str:
    return f"/sessions?{query}" if query else "/sessions"
