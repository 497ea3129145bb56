"""The real application with the demo's contents, on a history in memory."""

from datetime import datetime

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.demo.contents import WHY, furnish
from eosvolt.demo.past import Past, PastSystem, eve

__all__ = ["OPERATOR", "WHY", "lived"]

OPERATOR = "admin:demo"


async def lived(until: datetime, weeks: int = 1, seed: int = 7) -> tuple[PastSystem, Past]:
    """The demo's company and ``weeks`` of its life up to ``until``."""
    begins = eve(until, weeks)
    system = PastSystem(begins, MemoryNumbers())
    await furnish(system.application, begins)
    return system, await system.live(until, OPERATOR, weeks=weeks, seed=seed)
