"""Operations on sessions: end one without its charger, and bill held energy."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from eosvolt.application.document_numbers import next_document
from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation_at,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea, Right
from eosvolt.domain.documents.events import DocumentKind
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.sessions.commands import BillHeldEnergy, EndCharging, RefundSession
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


class RefundInput(Input, frozen=True, kw_only=True):
    """A session, the reason of the refund, and its gross amount in the session's currency.

    Without ``amount`` it is all that is left.
    """

    session: str
    reason: str
    amount: Decimal | None = None


async def _at(
    context: OperationContext, wanted: SessionEndInput | HeldEnergyConsentInput | RefundInput
) -> Collection[str]:
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


@operation_at(Right.REFUND, _at)
async def refund(context: OperationContext, wanted: RefundInput) -> Plan[str]:
    """Give money of a session that is over back; return the number of the credit note.

    Raises ``Rejected`` for more than is left of what the session cost, and while the session is not over;
    ``InvalidValue`` for an amount that its currency does not have.
    """
    state = await _known(context, wanted.session)
    amount = None if wanted.amount is None else _money(wanted.amount, state)
    number, document = await next_document(
        context.application, context.company, DocumentKind.CREDIT_NOTE, wanted.session, context.at
    )
    command = RefundSession(at=context.at, reason=wanted.reason, credit_note=number, amount=amount)
    return Plan((CommandEnvelope(sessions, wanted.session, command), document), number)


async def _known(context: OperationContext, session: str) -> Session:
    """The session. Raises ``NotThere`` if the company has no started session of this number."""
    state = await context.state(sessions, session)
    if start_of(state) is None:
        raise NotThere
    return state


def _money(amount: Decimal, session: Session) -> Money:
    start = start_of(session)
    if start is None:
        raise NotThere
    try:
        return Money.of(amount, start.tariff.currency)
    except ValueError as problem:
        raise InvalidValue("amount", str(problem)) from None


OPERATIONS: tuple[Operation[Any, Any], ...] = (end, bill_held_energy, refund)
