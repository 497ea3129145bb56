"""``/stream``: live changes of plugs, sessions and faults."""

from starlette.responses import Response, StreamingResponse

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.events import Position
from eosvolt.adapters.http.api.fault_views import fault_view
from eosvolt.adapters.http.api.plugs import placed_plug_view
from eosvolt.adapters.http.api.session_views import session_view
from eosvolt.adapters.http.framework.api_types import ApiInput
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.open_streams import while_admitted
from eosvolt.adapters.http.framework.server_sent_events import HEADERS, MEDIA_TYPE
from eosvolt.adapters.http.presentation import changed_rows as stream
from eosvolt.adapters.http.presentation.visible_facts import VisibleFacts
from eosvolt.application.operations import faults, sessions
from eosvolt.application.operations.views import DASHBOARD
from eosvolt.application.permissions import Need, allows

# The permission for each kind of event.
KINDS: dict[str, Need] = {"plug": DASHBOARD, "session": sessions.VIEW, "fault": faults.VIEW}


class StreamQuery(ApiInput, frozen=True, kw_only=True):
    """The position to begin after, for clients that cannot send ``Last-Event-ID``."""

    after: Position | None = None


@endpoint("GET", "/stream", media=(MEDIA_TYPE,), refusals=(400, 429), needs=DASHBOARD)
async def follow_stream(call: ApiCall, query: StreamQuery) -> Response:
    """Server-sent events `plug`, `session` and `fault`, each with the present state of what changed.

    Sessions and faults come to who may view them, and of the locations of whoever asks alone. The stream ends
    when the access of whoever asks ends or changes.

    `id` is a position of the history: send it as `Last-Event-ID` to continue without a gap.
    """
    call.gate.streams.check(call.identity.by)
    seen = stream.last_event_id(call.request)
    actor = call.identity.actor
    facts = call.dependencies.feed.follow(call.company, query.after if seen is None else seen)
    admitted = while_admitted(facts, lambda: call.gate.is_still(call.request, actor))
    batches = VisibleFacts(call.queries, call.company, call.within).through(admitted)
    shows = frozenset(kind for kind, needs in KINDS.items() if allows(actor.grants, needs))

    async def shown(change: stream.Touched) -> object | None:
        """The present state; ``None`` if it was removed."""
        now = call.dependencies.clock.now()
        if change.kind == "session":
            session = await call.queries.session(call.company, change.key)
            return None if session is None else session_view(session, now)
        if change.kind == "fault":
            fault = await call.queries.fault(call.company, change.key)
            if fault is None:
                return None
            affected = await call.queries.affected(call.company, [fault], now)
            return fault_view(fault, affected[fault.id], now)
        _, _, place = change.key.partition("/")
        charger, _, number = place.rpartition("/")
        for plug in await call.queries.connectors(call.company, charge_box_id=charger):
            if str(plug.connector) == number:
                return placed_plug_view(plug)
        return None

    content = call.gate.streams.limited(call.identity.by, stream.messages(batches, shown, shows))
    return StreamingResponse(content, media_type=MEDIA_TYPE, headers=HEADERS)


ENDPOINTS = (follow_stream,)
