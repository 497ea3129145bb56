"""What the templates of sessions are given."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.export_form import ExportForm
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.questions import SessionSums
from eosvolt.projections.charge_points import ChargePointRow


class Chip(NamedTuple):
    """A filter that is set, and the address without it."""

    text: str
    without: str


class ViewLink(NamedTuple):
    """A view in the menu. ``removable``: the user may delete it; ``present``: the page shows it now."""

    id: str
    name: str
    address: str
    shared: bool
    removable: bool
    present: bool


class SessionRows(ViewModel, frozen=True, kw_only=True):
    """A page of the list. ``cursor`` and ``before`` lead behind it and in front of it."""

    templates: ClassVar = ("sessions/list.html",)

    table: SessionTable
    cursor: str | None
    before: str | None
    filtered: bool


class SessionTotals(ViewModel, frozen=True, kw_only=True):
    """What the filtered sessions come to, where at most ``most`` of them fit the filter."""

    templates: ClassVar = ("sessions/totals.html",)

    sums: SessionSums
    most: int


class SessionsPage(ViewModel, frozen=True, kw_only=True):
    """The list of sessions with its filters. ``presets`` are ranges of dates with their addresses.

    ``export`` is ``None`` for whoever may not export.
    """

    templates: ClassVar = ("sessions/page.html",)
    parts: ClassVar = (SessionRows, SessionTotals)

    columns: Sequence[str]
    chips: Sequence[Chip]
    presets: Sequence[tuple[str, str]]
    chargers: Sequence[ChargePointRow]
    export: ExportForm | None = None
    views: Sequence[ViewLink] = ()
    sums: SessionSums | None = None
    page: str = "sessions"
