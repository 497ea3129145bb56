"""Whoever wants the same slot at the same time, in one process or in several: one gets it."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.actor import person
from eosvolt.application.executor import Application
from eosvolt.application.operations import bookings as operations_on_bookings
from eosvolt.application.operations.booking_inputs import BookingMove
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.domain.bookings.calendar import calendars
from eosvolt.domain.bookings.events import BookingMade, SlotFreed, SlotTaken
from eosvolt.domain.bookings.values import SlotUnavailable
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import EVENTS
from tests.contracts.booking_process import DRIVERS, booked, token_of
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, after
from tests.unit.bookings.booking_site import PLUG_1, BookingSite

ROOT = Path(__file__).parents[2]
PROCESSES = 2


async def site() -> BookingSite:
    """A plug that many drivers want."""
    s = await BookingSite().bookable(buffer_minutes=10)
    for process in range(PROCESSES):
        for number in range(DRIVERS):
            await s.token(token_of(process, number))
    return s


def process(dsn: str, number: int) -> subprocess.Popen[str]:
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contracts.booking_process", dsn, str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        cwd=ROOT,
    )


def overlaps(facts: list[Fact]) -> list[tuple[str, str]]:
    """The bookings that have the same time of the plug, the minutes kept free after them included."""
    events = [fact.event for fact in facts if isinstance(fact.event, SlotTaken | SlotFreed)]
    state = calendars.fold(events)
    held = [each for each in state.times if each.freed_at is None]
    return [
        (one.booking, other.booking)
        for one in held
        for other in held
        if one.booking < other.booking and one.since < other.kept_until and other.since < one.kept_until
    ]


async def test_of_many_requests_for_one_slot_through_two_processes_one_wins(database: str) -> None:
    s = await site()
    async with replayed_history(database, s.store.facts):
        processes = [process(database, number) for number in range(PROCESSES)]
        for each in processes:
            assert each.stdout
            assert each.stdout.readline() == "\n"
        for each in processes:
            assert each.stdin
            each.stdin.write("\n")
            each.stdin.flush()
        told = [line for each in processes for line in each.communicate()[0].splitlines()]
        assert [each.returncode for each in processes] == [0, 0]
    answers = Counter(line.partition(" ")[0] for line in told)
    assert answers == {"booked": 1, "taken": PROCESSES * DRIVERS - 1}
    (winner,) = (line.partition(" ")[2] for line in told if line.startswith("booked"))
    async with PostgresEventStore(database, EVENTS, SteppedClock(after(5))) as store:
        made = [
            fact.key
            for number in range(PROCESSES)
            for driver in range(DRIVERS)
            for fact in await store.read(f"booking:b-{number}-{driver}")
            if isinstance(fact.event, BookingMade)
        ]
        assert made == [winner]
        assert overlaps(list(await store.read(calendars.stream(PLUG_1.key(COMPANY))))) == []


async def test_of_many_requests_within_one_process_one_wins_on_both_stores(database: str) -> None:
    s = await site()
    assert Counter(await booked(s.operations, 0)) == expected(s.store.facts)
    async with replayed_history(database, (await site()).store.facts):
        clock = SteppedClock(after(1))
        async with PostgresEventStore(database, EVENTS, clock) as store:
            operations = Operations(Application(store, new_turn=asyncio.Lock), clock, Ports())
            answers = Counter(each.partition(" ")[0] for each in await booked(operations, 0))
            assert answers == {"booked": 1, "taken": DRIVERS - 1}


def expected(facts: list[Fact]) -> Counter[str]:
    (winner,) = (fact.key for fact in facts if isinstance(fact.event, BookingMade))
    return Counter({f"booked {winner}": 1, "taken": DRIVERS - 1})


async def test_of_two_bookings_that_are_moved_to_one_slot_at_once_one_gets_it(database: str) -> None:
    s = await site()
    await s.books(60, "m1", token=token_of(0, 0))
    await s.books(120 + 60, "m2", token=token_of(0, 1))
    async with replayed_history(database, s.store.facts):
        clock = SteppedClock(after(1))
        async with (
            PostgresEventStore(database, EVENTS, clock) as one,
            PostgresEventStore(database, EVENTS, clock) as other,
        ):
            runs = [
                Operations(Application(store), clock, Ports()).run(
                    operations_on_bookings.reschedule,
                    person("olga", COMPANY),
                    BookingMove(booking=booking, since=after(300)),
                )
                for store, booking in ((one, "m1"), (other, "m2"))
            ]
            answers = await asyncio.gather(*runs, return_exceptions=True)
            refused = [each for each in answers if isinstance(each, SlotUnavailable)]
            assert len(refused) == 1
            assert overlaps(list(await one.read(calendars.stream(PLUG_1.key(COMPANY))))) == []
