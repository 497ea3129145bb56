"""One diagnostics entry: its facts, its timeline, its other entries, the OCPP messages of that time."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.diagnostics.actions import owners_of
from eosvolt.adapters.http.web.diagnostics.one.view_models import (
    FaultFacts,
    FaultFrames,
    FaultPage,
    FaultStory,
)
from eosvolt.adapters.http.web.diagnostics.page import affected_by
from eosvolt.adapters.http.web.shell.labels import SNOOZES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.timeline import timeline
from eosvolt.application.operations.faults import VIEW, next_entry
from eosvolt.application.permissions import require_at
from eosvolt.application.ports import Frame
from eosvolt.domain.faults.events import FaultOpened, FaultRecurred
from eosvolt.domain.kernel import Fact
from eosvolt.projections.faults import FaultRow

AROUND = timedelta(minutes=5)
MOST_FRAMES = 200
# A charger that fails again and again has a long story; its end is what matters.
MOST_EVENTS = 200


def diagnostics_entry_routes(pages: Pages) -> list[Route]:
    """``/diagnostics/{fault}``."""
    return [pages.get("/diagnostics/{fault}", entry, needs=VIEW, past=True)]


async def entry(request: PageRequest) -> Response:
    """The page, or one of its parts."""
    parts = {"facts": _facts, "story": _story, "frames": _frames}
    return await show(request, FaultPage(), parts)


async def _row(request: PageRequest) -> FaultRow:
    row = await request.queries.fault(request.number, request.path_parameter("fault"))
    if row is None:
        raise not_found(gettext("There is no such entry."))
    require_at(request.actor.grants, (row.location,))
    return row


async def _facts(request: PageRequest) -> FaultFacts:
    row = await _row(request)
    later = await request.queries.fault(request.number, next_entry(row.id))
    affected = await affected_by(request, [row])
    return FaultFacts(
        row=row,
        later=later,
        zone=request.locations.zone(row.location),
        affected=affected[row.id],
        owners=owners_of(request),
        snoozes=SNOOZES,
    )


async def _story(request: PageRequest) -> FaultStory:
    row = await _row(request)
    facts = await request.queries.fault_facts(request.number, row.id)
    zone = request.locations.zone(row.location)
    # Its beginning is always shown, and then the newest.
    shown = [*facts[:1], *islice(facts, max(1, len(facts) - MOST_EVENTS), None)]
    entries = timeline(shown, zone, request.people)
    return FaultStory(row=row, zone=zone, entries=entries, left_out=len(facts) - len(shown))


async def _frames(request: PageRequest) -> FaultFrames:
    row = await _row(request)
    seen = _last_seen(await request.queries.fault_facts(request.number, row.id))
    frames = [] if seen is None else await _frames_around(request, row, seen)
    return FaultFrames(frames=frames, zone=request.locations.zone(row.location))


async def _frames_around(request: PageRequest, row: FaultRow, seen: Fact) -> list[Frame]:
    """The OCPP messages around the last time that the fault was seen, by our clock."""
    since, until = seen.recorded_at - AROUND, seen.recorded_at + AROUND
    frames: list[Frame] = []
    async for frame in request.queries.frames_between(request.number, row.charge_point, since, until):
        frames.append(frame)
        if len(frames) > MOST_FRAMES and frame.at > seen.recorded_at:
            break
    return frames[-MOST_FRAMES:]


def _last_seen(facts: Sequence[Fact]) -> Fact | None:
    openings = [fact for fact in facts if isinstance(fact.event, FaultOpened | FaultRecurred)]
    return openings[-1] if openings else None
