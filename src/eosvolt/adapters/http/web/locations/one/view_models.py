"""What the templates of one location are given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.locations.one.changes import ChangeEntry
from eosvolt.adapters.http.web.locations.rules.holders import ListedHolder
from eosvolt.adapters.http.web.locations.tariff_example import Example
from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.refused_starts import RefusedStartRow


class LocationFigures(ViewModel, frozen=True, kw_only=True):
    """Figures of a location: title, value, and what it is of."""

    templates: ClassVar = ("locations/one/figures.html",)

    row: LocationRow
    figures: Sequence[tuple[str, str, str]]


class LocationChargers(ViewModel, frozen=True, kw_only=True):
    """The chargers of a location and their plugs."""

    templates: ClassVar = ("locations/one/chargers.html",)

    row: LocationRow
    chargers: Sequence[ChargePointRow]
    plugs: Sequence[ConnectorRow]


class LocationRecent(ViewModel, frozen=True, kw_only=True):
    """The newest sessions of a location."""

    templates: ClassVar = ("locations/one/recent.html",)

    row: LocationRow
    recent: SessionTable


class LocationRefused(ViewModel, frozen=True, kw_only=True):
    """The newest refused starts of a location; ``refusals`` are the words of reasons."""

    templates: ClassVar = ("locations/one/refused.html",)

    row: LocationRow
    refused: Sequence[RefusedStartRow]
    refusals: Mapping[str, str]


class LocationChanges(ViewModel, frozen=True, kw_only=True):
    """What was changed at a location, the newest first."""

    templates: ClassVar = ("locations/one/changes.html",)

    row: LocationRow
    changes: Sequence[ChangeEntry]


class Opening(NamedTuple):
    """Opening hours in words; ``opens_at`` is the next opening of a location that is closed now."""

    open: bool
    opens_at: datetime | None
    always: bool
    week: Sequence[tuple[str, str]]
    exceptions: Sequence[tuple[date, str]]


class LocationPage(ViewModel, frozen=True, kw_only=True):
    """One location with its tariff, a bill as an example, and its rules.

    ``image`` is the address of its photo; ``schedule`` are days, times and who may charge, in words.
    ``listed`` are the tokens of the list with their labels, ``let_in`` the names of listed customer groups,
    ``customers`` ids and names of listed customers.
    """

    templates: ClassVar = ("locations/one/page.html",)
    parts: ClassVar = (
        LocationFigures,
        LocationChargers,
        LocationRecent,
        LocationRefused,
        LocationChanges,
    )

    row: LocationRow
    example: Example
    opening: Opening
    listed: Sequence[ListedHolder]
    let_in: Sequence[str]
    customers: Sequence[tuple[str, str]]
    schedule: Sequence[tuple[str, str, str]]
    cables: Mapping[str, str]
    image: str
    pins: str
    tiles: str
    page: str = "locations"
