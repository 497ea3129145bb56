"""A process that books beside others: ``python -m`` with a database and the number of the process.

It waits for a line on its standard input, asks for one slot for ``DRIVERS`` drivers at once, and writes a
line for each answer: ``booked`` and the id, or why not.
"""

import asyncio
import sys

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.actor import person
from eosvolt.application.executor import Application
from eosvolt.application.operations import bookings
from eosvolt.application.operations.booking_inputs import NewBookingInput
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.domain.bookings.values import SlotUnavailable
from eosvolt.domain.vocabulary import EVENTS
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, after

DRIVERS = 100
SLOT = after(60)


def token_of(process: int, number: int) -> str:
    """The token of a driver who is asked for by a process."""
    return f"T-{process}-{number}"


def wanted(process: int, number: int) -> NewBookingInput:
    """The one slot, for a driver of a process."""
    return NewBookingInput(
        booking=f"b-{process}-{number}",
        location=LOCATION,
        since=SLOT,
        charger=CHARGE_BOX_ID,
        plug=1,
        token=token_of(process, number),
    )


async def booked(operations: Operations, process: int) -> list[str]:
    """What becomes of the requests for all drivers of a process, asked at once."""

    async def one(number: int) -> str:
        try:
            answer = await operations.run(bookings.book, person("olga", COMPANY), wanted(process, number))
        except SlotUnavailable:
            return "taken"
        return f"booked {answer.booking}"

    return list(await asyncio.gather(*(one(number) for number in range(DRIVERS))))


def said(line: str) -> None:
    """A line on the standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(dsn: str, process: int) -> None:
    """Ask for the slot once somebody says so."""
    clock = SteppedClock(after(1))
    async with PostgresEventStore(dsn, EVENTS, clock) as store:
        operations = Operations(Application(store, new_turn=asyncio.Lock), clock, Ports())
        said("")
        await asyncio.to_thread(sys.stdin.readline)
        for line in await booked(operations, process):
            said(line)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
