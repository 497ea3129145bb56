"""Making chargers known, changing and removing them, and ending their certificates."""

import re
from collections.abc import Collection
from functools import partial
from typing import Any

import msgspec

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
from eosvolt.domain.kernel import CommandEnvelope, Event
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import CertificatesRevoked

VIEW = Permission(Action.VIEW, ProductArea.CHARGE_POINTS)
EXPORT = Permission(Action.EXPORT, ProductArea.CHARGE_POINTS)
# 1 to 48 characters; no colon (HTTP Basic, RFC 7617 section 2), no blank at either end.
CHARGE_BOX_ID = re.compile(r"[^\s:\x00-\x1f\x7f]([^:\x00-\x1f\x7f]{0,46}[^\s:\x00-\x1f\x7f])?")
_ADD = Permission(Action.ADD, ProductArea.CHARGE_POINTS)
_EDIT = Permission(Action.EDIT, ProductArea.CHARGE_POINTS)
# What somebody decided about a charger; a password that was set anew is never shown.
DECISIONS = (ChargePointAdded, ChargePointChanged, ConnectionPolicyChanged, ChargePointRemoved)
# With what happens to it by itself: each gives what the API shows of it another version.
EDITIONS = (
    *DECISIONS,
    PasswordChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointBooted,
)


class NewChargerInput(Input, frozen=True, kw_only=True):
    """A charger that may connect from now on; without a ``password`` it may do so without one.

    ``held``: it is told to wait at its boot, until it is released.
    """

    charger: str
    location: str
    connectors: tuple[ConnectorSpec, ...]
    password: str | None = None
    held: bool = False


class ChargerById(Input, frozen=True, kw_only=True):
    """A charger, by its charge box id."""

    charger: str


class ChargerChangeInput(ChargerById, frozen=True, kw_only=True):
    """What is to be different about a charger.

    ``seen`` are versions of what the API shows, ``since`` is the version of a form that was filled in
    meanwhile: the charger may have done whatever it does, but nobody else may have decided about it.
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
    """Make a charger known, with its password. Answers its charge box id.

    Asked for again, nothing changes. Raises ``Rejected`` where another one of this name is known.
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
    """Make a charger known that tried to connect. Raises ``NotThere`` where none of this name did."""
    if await context.ports.unknown_chargers.one(context.company, wanted.charger) is None:
        raise NotThere
    if not CHARGE_BOX_ID.fullmatch(wanted.charger):
        raise InvalidValue("", "A charger of this name cannot be known: give it another one.")
    return await add.plan(context, wanted)


@operation_at(_EDIT, _at)
async def change(context: OperationContext, wanted: ChargerChangeInput) -> Plan[None]:
    """Carry out all of a change or, where any of it is refused, nothing.

    Whoever is connected by what is over is disconnected; one that is released is asked to boot.
    """
    key, terms, at = _key(context, wanted.charger), wanted.terms, context.at
    state = await _known(context, wanted.charger)
    await context.check_seen(charge_points, key, wanted.seen, _any_edition, told)
    await context.check_unedited(charge_points, key, wanted.since, _decided, told)
    if terms.location is not msgspec.UNSET and terms.location != state.location:
        await check_location(context, terms.location, "locationId")
        require_at(context.actor.grants, (terms.location,))
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
    """Forget a charger, its password and its certificates; its history stays.

    Raises ``Rejected`` in a session.
    """
    await _known(context, wanted.charger)
    key = _key(context, wanted.charger)
    envelope = CommandEnvelope(charge_points, key, RemoveChargePoint(at=context.at))
    forgotten = context.ports.credentials.change(key, None)
    disconnected = partial(context.ports.gateway.disconnect, key)
    return Plan((envelope,), None, alongside=(forgotten,), afterwards=(disconnected,))


@operation_at(_EDIT, _at)
async def revoke_certificates(context: OperationContext, wanted: ChargerById) -> Plan[None]:
    """Revoke all certificates that were signed for the charger until now."""
    await _known(context, wanted.charger)
    key = _key(context, wanted.charger)
    revoked = RecordDeviceEvent(event=CertificatesRevoked(at=context.at, reason="operator"))
    envelope = CommandEnvelope(maintenance, key, revoked)
    return Plan((envelope,), None, afterwards=(partial(context.ports.gateway.disconnect, key),))


def told(charger: ChargePoint) -> ChargerTerms | None:
    """What has been decided about a charger; never its password."""
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
