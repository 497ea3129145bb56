"""``/zones``: load balancing zones, their chargers, their decisions and their power."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import UNSET, Meta, structs

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.zone_details import CANDIDATES, ZONE_DETAILS
from eosvolt.adapters.http.api.zone_shapes import (
    LinesShape,
    ZoneChange,
    ZoneChargerShape,
    ZoneInput,
    charger_input,
    charger_shape,
    input_of,
    lines_ma,
    settings_of,
)
from eosvolt.adapters.http.api.zone_views import (
    ZoneReadingView,
    ZoneView,
    reading_view,
    zone_view,
)
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    AsOf,
    AsOfInstant,
    Instant,
    Items,
    utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import patched, seen, versioned
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.zones import zone_state, zone_states
from eosvolt.application.operations import zones as operations
from eosvolt.application.operations.zones import (
    NewZoneInput,
    ZoneById,
    ZoneChangeInput,
    ZoneChargerPut,
    ZoneChargerRemoval,
    ZoneReadingInput,
)
from eosvolt.domain.zones.limits import LARGEST_POWER_W
from eosvolt.domain.zones.values import MeterReading, ZoneSettings

_TWELVE_HOURS = timedelta(hours=12)


class ZonesQuery(PageQuery, frozen=True, kw_only=True):
    """The page and the instant of the list."""

    as_of: AsOfInstant = None


class ZoneReadingBody(ApiInput, frozen=True, kw_only=True):
    """A reading of the site meter: the power of all lines in W, negative where the site feeds the grid.

    ``currentA`` are the currents of L1, L2 and L3, where the meter has them.
    """

    at: Instant
    power_w: Annotated[int, Meta(ge=-LARGEST_POWER_W, le=LARGEST_POWER_W)]
    current_a: LinesShape | None = None


@endpoint("GET", "/zones", needs=operations.VIEW)
async def list_zones(call: ApiCall, query: ZonesQuery) -> Answer[Items[ZoneView]]:
    """All zones by name, without their chargers and allocations.

    Who may see some locations only sees the zones of which all chargers stand there.
    """
    at = call.as_of(query.as_of)
    found = await zone_states(call.queries.as_of(at), call.company, at or call.now, decisions=1)
    return paged(call, [zone_view(each, whole=False) for each in found], lambda each: each.id, query)


@endpoint("POST", "/zones", status=201, refusals=(409,), operation=operations.create)
async def create_zone(call: ApiCall, body: ZoneInput) -> Answer[ZoneView]:
    """Create a zone. It is off until it is enabled."""
    zone = await call.run(
        operations.create,
        NewZoneInput(
            zone=call.new_id(),
            settings=settings_of(body),
            chargers=tuple(charger_input(each) for each in body.chargers),
        ),
    )
    return await _answer(call, zone, {"Location": f"/api/v1/zones/{zone}"})


@endpoint("GET", "/zones/{zone}", needs=operations.VIEW)
async def get_zone(call: ApiCall, zone: str, query: AsOf) -> Answer[ZoneView]:
    """One zone, with the plugs of its chargers and of all zones below it."""
    return await _answer(call, zone, {}, query.as_of)


@endpoint("PATCH", "/zones/{zone}", refusals=(409, 412), operation=operations.change)
async def change_zone(call: ApiCall, zone: str, body: ZoneChange) -> Answer[ZoneView]:
    """Change a zone, or replace all its chargers."""
    terms = structs.replace(body, chargers=UNSET)

    def changed(known: ZoneSettings) -> ZoneSettings:
        return settings_of(patched(ZoneInput, input_of(known), terms))

    chosen = None if body.chargers is UNSET else tuple(charger_input(each) for each in body.chargers or ())
    await call.run(
        operations.change, ZoneChangeInput(zone=zone, changed=changed, chargers=chosen, seen=seen(call))
    )
    return await _answer(call, zone, {})


@endpoint("DELETE", "/zones/{zone}", status=204, refusals=(409,), operation=operations.remove)
async def remove_zone(call: ApiCall, zone: str) -> None:
    """Remove a zone that is off and has no sub-zones. Its history stays."""
    await call.run(operations.remove, ZoneById(zone=zone))


@endpoint("POST", "/zones/{zone}/enable", refusals=(409,), operation=operations.enable)
async def enable_zone(call: ApiCall, zone: str) -> Answer[ZoneView]:
    """Let all chargers of the zone and its sub-zones follow it."""
    await call.run(operations.enable, ZoneById(zone=zone))
    return await _answer(call, zone, {})


@endpoint("POST", "/zones/{zone}/disable", refusals=(409,), operation=operations.disable)
async def disable_zone(call: ApiCall, zone: str) -> Answer[ZoneView]:
    """Withdraw the zone's limits. ``notWithdrawn`` are the chargers that have not confirmed it yet."""
    await call.run(operations.disable, ZoneById(zone=zone))
    return await _answer(call, zone, {})


@endpoint("POST", "/zones/{zone}/meter", refusals=(409,), operation=operations.meter)
async def meter_zone(call: ApiCall, zone: str, body: ZoneReadingBody) -> ZoneReadingView:
    """Take a reading of the zone's site meter; one that is older than the last changes nothing.

    The answer is the newest reading.
    """
    reading = MeterReading(
        at=utc(body.at, "/at"),
        power_w=body.power_w,
        current_ma=None if body.current_a is None else lines_ma(body.current_a),
    )
    await call.run(operations.meter, ZoneReadingInput(zone=zone, reading=reading))
    row = await call.queries.zone(call.company, zone)
    view = None if row is None else reading_view(row)
    if view is None:
        raise not_found()
    return view


@endpoint("GET", "/zones/{zone}/chargers", needs=operations.VIEW)
async def list_zone_chargers(call: ApiCall, zone: str, query: ZonesQuery) -> Answer[Items[ZoneChargerShape]]:
    """The zone's own chargers with their priority and wiring, in the order in which they joined."""
    row = await call.queries_as_of(query.as_of).zone(call.company, zone)
    if row is None:
        raise not_found()
    return paged(call, [charger_shape(each) for each in row.chargers], lambda each: each.charge_box_id, query)


@endpoint("POST", "/zones/{zone}/chargers", refusals=(409,), operation=operations.put_charger)
async def put_zone_charger(call: ApiCall, zone: str, body: ZoneChargerShape) -> Answer[ZoneView]:
    """Add a charger to the zone, or give one of its chargers another wiring or priority."""
    await call.run(operations.put_charger, ZoneChargerPut(zone=zone, charger=charger_input(body)))
    return await _answer(call, zone, {})


@endpoint("DELETE", "/zones/{zone}/chargers/{charger}", status=204, operation=operations.remove_charger)
async def remove_zone_charger(call: ApiCall, zone: str, charger: str) -> None:
    """Take a charger out of the zone; the zone's limits are withdrawn from it."""
    await call.run(operations.remove_charger, ZoneChargerRemoval(zone=zone, charger=charger))


async def _answer(
    call: ApiCall, zone: str, headers: dict[str, str], as_of: datetime | None = None
) -> Answer[ZoneView]:
    at = call.as_of(as_of)
    state = await zone_state(call.queries.as_of(at), call.company, zone, at or call.now)
    if state is None:
        raise not_found()
    return Answer(zone_view(state), headers | versioned(state.row.version))


ENDPOINTS = (
    list_zones,
    create_zone,
    *CANDIDATES,
    get_zone,
    change_zone,
    remove_zone,
    enable_zone,
    disable_zone,
    meter_zone,
    list_zone_chargers,
    put_zone_charger,
    remove_zone_charger,
    *ZONE_DETAILS,
)
