"""An operator ends a session that its charger will never end: it has forgotten it, or is gone for good."""

from datetime import datetime

from eosvolt.application.executor import Application, Plan
from eosvolt.domain.kernel import Order, Provenance, Rejected
from eosvolt.domain.sessions.commands import EndCharging
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Charging

OPERATOR = "Operator"


async def end_session(
    application: Application, company: int, session: str, note: str, at: datetime, why: Provenance
) -> None:
    """End a session of the company at its last reading; ``at`` is now.

    The end is provisional: a stop that the charger still sends corrects it. Raises ``Rejected`` for a session
    that is not charging.
    """

    async def plan() -> Plan[None]:
        state = await application.state(sessions, session)
        if not isinstance(state, Charging) or state.start.place.company != company:
            raise Rejected("This session is not charging any more.")
        last = max(state.start.at, state.meter.last_at)
        end = EndCharging(at=last, received_at=at, reason=OPERATOR, provisional=True, note=note)
        return Plan([Order(sessions, session, end)], None)

    await application.perform(plan, why)
