"""What the template of the activity is given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.shell.event_objects import EventObject
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.domain.kernel import Fact


class ActivityEntry(NamedTuple):
    """One change in a sentence, and its object.

    ``history`` is the address of the object's events, empty for who may not browse them.
    """

    fact: Fact
    sentence: str
    thing: EventObject
    history: str


class ActivityPage(ViewModel, frozen=True, kw_only=True):
    """A part of the changes, newest first; ``older`` and ``newer`` lead to the parts beside it.

    ``searched_to``: the part ends at this instant because enough was looked at, though few changes match.
    ``actors`` are people and API keys by their names in the history, ``kinds`` the kinds of objects.
    """

    templates: ClassVar = ("activity/page.html",)

    entries: Sequence[ActivityEntry]
    older: str
    newer: str
    searched_to: datetime | None
    filtered: bool
    actors: Mapping[str, str]
    kinds: Mapping[str, str]
    page: str = "users"
