"""What the templates of locations are given."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from eosvolt.adapters.http.web.locations.form_data import LocationFormData
from eosvolt.adapters.http.web.locations.tariff_example import Example
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.geocoding import FoundPlace
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.projections.locations import LocationRow


class LocationLine(NamedTuple):
    """A location with what it has and what it brought today; amounts in minor units of its currency."""

    row: LocationRow
    chargers: int
    plugs: int
    available: int
    energy_wh: int
    gross: int
    open: bool


class TariffExample(ViewModel, frozen=True, kw_only=True):
    """The bill of an imagined session under ``tariff``; none while the tariff is not complete."""

    templates: ClassVar = ("locations/example_page.html",)

    example: Example | None
    tariff: Tariff | None


class GeocodedPlaces(ViewModel, frozen=True, kw_only=True):
    """Where the typed address may be. ``unreachable``: the geocoder gave no answer."""

    templates: ClassVar = ("locations/geocoded.html",)

    places: Sequence[FoundPlace]
    unreachable: bool


class LocationFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a location; without ``row`` that of a new one. ``tiles`` is the address of the map file.

    ``session_data`` are the fields of the example's session. ``geocoding``: addresses can be looked up.
    """

    templates: ClassVar = ("locations/form.html",)

    lost: LostUpdate | None
    version: int | str
    form_data: LocationFormData
    problems: Mapping[str, str]
    row: LocationRow | None
    zones: Sequence[str]
    currencies: Sequence[str]
    intervals: Sequence[int]
    currency_settled: bool
    example_tariff: Tariff | None
    example: Example | None
    session_data: Mapping[str, str]
    cables: Mapping[str, str]
    tiles: str
    geocoding: bool
    page: str = "locations"


class LocationRows(ViewModel, frozen=True, kw_only=True):
    """All locations."""

    templates: ClassVar = ("locations/list.html",)

    lines: Sequence[LocationLine]


class LocationsMap(ViewModel, frozen=True, kw_only=True):
    """The locations that have a charger, as ``pins`` in JSON; ``tiles`` is the address of the map file."""

    templates: ClassVar = ("locations/places.html",)

    pins: str
    tiles: str
    without_pin: Sequence[LocationRow]
    without_charger: Sequence[LocationRow]


class LocationsPage(ViewModel, frozen=True, kw_only=True):
    """The locations, as a list or ``on_map``."""

    templates: ClassVar = ("locations/page.html",)
    parts: ClassVar = (LocationRows, LocationsMap)

    on_map: bool

    page: str = "locations"
