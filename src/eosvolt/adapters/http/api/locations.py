"""``/locations``: locations of chargers, with their tariffs."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api import tariffs
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.tariffs import TariffChange, TariffShape
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, LongText, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import patched, seen, versioned
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.operations import locations
from eosvolt.application.operations.locations import LocationTerms
from eosvolt.application.permissions import require_at
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.tokens.uid import folded
from eosvolt.projections.locations import LocationRow

LocationTypeName = Literal["public", "semiPublic", "private"]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$", description="ISO 4217.")]
TimeZone = Annotated[str, Meta(min_length=1, max_length=100, description="An IANA name, e.g. Europe/Berlin.")]
VatRate = Annotated[
    str, Meta(pattern=r"^0(\.[0-9]{1,6})?$", description="A fraction as text: 0.19 means 19 %.")
]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Tokens = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=36)], ...], Meta(max_length=10_000)]


class LocationView(View, frozen=True, kw_only=True):
    """A location with its tariff."""

    id: str
    name: str
    type: LocationTypeName
    address: str
    visible: bool
    time_zone: str
    currency: str
    vat_rate: str
    tariff: TariffShape
    authorized_tokens: tuple[str, ...]
    added_at: datetime
    latitude: float | None = None
    longitude: float | None = None


class NewLocation(ApiInput, frozen=True, kw_only=True):
    """A location and its first tariff."""

    name: Name
    time_zone: TimeZone
    currency: Currency
    vat_rate: VatRate
    tariff: TariffShape
    type: LocationTypeName = "public"
    address: LongText = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    visible: bool = True
    authorized_tokens: Tokens = ()


class LocationChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396).

    ``null`` removes a value, ``tariff`` is merged, lists are replaced. Running sessions keep the tariff that
    they started with.
    """

    name: Name | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    vat_rate: VatRate | UnsetType = UNSET
    tariff: TariffChange | UnsetType = UNSET
    type: LocationTypeName | UnsetType | None = UNSET
    address: LongText | UnsetType | None = UNSET
    latitude: Latitude | UnsetType | None = UNSET
    longitude: Longitude | UnsetType | None = UNSET
    visible: bool | UnsetType | None = UNSET
    authorized_tokens: Tokens | UnsetType | None = UNSET


@endpoint("GET", "/locations", needs=locations.VIEW)
async def list_locations(call: ApiCall, query: PageQuery) -> Answer[Items[LocationView]]:
    """All locations, by name."""
    rows = await call.queries.locations(call.company, call.identity.actor.grants.locations)
    return paged(call, [_view(row) for row in rows], lambda each: each.id, query)


@endpoint("POST", "/locations", status=201, operation=locations.add)
async def add_location(call: ApiCall, body: NewLocation) -> Answer[LocationView]:
    """Add a location."""
    wanted = locations.NewLocationInput(location=call.new_id(), terms=_terms(body))
    key = await call.run(locations.add, wanted)
    return await _answer(call, key, {"Location": f"/api/v1/locations/{key}"})


@endpoint("GET", "/locations/{location}", needs=locations.VIEW)
async def location(call: ApiCall, location: str) -> Answer[LocationView]:
    """One location."""
    return await _answer(call, location, {})


@endpoint("PATCH", "/locations/{location}", refusals=(409, 412), operation=locations.change)
async def change_location(call: ApiCall, location: str, body: LocationChange) -> Answer[LocationView]:
    """Change a location's details, or the prices of future sessions."""

    def changed(known: LocationTerms) -> LocationTerms:
        return _terms(patched(NewLocation, _current_terms(known), body))

    wanted = locations.LocationChangeInput(location=location, changed=changed, seen=seen(call))
    await call.run(locations.change, wanted)
    return await _answer(call, location, {})


@endpoint("DELETE", "/locations/{location}", status=204, refusals=(409,), operation=locations.remove)
async def remove_location(call: ApiCall, location: str) -> None:
    """Remove a location without chargers. Its history stays."""
    await call.run(locations.remove, locations.LocationRemoval(location=location))


async def _answer(call: ApiCall, location: str, headers: dict[str, str]) -> Answer[LocationView]:
    require_at(call.identity.actor.grants, (location,))
    row = await call.queries.location(call.company, location)
    if row is None or row.removed:
        raise not_found()
    return Answer(_view(row), headers | versioned(row.version))


def _terms(wanted: NewLocation) -> LocationTerms:
    """The requested terms. Raises a 422 ``Problem`` with every broken rule of tariffs."""
    made = tariffs.tariff(
        wanted.tariff, currency=wanted.currency, vat_rate=wanted.vat_rate, time_zone=wanted.time_zone
    )
    return LocationTerms(details=_details(wanted), tariff=made)


def _current_terms(known: LocationTerms) -> NewLocation:
    """The present terms as an input."""
    details = known.details
    return NewLocation(
        name=details.name,
        type=details.type.value,
        address=details.address,
        visible=details.visible,
        time_zone=known.tariff.time_zone,
        currency=known.tariff.currency,
        vat_rate=f"{known.tariff.vat_rate:f}",
        tariff=tariffs.shape(known.tariff),
        authorized_tokens=details.authorized_tokens,
        latitude=details.latitude,
        longitude=details.longitude,
    )


def _details(wanted: NewLocation) -> Details:
    return Details(
        name=wanted.name.strip(),
        type=LocationType(wanted.type),
        address=wanted.address,
        latitude=wanted.latitude,
        longitude=wanted.longitude,
        visible=wanted.visible,
        authorized_tokens=tuple(dict.fromkeys(folded(each) for each in wanted.authorized_tokens)),
    )


def _view(row: LocationRow) -> LocationView:
    details = row.details
    kind: LocationTypeName = details.type.value
    return LocationView(
        id=row.location,
        name=details.name,
        type=kind,
        address=details.address,
        visible=details.visible,
        time_zone=row.tariff.time_zone,
        currency=row.tariff.currency,
        vat_rate=f"{row.tariff.vat_rate:f}",
        tariff=tariffs.shape(row.tariff),
        authorized_tokens=details.authorized_tokens,
        added_at=row.added_at,
        latitude=details.latitude,
        longitude=details.longitude,
    )


ENDPOINTS = (list_locations, add_location, location, change_location, remove_location)
