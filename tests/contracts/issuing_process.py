"""A process that issues documents beside others: ``python -m`` with a database, a kind and ids of sessions.

It waits for a line on its standard input, tries each session ``TRIES`` times at once, and writes a line for
each document once it is durable: the number of a credit note, or the session of a receipt.
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
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.documents.events import DocumentKind
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.vocabulary import EVENTS
from tests.examples import COMPANY, after

TRIES = 5


def said(line: str) -> None:
    """A line on the standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(dsn: str, kind: DocumentKind, numbers: list[str]) -> None:
    """Refund 2.00 of each session as often as it goes, or issue its receipt."""
    clock = SteppedClock(after(10_000))
    async with PostgresEventStore(dsn, EVENTS, clock) as store:
        application = Application(store, new_turn=asyncio.Lock)
        operations, receipts = Operations(application, clock, Ports()), ReceiptIssuing(application, clock)
        said("")
        await asyncio.to_thread(sys.stdin.readline)

        async def issued(number: str) -> str:
            if kind is DocumentKind.RECEIPT:
                await receipts.issue(number)
                return number
            wanted = RefundInput(session=number, reason="A fault", amount=Decimal(2))
            return await operations.run(sessions.refund, person("ana", COMPANY), wanted)

        async def tries(number: str) -> None:
            while True:
                # Another process was faster twelve times in a row.
                with suppress(Conflict):
                    said(await issued(number))
                    return

        tried = [tries(number) for _ in range(TRIES) for number in numbers]
        for outcome in await asyncio.gather(*tried, return_exceptions=True):
            if isinstance(outcome, BaseException) and not isinstance(outcome, Rejected):
                raise outcome


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], DocumentKind(sys.argv[2]), sys.argv[3:]))
