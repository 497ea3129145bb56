"""What the templates of one location are given."""

from collections.abc import Sequence
from typing import ClassVar

from eosvolt.adapters.http.web.locations.tariff_example import Example
from eosvolt.adapters.http.web.sessions.table import SessionTable
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.locations import LocationRow


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


class LocationPage(ViewModel, frozen=True, kw_only=True):
    """One location with its tariff and a bill as an example."""

    templates: ClassVar = ("locations/one/page.html",)
    parts: ClassVar = (LocationFigures, LocationChargers, LocationRecent)

    row: LocationRow
    example: Example
    page: str = "locations"
