"""``/chargers``: the company's chargers with their plugs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, TypeVar
from urllib.parse import quote

from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.plugs import Plugs, PlugView, plug_view, specs
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, ShortText, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import seen, versioned
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.charger_changes import ChargerTerms
from eosvolt.application.operations import bookings
from eosvolt.application.operations import chargers as operations
from eosvolt.application.operations.operation import Operation
from eosvolt.application.permissions import allows
from eosvolt.domain.bookings.slots import Slot
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.projections.charge_points import ChargePointRow

T = TypeVar("T")

ChargeBoxId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=48,
        pattern=r"^[^\s:\x00-\x1f\x7f]([^:\x00-\x1f\x7f]*[^\s:\x00-\x1f\x7f])?$",
        description="What the charger calls itself; no colon, no blank at either end.",
    ),
]
Password = Annotated[
    str,
    Meta(
        min_length=8, max_length=40, description="HTTP Basic; the key in hex where the charger wants bytes."
    ),
]


class CertificateView(View, frozen=True, kw_only=True):
    """A certificate that we signed for a charger: the SHA-256 of it in hex, and when it ends."""

    fingerprint: str
    ends_at: datetime


class ChargerView(View, frozen=True, kw_only=True):
    """A charger.

    ``since`` is when it last connected or disconnected; ``links`` are the addresses to configure in it.
    ``certificate`` is the one it uses, ``offeredCertificate`` one that it was sent and has not confirmed.
    """

    id: str
    charge_box_id: str
    location_id: str
    online: bool
    has_password: bool
    disabled: bool
    held: bool
    added_at: datetime
    plugs: list[PlugView]
    links: dict[str, str]
    since: datetime | None = None
    protocol: str = ""
    secure: bool = False
    authenticated: bool = False
    conformance: Conformance = Conformance.TOLERANT
    assume_protocol: bool = False
    security_profile: int = 0
    password_rotated_at: datetime | None = None
    certificate: CertificateView | None = None
    offered_certificate: CertificateView | None = None
    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    booted_at: datetime | None = None


class NewCharger(ApiInput, frozen=True, kw_only=True):
    """A new charger. Without a password it connects without authentication.

    ``held``: its BootNotification is answered Pending until ``held`` is false.
    """

    location_id: ShortText
    charge_box_id: ChargeBoxId
    plugs: Plugs
    password: Password | None = None
    held: bool = False


class ChargerChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396): ``null`` removes a value.

    ``conformance``: the handling of messages that break their schema. ``assumeProtocol``: accept a handshake
    without subprotocol. ``securityProfile``: the lowest OCPP security profile to accept (0: any). ``held``:
    answer Pending from the next BootNotification on, so that the charger can be configured; ``false``
    accepts it.
    """

    location_id: ShortText | UnsetType = UNSET
    plugs: Plugs | UnsetType = UNSET
    password: Password | UnsetType | None = UNSET
    disabled: bool | UnsetType | None = UNSET
    conformance: Conformance | UnsetType | None = UNSET
    assume_protocol: bool | UnsetType | None = UNSET
    security_profile: Annotated[int, Meta(ge=0, le=3)] | UnsetType | None = UNSET
    held: bool | UnsetType | None = UNSET


class ChargerQuery(PageQuery, frozen=True, kw_only=True):
    """The filter of chargers."""

    location: ShortText = ""
    search: Annotated[str, Meta(max_length=200, description="A part of the charge box id.")] = ""


@endpoint("GET", "/chargers", needs=operations.VIEW)
async def list_chargers(call: ApiCall, query: ChargerQuery) -> Answer[Items[ChargerView]]:
    """The chargers with their plugs, by charge box id."""
    rows = await call.queries.charge_points(call.company, location=query.location, search=query.search)
    plugs: dict[str, list[PlugView]] = {}
    for plug in await call.queries.connectors(call.company):
        plugs.setdefault(plug.charge_point, []).append(plug_view(plug))
    views = [_view(call, row, plugs.get(row.charge_box_id, [])) for row in rows]
    return paged(call, views, lambda each: each.id, query)


@endpoint("POST", "/chargers", status=201, operation=operations.add)
async def add_charger(call: ApiCall, body: NewCharger) -> Answer[ChargerView]:
    """Add a charger. The answer has the addresses that it connects to."""
    wanted = operations.NewChargerInput(
        charger=body.charge_box_id,
        location=body.location_id,
        connectors=specs(body.plugs),
        password=body.password,
        held=body.held,
    )
    return await made_known(call, operations.add, wanted)


