"""The event browser: the history of the company with filters, both ways, and as files."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import all_invalid
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.event_files import every_event
from eosvolt.adapters.http.presentation.event_view import event_view
from eosvolt.adapters.http.presentation.exports import download
from eosvolt.adapters.http.web.audit.events.view_models import EventEntry, EventsPage
from eosvolt.adapters.http.web.shell.actor_names import actors_of
from eosvolt.adapters.http.web.shell.event_objects import EventObject, objects_of
from eosvolt.adapters.http.web.shell.exports import table_format
from eosvolt.adapters.http.web.shell.history_pages import beside, entries_of, position
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import instant, moment, number, one_of
from eosvolt.adapters.http.web.shell.timeline import TimelineEntry
from eosvolt.application.event_search import EventSearch, visible_tags
from eosvolt.application.operations.views import EXPORT_HISTORY, HISTORY
from eosvolt.application.table_files import Cell, Table
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import EVENTS

EVENTS_PER_PAGE = 50
# The type of the event is in its heading.
TOLD_ELSEWHERE = ("event",)
FILTERS = ("charger", "session", "location", "by", "type", "since", "until", "stream")
_POSITION = number(0, 2**63 - 2)
_QUERY_CHECKS = {
    "type": one_of(EVENTS),
    "session": number(1, 2**62),
    "since": moment,
    "until": moment,
    "before": _POSITION,
    "after": _POSITION,
}


def event_routes(pages: Pages) -> list[Route]:
    """``/audit/events`` and its file."""
    return [
        pages.get("/audit/events", events, _QUERY_CHECKS, needs=HISTORY, past=True),
        pages.get("/audit/events/export.csv", export_csv, _QUERY_CHECKS, needs=EXPORT_HISTORY, past=True),
    ]


async def events(request: PageRequest) -> Response:
    """A page of the events that match."""
    wanted = _wanted(request)
    before, after = position(request, "before"), position(request, "after")
    ascending = after is not None
    found = await request.queries.events(
        request.number,
        wanted,
        behind=after if ascending else before,
        ascending=ascending,
        limit=EVENTS_PER_PAGE,
    )
    facts = found.items[::-1] if ascending else found.items
    older, newer = beside(request, found.reached, ended=found.ended)
    visible = wanted.visible
    entries = await entries_of(request, facts)
    things = await objects_of(request, facts)
    return await show(
        request,
        EventsPage(
            entries=[_entry(entry, thing) for entry, thing in zip(entries, things, strict=True)],
            older=older,
            newer=newer,
            searched_to=await _searched_to(request, found.reached, full=len(facts) == EVENTS_PER_PAGE)
            if not found.ended
            else None,
            filtered=sum(1 for name in FILTERS if request.query(name)),
            actors=await actors_of(request),
            types=sorted(EVENTS if visible is None else visible),
            chargers=await request.queries.charge_points(request.number),
            download=urlencode(_download(request, wanted), doseq=True),
        ),
    )


async def export_csv(request: PageRequest) -> Response:
    """The events of the filter as CSV, oldest first."""
    table = Table("Events", request.now, CSV_COLUMNS, partial(_cells, request))
    return await download(
        request.dependencies,
        request.number,
        f"events-{request.number}",
        table,
        every_event(request.queries, request.number, _wanted(request)),
        table_format("csv"),
    )


CSV_COLUMNS = (
    "position",
    "recordedAt",
    "at",
    "receivedAt",
    "type",
    "stream",
    "version",
    "by",
    "name",
    "cause",
    "frame",
    "data",
)


def _cells(request: PageRequest, fact: Fact) -> tuple[Cell, ...]:
    view = event_view(fact)
    return (
        view.position,
        view.recorded_at,
        str(view.data.get("at", "")),
        str(view.data.get("receivedAt", "")),
        view.type,
        view.stream,
        view.version,
        view.by,
        request.people.get(view.by, ""),
        view.cause,
        view.frame,
        msgspec.json.encode(view.data).decode(),
    )


def _wanted(request: PageRequest) -> EventSearch:
    zone = request.locations.zone(request.query("location"))
    since, until = instant(request.query("since"), zone), instant(request.query("until"), zone)
    if since is not None and until is not None and until <= since:
        raise all_invalid([("?until", gettext("The end has to be after the beginning."))])
    if sum(bool(request.query(name)) for name in ("stream", "charger", "session")) > 1:
        raise all_invalid([("?session", gettext("Choose a charger or a session, not both."))])
    return EventSearch(
        stream=request.query("stream"),
        charger=request.query("charger"),
        session=request.query("session"),
        location=request.query("location"),
        by=request.query("by"),
        types=frozenset(request.query_values("type")),
        since=since,
        until=until,
        visible=visible_tags(request.actor.grants),
    )


def _download(request: PageRequest, wanted: EventSearch) -> dict[str, object]:
    """The filter as the API is asked for it: instants with their offset."""
    exact = {"since": wanted.since, "until": wanted.until}
    return {
        name: request.query_values(name) for name in FILTERS if request.query(name) and name not in exact
    } | {name: at.isoformat() for name, at in exact.items() if at is not None}


async def _searched_to(request: PageRequest, reached: int, *, full: bool) -> datetime | None:
    """When the last event was recorded that was looked at, if that is why the part is not full."""
    return None if full else await request.queries.recorded_at(reached)


def _entry(entry: TimelineEntry, thing: EventObject) -> EventEntry:
    view = event_view(entry.fact)
    return EventEntry(
        fact=entry.fact,
        name=entry.name,
        at=entry.at,
        received_at=entry.received_at,
        sentence=entry.sentence,
        fields=[field for field in _flat(view.data) if field[0] not in TOLD_ELSEWHERE],
        raw=msgspec.json.format(msgspec.json.encode(view), indent=2).decode(),
        thing=thing,
        cause=_cause(entry.fact),
    )


def _flat(data: object, name: str = "") -> Iterable[tuple[str, str]]:
    """The leaves of nested data, each with its path."""
    if isinstance(data, dict) and data:
        for key, inner in data.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(data, list | tuple) and data:
        for place, inner in enumerate(data, 1):
            yield from _flat(inner, f"{name}[{place}]")
    else:
        yield name, data if isinstance(data, str) else msgspec.json.encode(data).decode()


def _cause(fact: Fact) -> str:
    """The address of the events of what caused it: a command; empty for causes without events."""
    kind, _, key = fact.why.cause.partition(":")
    if kind != "command" or not key or fact.stream == fact.why.cause:
        return ""
    return f"/audit/events?{urlencode({'stream': fact.why.cause})}"
