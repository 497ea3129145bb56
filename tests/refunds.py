"""Refunds in a scenario, as an operator issues them."""

from datetime import datetime
from decimal import Decimal

from eosvolt.application.actor import person
from eosvolt.application.operations import sessions
from eosvolt.application.operations.sessions import RefundInput
from tests.examples import COMPANY, after
from tests.scenario import Scenario

OPERATOR = person("ana", COMPANY)


async def refund(s: Scenario, minutes: float | datetime, number: int, amount: str | None = None) -> str:
    """Refund a session, all that is left without ``amount``; the number of the credit note."""
    s.clock.set(max(s.clock.now(), minutes if isinstance(minutes, datetime) else after(minutes)))
    wanted = RefundInput(
        session=str(number), reason="A fault", amount=None if amount is None else Decimal(amount)
    )
    return await s.operations.run(sessions.refund, OPERATOR, wanted)
