"""``/locations``: locations of chargers, with their tariffs, opening hours, access and photos."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace
from starlette.responses import Response

from eosvolt.adapters.http.api import location_shapes as shapes
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.location_shapes import OpeningHoursShape
from eosvolt.adapters.http.api.location_types import (
    AccessInput,
    LocationChange,
    LocationView,
    NewLocation,
    current_terms,
    folded_uids,
    terms,
    view,
)
from eosvolt.adapters.http.framework.api_types import AsOf, AsOfInstant, Items
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import patched, seen, versioned
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import all_invalid, not_found
from eosvolt.application.images import MEDIA_TYPES
from eosvolt.application.operations import location_images, locations
from eosvolt.application.operations.locations import LocationTerms
from eosvolt.application.permissions import require_at
from eosvolt.domain.locations import access, opening_hours
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.locations.homes import is_home
from eosvolt.projections.locations import LocationRow


class LocationsQuery(PageQuery, frozen=True, kw_only=True):
    """The page and the instant of the list."""

    as_of: AsOfInstant = None


@endpoint("GET", "/locations", needs=locations.VIEW)
async def list_locations(call: ApiCall, query: LocationsQuery) -> Answer[Items[LocationView]]:
    """All locations, by name."""
    rows = await call.queries_as_of(query.as_of).locations(call.company, call.identity.actor.grants.locations)
    now = call.as_of(query.as_of) or call.now
    return paged(call, [view(row, now) for row in rows], lambda each: each.id, query)


@endpoint("POST", "/locations", status=201, operation=locations.add)
async def add_location(call: ApiCall, body: NewLocation) -> Answer[LocationView]:
    """Add a location."""
    wanted = locations.NewLocationInput(location=call.new_id(), terms=terms(body))
    key = await call.run(locations.add, wanted)
    return await _answer(call, key, {"Location": f"/api/v1/locations/{key}"})


@endpoint("GET", "/locations/{location}", needs=locations.VIEW)
async def location(call: ApiCall, location: str, query: AsOf) -> Answer[LocationView]:
    """One location."""
    return await _answer(call, location, {}, query.as_of)


@endpoint("PATCH", "/locations/{location}", refusals=(409, 412), operation=locations.change)
async def change_location(call: ApiCall, location: str, body: LocationChange) -> Answer[LocationView]:
    """Change a location's details, who may charge when, or the prices of future sessions."""

    def changed(known: LocationTerms) -> LocationTerms:
        return terms(patched(NewLocation, current_terms(known), body), known.info.image)

    return await _changed(call, location, changed)


@endpoint("PUT", "/locations/{location}/opening-hours", refusals=(409, 412), operation=locations.change)
async def put_opening_hours(call: ApiCall, location: str, body: OpeningHoursShape) -> Answer[LocationView]:
    """Set the opening hours. Outside them no new session starts; a running one goes on."""
    hours = shapes.opening_hours(body)
    if wrong := opening_hours.problems(hours):
        raise all_invalid(wrong)

    def changed(known: LocationTerms) -> LocationTerms:
        return replace(known, access=replace(known.access, opening_hours=hours))

    return await _changed(call, location, changed)


@endpoint("PUT", "/locations/{location}/access", refusals=(409, 412), operation=locations.change)
async def put_access(call: ApiCall, location: str, body: AccessInput) -> Answer[LocationView]:
    """Set the list of tokens and groups, and the access schedule."""

    def changed(known: LocationTerms) -> LocationTerms:
        rules = replace(
            known.access,
            groups=folded_uids(body.authorized_groups),
            schedule=shapes.schedule(body.schedule),
            customers=body.authorized_customers,
            customer_groups=body.authorized_customer_groups,
        )
        wrong = access.problems(rules, private=known.details.type is LocationType.PRIVATE)
        if wrong:
            raise all_invalid([(at.replace("/accessSchedule", "/schedule", 1), said) for at, said in wrong])
        details = replace(known.details, authorized_tokens=folded_uids(body.authorized_tokens))
        return replace(known, details=details, access=rules)

    return await _changed(call, location, changed)


@endpoint(
    "PUT",
    "/locations/{location}/image",
    refusals=(412, 422),
    operation=location_images.put,
    takes=MEDIA_TYPES,
)
async def put_image(call: ApiCall, location: str, content: bytes) -> Answer[LocationView]:
    """Set the photo: PNG, JPEG or WebP of at most 5 MiB. It is re-encoded."""
    wanted = location_images.LocationImageInput(location=location, content=content, seen=seen(call))
    await call.run(location_images.put, wanted)
    return await _answer(call, location, {})


@endpoint("GET", "/locations/{location}/image", media=MEDIA_TYPES, needs=locations.VIEW)
async def image(call: ApiCall, location: str) -> Response:
    """The photo."""
    row = await _row(call, location)
    picture = None
    if row.info.image:
        picture = await call.dependencies.pictures.picture(call.company, row.info.image)
    if picture is None:
        raise not_found()
    return Response(picture.content, media_type=picture.media_type)


@endpoint(
    "DELETE", "/locations/{location}/image", status=204, refusals=(412,), operation=location_images.remove
)
async def remove_image(call: ApiCall, location: str) -> None:
    """Remove the photo."""
    wanted = location_images.LocationImageRemoval(location=location, seen=seen(call))
    await call.run(location_images.remove, wanted)


@endpoint("DELETE", "/locations/{location}", status=204, refusals=(409,), operation=locations.remove)
async def remove_location(call: ApiCall, location: str) -> None:
    """Remove a location without chargers. Its history stays."""
    await call.run(locations.remove, locations.LocationRemoval(location=location))


async def _changed(
    call: ApiCall, location: str, changed: Callable[[LocationTerms], LocationTerms]
) -> Answer[LocationView]:
    wanted = locations.LocationChangeInput(location=location, changed=changed, seen=seen(call))
    await call.run(locations.change, wanted)
    return await _answer(call, location, {})


async def _answer(
    call: ApiCall, location: str, headers: dict[str, str], as_of: datetime | None = None
) -> Answer[LocationView]:
    row = await _row(call, location, as_of)
    return Answer(view(row, call.as_of(as_of) or call.now), headers | versioned(row.version))


async def _row(call: ApiCall, location: str, as_of: datetime | None = None) -> LocationRow:
    require_at(call.identity.actor.grants, (location,))
    row = await call.queries_as_of(as_of).location(call.company, location)
    if row is None or row.removed or is_home(location):
        raise not_found()
    return row


ENDPOINTS = (
    list_locations,
    add_location,
    location,
    change_location,
    put_opening_hours,
    put_access,
    put_image,
    image,
    remove_image,
    remove_location,
)
