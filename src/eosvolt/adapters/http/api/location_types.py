"""The types of locations in the API, and their conversion to and from the domain's."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api import location_shapes as shapes
from eosvolt.adapters.http.api import tariffs
from eosvolt.adapters.http.api.location_shapes import (
    AccessWindowShapes,
    FitChange,
    FitShape,
    LocationSupportChange,
    OpeningHoursChange,
    OpeningHoursShape,
    SupportShape,
)
from eosvolt.adapters.http.api.tariffs import TariffChange, TariffShape
from eosvolt.adapters.http.framework.api_types import ApiInput, LongText, View
from eosvolt.adapters.http.framework.problems import all_invalid
from eosvolt.application.operations.locations import LocationTerms
from eosvolt.domain.locations import access
from eosvolt.domain.locations.access import AccessRules
from eosvolt.domain.locations.events import Details, DriverInfo, LocationType
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


CustomerIds = Annotated[tuple[str, ...], Meta(max_length=200, description="Ids of customers.")]
CustomerGroupIds = Annotated[tuple[str, ...], Meta(max_length=200, description="Ids of customer groups.")]


class LocationView(View, frozen=True, kw_only=True):
    """A location with its tariff.

    ``openNow``: it is within its opening hours. ``support`` is absent where the company's contact holds;
    ``image`` is the SHA-256 of its photo, which `GET …/image` returns.
    """

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
    authorized_groups: tuple[str, ...]
    authorized_customers: tuple[str, ...]
    authorized_customer_groups: tuple[str, ...]
    access_schedule: AccessWindowShapes
    opening_hours: OpeningHoursShape
    open_now: bool
    fit: FitShape
    added_at: datetime
    latitude: float | None = None
    longitude: float | None = None
    support: SupportShape | None = None
    image: str | None = None


class NewLocation(ApiInput, frozen=True, kw_only=True):
    """A location and its first tariff. Without ``support`` the company's contact holds."""

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
    authorized_groups: Tokens = ()
    authorized_customers: CustomerIds = ()
    authorized_customer_groups: CustomerGroupIds = ()
    access_schedule: AccessWindowShapes = ()
    opening_hours: OpeningHoursShape = OpeningHoursShape()
    support: SupportShape | None = None
    fit: FitShape = FitShape()


class LocationChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396).

    ``null`` removes a value, ``tariff`` and other objects are merged, lists are replaced. Running sessions
    keep the tariff that they started with.
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
    authorized_groups: Tokens | UnsetType | None = UNSET
    authorized_customers: CustomerIds | UnsetType | None = UNSET
    authorized_customer_groups: CustomerGroupIds | UnsetType | None = UNSET
    access_schedule: AccessWindowShapes | UnsetType | None = UNSET
    opening_hours: OpeningHoursChange | UnsetType | None = UNSET
    support: LocationSupportChange | UnsetType | None = UNSET
    fit: FitChange | UnsetType | None = UNSET


class AccessInput(ApiInput, frozen=True, kw_only=True):
    """Who is listed, and when on-demand charging is open to whom. What is left out is empty.

    At times of which the schedule says nothing, public and semi-public locations are open to everybody and
    private ones to the listed.
    """

    authorized_tokens: Tokens = ()
    authorized_groups: Tokens = ()
    authorized_customers: CustomerIds = ()
    authorized_customer_groups: CustomerGroupIds = ()
    schedule: AccessWindowShapes = ()


def terms(wanted: NewLocation, image: str = "") -> LocationTerms:
    """The requested terms. Raises a 422 ``Problem`` with every broken rule."""
    made, wrong = tariffs.tariff(
        wanted.tariff, currency=wanted.currency, vat_rate=wanted.vat_rate, time_zone=wanted.time_zone
    )
    rules = AccessRules(
        opening_hours=shapes.opening_hours(wanted.opening_hours),
        groups=folded_uids(wanted.authorized_groups),
        schedule=shapes.schedule(wanted.access_schedule),
        customers=wanted.authorized_customers,
        customer_groups=wanted.authorized_customer_groups,
    )
    contact, wrong_contact = shapes.support(wanted.support)
    wrong += [*access.problems(rules, private=wanted.type == "private"), *wrong_contact]
    if wrong:
        raise all_invalid(wrong)
    info = DriverInfo(support=contact, fit=shapes.fit(wanted.fit), image=image)
    return LocationTerms(details=_details(wanted), tariff=made, access=rules, info=info)


def current_terms(known: LocationTerms) -> NewLocation:
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
        authorized_groups=known.access.groups,
        authorized_customers=known.access.customers,
        authorized_customer_groups=known.access.customer_groups,
        access_schedule=shapes.schedule_shapes(known.access.schedule),
        opening_hours=shapes.opening_hours_shape(known.access.opening_hours),
        support=shapes.support_shape(known.info.support),
        fit=shapes.fit_shape(known.info.fit),
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
        authorized_tokens=folded_uids(wanted.authorized_tokens),
    )


def folded_uids(uids: tuple[str, ...]) -> tuple[str, ...]:
    """Tokens or groups as they are compared, each once."""
    return tuple(dict.fromkeys(folded(each) for each in uids))


def view(row: LocationRow, now: datetime) -> LocationView:
    """A location as the API shows it at ``now``."""
    details, rules = row.details, row.access
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
        authorized_groups=rules.groups,
        authorized_customers=rules.customers,
        authorized_customer_groups=rules.customer_groups,
        access_schedule=shapes.schedule_shapes(rules.schedule),
        opening_hours=shapes.opening_hours_shape(rules.opening_hours),
        open_now=rules.opening_hours.is_open(now, row.tariff.time_zone),
        fit=shapes.fit_shape(row.info.fit),
        added_at=row.added_at,
        latitude=details.latitude,
        longitude=details.longitude,
        support=shapes.support_shape(row.info.support),
        image=row.info.image or None,
    )
