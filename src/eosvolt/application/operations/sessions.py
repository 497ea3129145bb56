"""Operations on sessions: end one without its charger, and bill held energy."""

from collections.abc import Collection
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import Input, Operation, OperationContext, operation_at
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.sessions.commands import BillHeldEnergy, EndCharging
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, Session, start_of

VIEW = Permission(Action.VIEW, ProductArea.SESSIONS)
EXPORT = Permission(Action.EXPORT, ProductArea.SESSIONS)
_EDIT = Permission(Action.EDIT, ProductArea.SESSIONS)

# The end reason of a session that an operator ended.
OPERATOR = "Operator"


class SessionEndInput(Input, frozen=True, kw_only=True):
    """A session, and the reason to end it."""

    session: str
    note: str


class HeldEnergyConsentInput(Input, frozen=True, kw_only=True):
    """A session, the reason to bill its held energy, and how much in Wh; all of it without ``wh``."""

    session: str
    note: str
    wh: int | None = None


async def _at(context: OperationContext, wanted: SessionEndInput | HeldEnergyConsentInput) -> Collection[str]:
    start = start_of(await context.state(sessions, wanted.session))
    if start is None:
        raise NotThere
    return (start.place.location,)


@operation_at(_EDIT, _at)
async def end(context: OperationContext, wanted: SessionEndInput) -> Plan[None]:
    """End a session at its last reading, because its charger has lost it or is gone for good.

    The end is provisional: a late stop of the charger corrects it. Raises ``Rejected`` for a session that is
    not charging.
    """
    state = await _known(context, wanted.session)
    if not isinstance(state, Charging):
        raise Rejected("This session is not charging any more.")
    last = max(state.start.at, state.meter.last_at)
    command = EndCharging(
        at=last, received_at=context.at, reason=OPERATOR, provisional=True, note=wanted.note
    )
    return Plan((CommandEnvelope(sessions, wanted.session, command),), None)


@operation_at(_EDIT, _at)
async def bill_held_energy(context: OperationContext, wanted: HeldEnergyConsentInput) -> Plan[None]:
    """Consent to billing energy beyond what the plug can have delivered.

    Raises ``Rejected`` for a session that is still charging, or that holds no energy or less than ``wh``.
    """
    state = await _known(context, wanted.session)
    last = state.last if isinstance(state, Closed) else state
    if not isinstance(last, Blocking) or not last.end.held_wh:
        raise Rejected("This session holds no energy back.")
    if wanted.wh is not None and not 0 < wanted.wh <= last.end.held_wh:
        raise Rejected(f"This session holds {last.end.held_wh} Wh back: no other amount can be billed.")
    command = BillHeldEnergy(at=context.at, note=wanted.note, wh=wanted.wh)
    return Plan((CommandEnvelope(sessions, wanted.session, command),), None)


async def _known(context: OperationContext, session: str) -> Session:
    """The session. Raises ``NotThere`` if the company has no started session of this number."""
    state = await context.state(sessions, session)
    if start_of(state) is None:
        raise NotThere
    return state


OPERATIONS: tuple[Operation[Any, Any], ...] = (end, bill_held_energy)
