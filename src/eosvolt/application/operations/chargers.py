"""Operations on chargers: add, adopt, change, remove, and revoke certificates."""

import re
from collections.abc import Collection
from functools import partial
from typing import Any

import msgspec

from eosvolt.application.booking_slots import check_not_booked
from eosvolt.application.charger_changes import ChargerTerms, addition, changes, shuts_out
from eosvolt.application.executor import Plan
from eosvolt.application.operations.locations import check_location
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation_at,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea, require_at
from eosvolt.domain.charge_points.commands import AddChargePoint, RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointBooted,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ConnectionPolicyChanged,
    ConnectorSpec,
    PasswordChanged,
)
from eosvolt.domain.charge_points.state import ChargePoint, Registered, known
from eosvolt.domain.kernel import CommandEnvelope, Event, Rejected
from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import CertificatesRevoked

VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)
EXPORT = Permission(Action.EXPORT, ProductArea.CHARGE_POINTS)
# 1 to 48 characters; no colon (HTTP Basic, RFC 7617 section 2), no blank at either end.
CHARGE_BOX_ID = re.compile(r"[^\s:\x00-\x1f\x7f]([^:\x00-\x1f\x7f]{0,46}[^\s:\x00-\x1f\x7f])?")
_ADD = Permission(Action.ADD, ProductArea.CHARGE_POINTS)
_EDIT = Permission(Action.EDIT, ProductArea.CHARGE_POINTS)
# The events of decisions about a charger by users.
DECISIONS = (ChargePointAdded, ChargePointChanged, ConnectionPolicyChanged, ChargePointRemoved)
# The events that change the API's view of a charger, and with it its version.
EDITIONS = (
    *DECISIONS,
    PasswordChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointBooted,
)


class NewChargerInput(Input, frozen=True, kw_only=True):
    """A new charger; without a ``password`` it may connect without one.

    ``held``: its registration is pending until an operator accepts it.
    """

    charger: str
    location: str
    connectors: tuple[ConnectorSpec, ...]
    password: str | None = None
    held: bool = False


class ChargerById(Input, frozen=True, kw_only=True):
    """The charge box id of a charger."""

    charger: str


class ChargerChangeInput(ChargerById, frozen=True, kw_only=True):
    """The changes of a charger.

    ``seen`` are versions of the API's view. ``since`` is the version of the form that was filled in: later
    events of the charger itself do not matter, but a later decision of another user is a conflict.
    """

    terms: ChargerTerms
    seen: Seen = None
    since: int | None = None


async def _into(_: OperationContext, wanted: NewChargerInput) -> Collection[str]:
    return (wanted.location,)


async def _at(context: OperationContext, wanted: ChargerById) -> Collection[str]:
    return ((await _known(context, wanted.charger)).location,)


@operation_at(_ADD, _into)
async def add(context: OperationContext, wanted: NewChargerInput) -> Plan[str]:
    """Add a charger with its password. Returns its charge box id.

    A repetition changes nothing. Raises ``Rejected`` if another charger has this id.
    """
    await check_location(context, wanted.location, "locationId")
    command = AddChargePoint(
        company=context.company,
        charge_box_id=wanted.charger,
        location=wanted.location,
        connectors=wanted.connectors,
        at=context.at,
        has_password=wanted.password is not None,
        held=wanted.held,
    )
    envelopes, alongside = await addition(
        context.application, context.ports.credentials, command, wanted.password
    )
    listed = context.ports.unknown_chargers.forgotten(context.company, wanted.charger)
    return Plan(envelopes, wanted.charger, alongside=(*alongside, listed))


@operation_at(_ADD, _into)
async def adopt(context: OperationContext, wanted: NewChargerInput) -> Plan[str]:
    """Add a charger that tried to connect. Raises ``NotThere`` if none with this id did."""
    if await context.ports.unknown_chargers.one(context.company, wanted.charger) is None:
        raise NotThere
    if not CHARGE_BOX_ID.fullmatch(wanted.charger):
        raise InvalidValue("", "A charger of this name cannot be known: give it another one.")
    return await add.plan(context, wanted)


