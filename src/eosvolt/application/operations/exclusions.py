"""Operations on exclusions: record one, and withdraw it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.locations import check_location
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation_at,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.exclusions.commands import RecordExclusion, WithdrawExclusion
from eosvolt.domain.exclusions.decider import Exclusion, exclusions
from eosvolt.domain.exclusions.events import ExcludedScope, ExclusionKind
from eosvolt.domain.kernel import CommandEnvelope

VIEW = Permission(Action.VIEW, ProductArea.DIAGNOSTICS)


class ExclusionInput(Input, frozen=True, kw_only=True):
    """An exclusion under an id that was never used before.

    ``charger`` is a charge box id; with it ``location`` may be empty: it is where the charger stands now.
    """

    exclusion: str
    kind: ExclusionKind
    since: datetime
    until: datetime
    reason: str
    location: str = ""
    charger: str = ""
    plug: int = 0


class ExclusionWithdrawal(Input, frozen=True, kw_only=True):
    """The exclusion to withdraw, and why."""

    exclusion: str
    reason: str = ""


async def _where(context: OperationContext, wanted: ExclusionInput) -> Collection[str]:
    return ((await _scope(context, wanted)).location,)


async def _at(context: OperationContext, wanted: ExclusionWithdrawal) -> Collection[str]:
    return ((await _known(context, wanted.exclusion)).recorded.scope.location,)


@operation_at(Permission(Action.ADD, ProductArea.DIAGNOSTICS), _where)
async def record(context: OperationContext, wanted: ExclusionInput) -> Plan[str]:
    """Explain down time of a location, a charger or a plug. Returns the exclusion's id."""
    command = RecordExclusion(
        exclusion=wanted.exclusion,
        company=context.company,
        scope=await _scope(context, wanted),
        kind=wanted.kind,
        since=wanted.since,
        until=wanted.until,
        reason=wanted.reason,
        at=context.at,
    )
    await context.state(exclusions, wanted.exclusion)
    return Plan((CommandEnvelope(exclusions, wanted.exclusion, command),), wanted.exclusion)


@operation_at(Permission(Action.DELETE, ProductArea.DIAGNOSTICS), _at)
async def withdraw(context: OperationContext, wanted: ExclusionWithdrawal) -> Plan[None]:
    """Let an exclusion count no more; it stays in the list, with who withdrew it and why."""
    await _known(context, wanted.exclusion)
    command = WithdrawExclusion(at=context.at, reason=wanted.reason)
    return Plan((CommandEnvelope(exclusions, wanted.exclusion, command),), None)


async def _scope(context: OperationContext, wanted: ExclusionInput) -> ExcludedScope:
    if not wanted.charger:
        if wanted.plug:
            raise InvalidValue("plug", "A plug needs its charger.")
        await check_location(context, wanted.location, "locationId")
        return ExcludedScope(wanted.location)
    charger = known(await context.state(charge_points, f"{context.company}/{wanted.charger}"))
    if charger is None:
        raise NotThere
    if wanted.location not in {"", charger.location}:
        raise InvalidValue("chargeBoxId", "The charger is at another location.")
    if wanted.plug and wanted.plug not in charger.numbers():
        raise InvalidValue("plug", "The charger has no such plug.")
    return ExcludedScope(charger.location, wanted.charger, wanted.plug)


async def _known(context: OperationContext, exclusion: str) -> Exclusion:
    state = await context.state(exclusions, exclusion)
    if not isinstance(state, Exclusion):
        raise NotThere
    return state


OPERATIONS: tuple[Operation[Any, Any], ...] = (record, withdraw)
