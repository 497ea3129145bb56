"""What operators change about chargers: one plan for each wish, and the password in the same transaction.

Events and password are stored together or not at all; then whoever is connected under what is over is
disconnected.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from eosvolt.application.commands.request import CommandRequests
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Alongside, Credentials
from eosvolt.domain.charge_points.commands import (
    AddChargePoint,
    ChangeChargePoint,
    ChangeHandling,
    RemoveChargePoint,
)
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import Conformance, ConnectorSpec
from eosvolt.domain.charge_points.state import Known, known
from eosvolt.domain.kernel import Order, Provenance
from eosvolt.domain.maintenance.commands import Note
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import CertificatesRevoked


class ChargerWish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be different; what is left out stays. ``password`` ``None`` takes the password away."""

    location: str | UnsetType = UNSET
    connectors: tuple[ConnectorSpec, ...] | UnsetType = UNSET
    password: str | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET
    conformance: Conformance | UnsetType = UNSET
    assume_protocol: bool | UnsetType = UNSET
    security_profile: int | UnsetType = UNSET
    held: bool | UnsetType = UNSET


class ChargerChanges:
    """Adds, changes and removes chargers. ``charge_point`` is always ``company/charge box id``."""

    def __init__(self, application: Application, credentials: Credentials, commands: CommandRequests) -> None:
        """``credentials`` keep the passwords, ``commands`` knows who is connected."""
        self._application = application
        self._credentials = credentials
        self._commands = commands

    async def add(self, command: AddChargePoint, password: str | bytes | None, why: Provenance) -> None:
        """Make a charger known, with its password. Asked for again, nothing changes. Raises ``Rejected``."""
        await add_charger(self._application, self._credentials, command, password, why)

    async def change(
        self,
        charge_point: str,
        wish: ChargerWish,
        at: datetime,
        why: Provenance,
        expected: Known | None = None,
    ) -> bool:
        """Carry out all of the wish or, where any of it is refused, nothing. Raises ``Rejected``.

        False where the charger is not known, or is not as ``expected`` any more; nothing happens then.
        """

        async def plan() -> Plan[Known | None]:
            state = known(await self._application.state(charge_points, charge_point))
            if state is None or (expected is not None and state != expected):
                return Plan((), None)
            orders = [Order(charge_points, charge_point, each) for each in _commands(state, wish, at)]
            alongside: Sequence[Alongside] = ()
            if wish.password is not UNSET:
                alongside = (self._credentials.change(charge_point, wish.password),)
                orders += await self._revocation(charge_point, at, "password")
            return Plan(orders, state, alongside=alongside)

        before = await self._application.perform(plan, why)
        if before is None:
            return False
        profile = before.security_profile if wish.security_profile is UNSET else wish.security_profile
        shut_out = wish.disabled is True and not before.disabled
        if wish.password is not UNSET or profile != before.security_profile or shut_out:
            await self._commands.disconnect(charge_point)
        if before.held and wish.held is False:
            await self._commands.trigger_boot(why.company, charge_point, why.by)
        return True

    async def remove(self, charge_point: str, at: datetime, why: Provenance) -> None:
        """Forget a charger, its password and its certificates. Raises ``Rejected`` in a session."""

        async def plan() -> Plan[None]:
            orders = [Order(charge_points, charge_point, RemoveChargePoint(at=at))]
            orders += await self._revocation(charge_point, at, "removal")
            return Plan(orders, None, alongside=(self._credentials.change(charge_point, None),))

        await self._application.perform(plan, why)
        await self._commands.disconnect(charge_point)

    async def revoke_certificates(self, charge_point: str, at: datetime, why: Provenance) -> None:
        """No certificate that was signed for the charger until now opens the door any more."""

        async def plan() -> Plan[None]:
            return Plan(await self._revocation(charge_point, at, "operator"), None)

        await self._application.perform(plan, why)
        await self._commands.disconnect(charge_point)

    async def _revocation(self, charge_point: str, at: datetime, reason: str) -> list[Order]:
        """What ends the charger's certificates; nothing where it has none."""
        upkeep = await self._application.state(maintenance, charge_point)
        if not upkeep.certificates.issued:
            return []
        return [Order(maintenance, charge_point, Note(event=CertificatesRevoked(at=at, reason=reason)))]


async def add_charger(
    application: Application,
    credentials: Credentials,
    command: AddChargePoint,
    password: str | bytes | None,
    why: Provenance,
) -> None:
    """Make a charger known, with its password, in one transaction. Raises ``Rejected``.

    A charger that is known already keeps the password that it has.
    """
    key = f"{command.company}/{command.charge_box_id}"

    async def plan() -> Plan[None]:
        new = known(await application.state(charge_points, key)) is None
        alongside = (credentials.change(key, password),) if new else ()
        return Plan((Order(charge_points, key, command),), None, alongside=alongside)

    await application.perform(plan, why)


def _commands(state: Known, wish: ChargerWish, at: datetime) -> list[ChangeChargePoint | ChangeHandling]:
    """The wish in the order in which no step of it is refused for another that comes later."""
    set_anew = wish.password is not UNSET
    described = ChangeChargePoint(
        location=state.location if wish.location is UNSET else wish.location,
        connectors=state.connectors if wish.connectors is UNSET else wish.connectors,
        has_password=state.has_password if wish.password is UNSET else wish.password is not None,
        disabled=state.disabled if wish.disabled is UNSET else wish.disabled,
        password_set=set_anew,
        at=at,
    )
    handled = ChangeHandling(
        conformance=state.conformance if wish.conformance is UNSET else wish.conformance,
        assume_protocol=state.assume_protocol if wish.assume_protocol is UNSET else wish.assume_protocol,
        security_profile=state.security_profile if wish.security_profile is UNSET else wish.security_profile,
        held=state.held if wish.held is UNSET else wish.held,
        at=at,
    )
    # A password comes before the profile that needs it, and goes after it.
    rises = handled.security_profile >= state.security_profile
    return [described, handled] if rises else [handled, described]