async def made_known(
    call: ApiCall, operation: Operation[operations.NewChargerInput, str], wanted: operations.NewChargerInput
) -> Answer[ChargerView]:
    """The charger that the ``operation`` added."""
    charger = await call.run(operation, wanted)
    return await _answer(call, charger, {"Location": f"/api/v1/chargers/{quote(charger, safe='')}"})


@endpoint("GET", "/chargers/{charger}", needs=operations.VIEW)
async def charger(call: ApiCall, charger: str) -> Answer[ChargerView]:
    """One charger."""
    return await _answer(call, charger, {})


@endpoint("PATCH", "/chargers/{charger}", refusals=(409, 412), operation=operations.change)
async def change_charger(call: ApiCall, charger: str, body: ChargerChange) -> Answer[ChargerView]:
    """Change a charger: location, plugs, password, connection policy, or whether it may connect."""
    terms = ChargerTerms(
        location=body.location_id,
        connectors=UNSET if body.plugs is UNSET else specs(body.plugs),
        password=body.password,
        disabled=_given(body.disabled, otherwise=False),
        conformance=_given(body.conformance, otherwise=Conformance.TOLERANT),
        assume_protocol=_given(body.assume_protocol, otherwise=False),
        security_profile=_given(body.security_profile, otherwise=0),
        held=_given(body.held, otherwise=False),
    )
    wanted = operations.ChargerChangeInput(charger=charger, terms=terms, seen=seen(call))
    await call.run(operations.change, wanted)
    return await _answer(call, charger, {})


@endpoint("DELETE", "/chargers/{charger}", status=204, refusals=(409,), operation=operations.remove)
async def remove_charger(call: ApiCall, charger: str) -> None:
    """Remove a charger without open sessions. Its history stays."""
    await call.run(operations.remove, operations.ChargerById(charger=charger))


@endpoint("DELETE", "/chargers/{charger}/certificates", status=204, operation=operations.revoke_certificates)
async def revoke_certificates(call: ApiCall, charger: str) -> None:
    """Revoke all certificates that were signed for a charger.

    A connected charger is disconnected. It gets a new certificate when it requests one.
    """
    await call.run(operations.revoke_certificates, operations.ChargerById(charger=charger))


def _given(value: T | UnsetType | None, *, otherwise: T) -> T | UnsetType:
    """A value of a patch; ``null`` stands for the default of a new charger."""
    return otherwise if value is None else value


async def _answer(call: ApiCall, charger: str, headers: dict[str, str]) -> Answer[ChargerView]:
    row = await call.queries.charge_point(call.company, charger)
    if row is None:
        raise not_found()
    plugs = await call.queries.connectors(call.company, charge_box_id=charger)
    booked: Mapping[int, Slot] = {}
    if allows(call.identity.actor.grants, bookings.VIEW):
        numbers = [plug.connector for plug in plugs]
        booked = await call.dependencies.slot_offers.next_booked(call.company, charger, numbers, call.now)
    views = [plug_view(plug, booked.get(plug.connector)) for plug in plugs]
    return Answer(_view(call, row, views), headers | versioned(row.version))


def _view(call: ApiCall, row: ChargePointRow, plugs: list[PlugView]) -> ChargerView:
    return ChargerView(
        id=row.charge_box_id,
        charge_box_id=row.charge_box_id,
        location_id=row.location,
        online=row.online,
        has_password=row.has_password,
        disabled=row.disabled,
        held=row.held,
        added_at=row.added_at,
        plugs=plugs,
        links=call.dependencies.charger_links(call.company),
        since=row.since,
        protocol=row.protocol,
        secure=row.secure,
        authenticated=row.authenticated,
        conformance=row.conformance,
        assume_protocol=row.assume_protocol,
        security_profile=row.security_profile,
        password_rotated_at=row.password_rotated_at,
        certificate=_certificate(row.certificate, row.certificate_ends_at),
        offered_certificate=_certificate(row.offered_certificate, row.offered_ends_at),
        vendor=row.vendor,
        model=row.model,
        serial=row.serial,
        firmware=row.firmware,
        booted_at=row.booted_at,
    )


def _certificate(fingerprint: str, ends_at: datetime | None) -> CertificateView | None:
    return None if ends_at is None else CertificateView(fingerprint=fingerprint, ends_at=ends_at)


ENDPOINTS = (list_chargers, add_charger, charger, change_charger, remove_charger, revoke_certificates)
