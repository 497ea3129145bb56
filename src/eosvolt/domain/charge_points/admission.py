"""The rules by which a charger is registered, described and configured: whether and how it may connect."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.domain.charge_points.commands import (
    AcceptRegistration,
    AddChargePoint,
    ChangeChargePoint,
    ChangeConnectionPolicy,
    NotePassword,
    RaiseSecurity,
)
from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointChanged,
    ChargePointEvent,
    ConnectionPolicyChanged,
    PasswordChanged,
)
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.kernel import Rejected

NEEDS_PASSWORD = (1, 2)
HIGHEST_PROFILE = 3


def added(command: AddChargePoint) -> Sequence[ChargePointEvent]:
    """Register the charger. Raises ``Rejected`` for invalid plugs."""
    _check(command)
    found = ChargePointAdded(
        company=command.company,
        charge_box_id=command.charge_box_id,
        location=command.location,
        connectors=command.connectors,
        at=command.at,
        has_password=command.has_password,
    )
    return [found, ConnectionPolicyChanged(at=command.at, held=True)] if command.held else [found]


def _check(command: AddChargePoint | ChangeChargePoint) -> None:
    numbers = [spec.number for spec in command.connectors]
    if not numbers:
        raise Rejected("A charger needs at least one plug.")
    if len(set(numbers)) != len(numbers) or min(numbers) < 1:
        raise Rejected("Plugs are numbered from 1, each number once.")


def added_again(command: AddChargePoint, known: Registered) -> Sequence[ChargePointEvent]:
    """Nothing, where it is the same charger. Raises ``Rejected`` otherwise."""
    same = (known.location, known.connectors, known.has_password, known.held) == (
        command.location,
        command.connectors,
        command.has_password,
        command.held,
    )
    if not same:
        raise Rejected(f"There is already a charger {command.charge_box_id}.")
    return []


def changed(command: ChangeChargePoint, known: Registered) -> Sequence[ChargePointEvent]:
    """Change the description. Raises ``Rejected`` where open sessions or past ones forbid it."""
    _check(command)
    if not set(known.numbers()) <= {spec.number for spec in command.connectors}:
        raise Rejected("A plug that has a history cannot be taken away.")
    if known.open() and command.location != known.location:
        raise Rejected("A session is still open on this charger: stop it before moving the charger.")
    if known.security_profile in NEEDS_PASSWORD and not command.has_password:
        raise Rejected("Security profiles 1 and 2 need a password: choose another profile first.")
    same = (known.location, known.connectors, known.has_password, known.disabled) == (
        command.location,
        command.connectors,
        command.has_password,
        command.disabled,
    )
    events: list[ChargePointEvent] = []
    if not same:
        events.append(
            ChargePointChanged(
                location=command.location,
                connectors=command.connectors,
                at=command.at,
                has_password=command.has_password,
                disabled=command.disabled,
            )
        )
    new_to_us = known.password_set_at is None or command.at > known.password_set_at
    if command.password_set and new_to_us:
        events.append(PasswordChanged(at=command.at, has_password=command.has_password))
    return events


def handled(command: ChangeConnectionPolicy, known: Registered) -> Sequence[ChargePointEvent]:
    """Change how its connections are handled. Raises ``Rejected`` for a profile without a password."""
    if command.security_profile in NEEDS_PASSWORD and not known.has_password:
        raise Rejected("Security profiles 1 and 2 need a password: set it first.")
    if not 0 <= command.security_profile <= 3:
        raise Rejected("OCPP has the security profiles 1, 2 and 3; 0 is none.")
    same = (known.conformance, known.assume_protocol, known.security_profile, known.held) == (
        command.conformance,
        command.assume_protocol,
        command.security_profile,
        command.held,
    )
    if same:
        return []
    return [
        ConnectionPolicyChanged(
            at=command.at,
            conformance=command.conformance,
            assume_protocol=command.assume_protocol,
            security_profile=command.security_profile,
            held=command.held,
        )
    ]


def registration_accepted(command: AcceptRegistration, known: Registered) -> Sequence[ChargePointEvent]:
    """Its next boot is accepted."""
    return handled(_as_it_is(known, command.at, held=False), known)


def raised(command: RaiseSecurity, known: Registered) -> Sequence[ChargePointEvent]:
    """Raise the security profile, unless the charger has no password to connect with it."""
    lacks = command.profile in NEEDS_PASSWORD and not known.has_password
    if lacks or not known.security_profile < command.profile <= HIGHEST_PROFILE:
        return []
    return handled(_as_it_is(known, command.at, profile=command.profile), known)


def secured(command: NotePassword, known: Registered) -> Sequence[ChargePointEvent]:
    """From now on the charger has to give its password."""
    if known.has_password:
        return []
    return [
        ChargePointChanged(
            location=known.location,
            connectors=known.connectors,
            at=command.at,
            has_password=True,
            disabled=known.disabled,
        )
    ]


def _as_it_is(
    known: Registered, at: datetime, *, profile: int | None = None, held: bool | None = None
) -> ChangeConnectionPolicy:
    """The present connection policy with the given changes."""
    return ChangeConnectionPolicy(
        at=at,
        conformance=known.conformance,
        assume_protocol=known.assume_protocol,
        security_profile=known.security_profile if profile is None else profile,
        held=known.held if held is None else held,
    )
