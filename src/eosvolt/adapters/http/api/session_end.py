"""``/sessions/{session}/end``: an operator ends a session that its charger will not end."""

from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.session_views import SessionDetailView, session_detail
from eosvolt.adapters.http.endpoint import Call, endpoint
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.shapes import Wish
from eosvolt.application.forced_end import end_session


class SessionEnd(Wish, frozen=True, kw_only=True):
    """Why, for whoever looks at it later."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


@endpoint("POST", "/sessions/{session}/end")
async def end_by_force(call: Call, session: str, body: SessionEnd) -> SessionDetailView:
    """End a session at its last reading, without the charger.

    For chargers that have forgotten the session or are gone for good; try a `remoteStop` first. The end is
    provisional: a stop that the charger still sends corrects it. 409 where charging is over already.
    """
    if await call.queries.session(call.company, session) is None:
        raise not_found()
    await end_session(call.application, call.company, session, body.reason, call.now, call.why)
    await call.queries.settled()
    row = await call.queries.session(call.company, session)
    if row is None:
        raise not_found()
    return session_detail(row, call.now)


ENDPOINTS = (end_by_force,)
