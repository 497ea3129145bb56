"""An operator agrees that energy was drawn which the plug's power does not explain: it is billed then."""

from datetime import datetime

from eosvolt.application.executor import Application, Plan
from eosvolt.domain.kernel import Order, Provenance, Rejected
from eosvolt.domain.sessions.commands import BillHeldEnergy
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Blocking, Closed


async def bill_held_energy(
    application: Application,
    company: int,
    session: str,
    note: str,
    at: datetime,
    why: Provenance,
    wh: int | None = None,
) -> None:
    """Bill what a session of the company holds back, or ``wh`` of it; ``at`` is now.

    Raises ``Rejected`` for a session that holds nothing, or less than ``wh``, back, or is still charging.
    """

    async def plan() -> Plan[None]:
        state = await application.state(sessions, session)
        last = state.last if isinstance(state, Closed) else state
        if not isinstance(last, Blocking) or last.start.place.company != company or not last.end.held_wh:
            raise Rejected("This session holds no energy back.")
        if wh is not None and not 0 < wh <= last.end.held_wh:
            raise Rejected(f"This session holds {last.end.held_wh} Wh back: no other amount can be billed.")
        return Plan([Order(sessions, session, BillHeldEnergy(at=at, note=note, wh=wh))], None)

    await application.perform(plan, why)
