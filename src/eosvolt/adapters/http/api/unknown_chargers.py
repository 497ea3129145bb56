"""``/unknown-chargers``: connection attempts of unknown chargers."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.chargers import ChargerView, Password, made_known
from eosvolt.adapters.http.api.plugs import Plugs, PlugShape, specs
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, ShortText, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.application.access import UnknownCharger
from eosvolt.application.operations import chargers
from eosvolt.application.operations import unknown_chargers as unknown

ONE_PLUG = (PlugShape(number=1),)


class UnknownChargerView(View, frozen=True, kw_only=True):
    """An unknown charger that tried to connect to this company's address.

    ``offered``: the subprotocols of its last handshake. ``secure``: it used TLS, for which it will need a
    password.
    """

    id: str
    charge_box_id: str
    first_seen: datetime
    last_seen: datetime
    attempts: int
    address: str
    offered: list[str]
    secure: bool


class Adoption(ApiInput, frozen=True, kw_only=True):
    """Its location and plugs; by default one plug, others are added when it reports them."""

    location_id: ShortText
    plugs: Plugs = ONE_PLUG
    password: Password | None = None


class UnknownQuery(PageQuery, frozen=True, kw_only=True):
    """The filter of unknown chargers."""

    search: Annotated[str, Meta(max_length=200, description="A part of the charge box id.")] = ""


@endpoint("GET", "/unknown-chargers", needs=unknown.VIEW)
async def list_unknown_chargers(call: ApiCall, query: UnknownQuery) -> Answer[Items[UnknownChargerView]]:
    """The unknown chargers that tried to connect, at most 1,000, the last seen first."""
    unknown_chargers = await call.dependencies.unknown_chargers.of(call.company)
    known = {row.charge_box_id for row in await call.queries.charge_points(call.company)}
    wanted = query.search.casefold()
    found = [each for each in unknown_chargers if each.charge_box_id not in known]
    views = [_view(each) for each in found if wanted in each.charge_box_id.casefold()]
    return paged(call, views, lambda each: each.charge_box_id, query)


@endpoint("POST", "/unknown-chargers/{charger}/adopt", status=201, refusals=(409,), operation=chargers.adopt)
async def adopt(call: ApiCall, charger: str, body: Adoption) -> Answer[ChargerView]:
    """Add an unknown charger."""
    wanted = chargers.NewChargerInput(
        charger=charger,
        location=body.location_id,
        connectors=specs(body.plugs),
        password=body.password,
    )
    return await made_known(call, chargers.adopt, wanted)


@endpoint("DELETE", "/unknown-chargers/{charger}", status=204, operation=unknown.dismiss)
async def dismiss(call: ApiCall, charger: str) -> None:
    """Remove it from the list until its next connection attempt."""
    await call.run(unknown.dismiss, chargers.ChargerById(charger=charger))


def _view(charger: UnknownCharger) -> UnknownChargerView:
    return UnknownChargerView(
        id=charger.charge_box_id,
        charge_box_id=charger.charge_box_id,
        first_seen=charger.first_seen,
        last_seen=charger.last_seen,
        attempts=charger.attempts,
        address=charger.address,
        offered=[each.strip() for each in charger.offered.split(",") if each.strip()],
        secure=charger.secure,
    )


ENDPOINTS = (list_unknown_chargers, adopt, dismiss)
