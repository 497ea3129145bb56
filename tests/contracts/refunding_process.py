"""A process that refunds sessions, beside others that do the same: ``python -m`` with a database and ids.

It waits for a line on its standard input, tries each session ``TRIES`` times at once, and writes the number
of each credit note once it is durable.
"""

import asyncio
import sys
from contextlib import suppress
from decimal import Decimal

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.actor import person
from eosvolt.application.executor import Application
from eosvolt.application.operations import sessions
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.operations.sessions import RefundInput
from eosvolt.application.ports import Conflict
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.vocabulary import EVENTS
from tests.examples import COMPANY, after

TRIES = 5


def said(line: str) -> None:
    """A line on the standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(dsn: str, numbers: list[str]) -> None:
    """Refund 2.00 of each session as often as it goes."""
    clock = SteppedClock(after(10_000))
    async with PostgresEventStore(dsn, EVENTS, clock) as store:
        operations = Operations(Application(store, new_turn=asyncio.Lock), clock, Ports())
        said("")
        await asyncio.to_thread(sys.stdin.readline)

        async def refund(number: str) -> None:
            wanted = RefundInput(session=number, reason="A fault", amount=Decimal(2))
            while True:
                # Another process was faster twelve times in a row.
                with suppress(Conflict):
                    said(await operations.run(sessions.refund, person("ana", COMPANY), wanted))
                    return

        tried = [refund(number) for _ in range(TRIES) for number in numbers]
        for outcome in await asyncio.gather(*tried, return_exceptions=True):
            if isinstance(outcome, BaseException) and not isinstance(outcome, Rejected):
                raise outcome


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
