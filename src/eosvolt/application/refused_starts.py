"""The command that records why a charger was told that a token may not charge."""

from datetime import datetime

from eosvolt.application.charge_point_context import ChargePointContext, StartVerdict
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.refusals.commands import RecordRefusal
from eosvolt.domain.refusals.decider import refusals


def refused_start(
    context: ChargePointContext,
    token: str,
    verdict: StartVerdict,
    at: datetime,
    connector: int = 0,
    session: int | None = None,
) -> list[CommandEnvelope]:
    """The command that records why a token may not charge; none where it may.

    ``session`` is the number of the attempt that a StartTransaction made on ``connector``.
    """
    if verdict.refusal is None or not token:
        return []
    state = context.state
    refusal = RecordRefusal(
        company=state.company,
        location=context.described.location,
        charge_point=state.charge_box_id,
        token=token.upper(),
        at=at,
        reason=verdict.refusal,
        connector=connector,
        session="" if session is None else str(session),
    )
    return [CommandEnvelope(refusals, context.charge_point, refusal)]
