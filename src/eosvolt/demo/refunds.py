"""The refunds of the demo: three sessions of the last days, of which one is given back as a whole."""

from collections.abc import Sequence
from decimal import Decimal

from eosvolt.application.actor import Actor
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.sessions import RefundInput, refund
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import ChargingEnded, ConnectorFreed

# Each is below what the session cost, or ``None`` for all of it.
_WANTED = (
    ("The plug broke off after twenty minutes", None),
    ("Blocking fee although the cable was locked, call of the driver", Decimal("2.00")),
    ("Shown at another price on the map", Decimal("1.50")),
)
_LEAST_MINOR = 1_000


async def refund_some(operations: Operations, owner: Actor, past: Sequence[Fact]) -> None:
    """Refund the newest sessions of ``past`` that are over and cost enough, as an operator would."""
    closed = {fact.key for fact in past if isinstance(fact.event, ConnectorFreed)}
    costly = dict.fromkeys(
        fact.key
        for fact in reversed(past)
        if isinstance(fact.event, ChargingEnded)
        if fact.key in closed and fact.event.bill.total.gross.minor >= _LEAST_MINOR
    )
    for session, (reason, amount) in zip(costly, _WANTED, strict=False):
        await operations.run(refund, owner, RefundInput(session=session, reason=reason, amount=amount))