@operation_at(_EDIT, _at)
async def change(context: OperationContext, wanted: ChargerChangeInput) -> Plan[None]:
    """Carry out the whole change or, if any part is refused, nothing. A home charger stays at its home.

    A charger with bookings stays where it is.

    A connection that the new credentials no longer admit is closed. An accepted charger is asked to boot.
    """
    key, terms, at = _key(context, wanted.charger), wanted.terms, context.at
    state = await _known(context, wanted.charger)
    await context.check_seen(charge_points, key, wanted.seen, _any_edition, _current_terms)
    await context.check_unedited(charge_points, key, wanted.since, _decided, _current_terms)
    if terms.location is not msgspec.UNSET and terms.location != state.location:
        if is_home(state.location):
            raise Rejected("A home charger stays at its home.")
        await check_location(context, terms.location, "locationId")
        require_at(context.actor.grants, (terms.location,))
        await check_not_booked(context.application, state, at)
    envelopes = [CommandEnvelope(charge_points, key, each) for each in changes(state, terms, at)]
    alongside = []
    if terms.password is not msgspec.UNSET:
        alongside.append(context.ports.credentials.change(key, terms.password))
    if state.held and terms.held is False:
        envelopes += await context.ports.commands.boot(context.company, key, context.actor.by, at)
    afterwards = (partial(context.ports.gateway.disconnect, key),) if shuts_out(state, terms) else ()
    return Plan(envelopes, None, alongside=alongside, afterwards=afterwards)


@operation_at(Permission(Action.DELETE, ProductArea.CHARGE_POINTS), _at)
async def remove(context: OperationContext, wanted: ChargerById) -> Plan[None]:
    """Remove a charger, its password and its certificates; its history stays.

    Raises ``Rejected`` during a session, with bookings, and for a home charger.
    """
    state = await _known(context, wanted.charger)
    if is_home(state.location):
        raise Rejected("This is a home charger: remove it on its own page.")
    await check_not_booked(context.application, state, context.at)
    key = _key(context, wanted.charger)
    envelope = CommandEnvelope(charge_points, key, RemoveChargePoint(at=context.at))
    forgotten = context.ports.credentials.change(key, None)
    disconnected = partial(context.ports.gateway.disconnect, key)
    return Plan((envelope,), None, alongside=(forgotten,), afterwards=(disconnected,))


@operation_at(_EDIT, _at)
async def revoke_certificates(context: OperationContext, wanted: ChargerById) -> Plan[None]:
    """Revoke all certificates that were signed for the charger so far."""
    await _known(context, wanted.charger)
    key = _key(context, wanted.charger)
    revoked = RecordDeviceEvent(event=CertificatesRevoked(at=context.at, reason="operator"))
    envelope = CommandEnvelope(maintenance, key, revoked)
    return Plan((envelope,), None, afterwards=(partial(context.ports.gateway.disconnect, key),))


def _current_terms(charger: ChargePoint) -> ChargerTerms | None:
    """The settings of a charger, without its password; ``None`` if it is not registered."""
    if not isinstance(charger, Registered):
        return None
    return ChargerTerms(
        location=charger.location,
        connectors=charger.connectors,
        disabled=charger.disabled,
        conformance=charger.conformance,
        assume_protocol=charger.assume_protocol,
        security_profile=charger.security_profile,
        held=charger.held,
    )


async def _known(context: OperationContext, charger: str) -> Registered:
    state = known(await context.state(charge_points, _key(context, charger)))
    if state is None:
        raise NotThere
    return state


def _decided(event: Event) -> bool:
    return isinstance(event, DECISIONS)


def _any_edition(event: Event) -> bool:
    return isinstance(event, EDITIONS)


def _key(context: OperationContext, charger: str) -> str:
    return f"{context.company}/{charger}"


OPERATIONS: tuple[Operation[Any, Any], ...] = (add, adopt, change, remove, revoke_certificates)
