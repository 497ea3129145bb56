"""The inputs of the templates of the event browser."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.shell.event_objects import EventObject
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.domain.kernel import Fact
from eosvolt.projections.charge_points import ChargePointRow


class EventEntry(NamedTuple):
    """One event: ``at`` is its own time, ``received_at`` ours if a charger reported it.

    ``fields`` are its data in readable form by name, ``raw`` the event as JSON. ``thing`` is what
    it happened to, ``cause`` the address of the events of what caused it, empty without one.
    """

    fact: Fact
    name: str
    at: datetime
    received_at: datetime | None
    sentence: str
    fields: Sequence[tuple[str, str]]
    raw: str
    thing: EventObject
    cause: str


class EventsPage(ViewModel, frozen=True, kw_only=True):
    """A part of the history, newest first.

    ``older`` and ``newer`` are the addresses of the parts beside it, empty at the ends. ``searched_to``: the
    part ends at this instant because enough of the history was looked at, though fewer events match.
    ``actors`` are the people and programs of the company by their name in the history. ``types`` are all
    event types that the user may see; ``download`` is the query of the same events as a file.
    """

    templates: ClassVar = ("audit/events/page.html",)

    entries: Sequence[EventEntry]
    older: str
    newer: str
    searched_to: datetime | None
    filtered: int
    actors: Mapping[str, str]
    types: Sequence[str]
    chargers: Sequence[ChargePointRow]
    download: str
    page: str = "audit"
