"""The change of a charger: its commands, and its password in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Alongside, Credentials
from eosvolt.domain.charge_points.commands import AddChargePoint, ChangeChargePoint, ChangeConnectionPolicy
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import Conformance, ConnectorSpec
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.kernel import CommandEnvelope, Provenance


class ChargerTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The fields to change; the others stay. ``password`` ``None`` removes the password."""

    location: str | UnsetType = UNSET
    connectors: tuple[ConnectorSpec, ...] | UnsetType = UNSET
    password: str | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET
    conformance: Conformance | UnsetType = UNSET
    assume_protocol: bool | UnsetType = UNSET
    security_profile: int | UnsetType = UNSET
    held: bool | UnsetType = UNSET


class Addition(NamedTuple):
    """The commands that add a charger, and the statements of the same transaction."""

    envelopes: Sequence[CommandEnvelope]
    alongside: Sequence[Alongside]


async def addition(
    application: Application, credentials: Credentials, command: AddChargePoint, password: str | bytes | None
) -> Addition:
    """The addition of a charger with its password. A charger that exists already keeps its password."""
    key = f"{command.company}/{command.charge_box_id}"
    new = known(await application.state(charge_points, key)) is None
    return Addition(
        (CommandEnvelope(charge_points, key, command),), (credentials.change(key, password),) if new else ()
    )


async def add_charger(
    application: Application,
    credentials: Credentials,
    command: AddChargePoint,
    password: str | bytes | None,
    why: Provenance,
) -> None:
    """Add a charger with its password in one transaction. Raises ``Rejected``."""

    async def plan() -> Plan[None]:
        envelopes, alongside = await addition(application, credentials, command, password)
        return Plan(envelopes, None, alongside=alongside)

    await application.perform(plan, why)


def changes(
    state: Registered, terms: ChargerTerms, at: datetime
) -> list[ChangeChargePoint | ChangeConnectionPolicy]:
    """The commands of a change, in an order in which none is refused because another comes later."""
    set_anew = terms.password is not UNSET
    described = ChangeChargePoint(
        location=state.location if terms.location is UNSET else terms.location,
        connectors=state.connectors if terms.connectors is UNSET else terms.connectors,
        has_password=state.has_password if terms.password is UNSET else terms.password is not None,
        disabled=state.disabled if terms.disabled is UNSET else terms.disabled,
        password_set=set_anew,
        at=at,
    )
    handled = ChangeConnectionPolicy(
        conformance=state.conformance if terms.conformance is UNSET else terms.conformance,
        assume_protocol=state.assume_protocol if terms.assume_protocol is UNSET else terms.assume_protocol,
        security_profile=state.security_profile
        if terms.security_profile is UNSET
        else terms.security_profile,
        held=state.held if terms.held is UNSET else terms.held,
        at=at,
    )
    # Set a password before the security profile that needs it, and remove it after.
    rises = handled.security_profile >= state.security_profile
    return [described, handled] if rises else [handled, described]


def shuts_out(state: Registered, terms: ChargerTerms) -> bool:
    """Whether the present connection authenticated by something that this change revokes."""
    profile = state.security_profile if terms.security_profile is UNSET else terms.security_profile
    disabled = terms.disabled is True and not state.disabled
    return terms.password is not UNSET or profile != state.security_profile or disabled
