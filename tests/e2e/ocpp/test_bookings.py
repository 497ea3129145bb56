"""Bookings over a real socket: another driver is refused, the booker charges, who does not come is a no-show.

The slots are of a day of the test's own: the clock of the system is set. Bookings are made by another process
than the one to which the charger is connected.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.actor import person
from eosvolt.application.executor import Application
from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations.booking_inputs import NewBookingInput
from eosvolt.application.operations.bookings import BookingRulesInput
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.vocabulary import EVENTS, tag
from tests.e2e.ocpp.site import PATIENCE, TARIFF
from tests.e2e.ocpp.station import Station, station
from tests.examples import COMPANY, MORNING, after
from tests.oracle.running_server import Stage

ANA, BEN = "CARD-OF-ANA", "CARD-OF-BEN"


@pytest.fixture
def stage(database: str, tmp_path: Path) -> Iterator[Stage]:
    running = Stage(database, tmp_path)
    running.tell(MORNING)
    try:
        running.start()
        yield running
    finally:
        running.close()


class Bookings:
    """Another process than the server's, with a store of its own."""

    def __init__(self, stage: Stage, store: PostgresEventStore, clock: SteppedClock, location: str) -> None:
        self.stage, self.store, self._clock, self._location = stage, store, clock, location
        self._operations = Operations(Application(store, 0), clock, Ports())

    def at(self, minutes: float) -> None:
        """It is so many minutes after the morning, for both processes."""
        self._clock.set(after(minutes))
        self.stage.tell(after(minutes))

    async def rules(self, **rules: Any) -> None:
        wanted = BookingRulesInput(location=self._location, rules=BookingRules(enabled=True, **rules))
        await self._operations.run(operations.set_rules, person("olga", COMPANY), wanted)

    async def books(self, booking: str, since: datetime, token: str) -> None:
        wanted = NewBookingInput(
            booking=booking, location=self._location, since=since, charger="CP", plug=1, token=token
        )
        await self._operations.run(operations.book, person("olga", COMPANY), wanted)

    async def until(self, booking: str, event: str) -> Fact:
        """The event of a booking, once the server has recorded it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for fact in await self.store.read(f"booking:{booking}"):
                    if tag(type(fact.event)) == event:
                        return fact
                await asyncio.sleep(0.05)


@asynccontextmanager
async def bookings(stage: Stage) -> AsyncIterator[Bookings]:
    api = stage.api(COMPANY)
    location = api.location(TARIFF)
    api.charger(location, "CP", plugs=1)
    for token in (ANA, BEN):
        api.token(token)
    clock = SteppedClock(MORNING)
    async with PostgresEventStore(stage.database, EVENTS, clock) as store:
        yield Bookings(stage, store, clock, location)


def wire(minutes: float) -> str:
    return after(minutes).isoformat().replace("+00:00", "Z")


async def begins(cp: Station, tag_id: str, minutes: float, meter: int = 1000) -> tuple[int, str]:
    answer = await cp.begin(tag_id, wire(minutes), meter)
    return int(answer.transaction_id), str(answer.id_tag_info["status"])


async def told(cp: Station, transaction: int) -> None:
    """Wait until the charger was told to stop a transaction."""
    async with asyncio.timeout(PATIENCE):
        while ("RemoteStopTransaction", {"transaction_id": transaction}) not in cp.obeyed:
            await asyncio.sleep(0.05)


async def test_the_booker_charges_another_is_refused_and_who_does_not_come_is_a_no_show(stage: Stage) -> None:
    async with bookings(stage) as site, station(stage.charger_url("CP")) as cp:
        await cp.status("Available")
        await site.rules(auto_cancel_minutes=15)
        await site.books("b1", after(60), ANA)
        # Somebody charges on demand, is warned, and stopped when the slot begins.
        site.at(10)
        earlier, status = await begins(cp, BEN, 10)
        assert status == "Accepted"
        site.at(46)
        warning = await site.until("b1", "slot-approached")
        assert getattr(warning.event, "warned", "") == str(earlier)
        site.at(60)
        await told(cp, earlier)
        site.at(61)
        await cp.end(earlier, wire(60.5), 2000, reason="Remote")
        await cp.status("Available")
        # In the slot the booker alone may start.
        site.at(62)
        refused, status = await begins(cp, BEN, 62, 2000)
        assert status == "Invalid"
        site.at(63)
        await cp.end(refused, wire(62.5), 2000, reason="DeAuthorized")
        await cp.status("Available")
        booked, status = await begins(cp, ANA, 63, 2000)
        assert status == "Accepted"
        began = await site.until("b1", "booking-began")
        assert getattr(began.event, "session", "") == str(booked)
        # At the end of the slot the session is stopped.
        site.at(120)
        await told(cp, booked)
        site.at(121)
        ended = await site.until("b1", "booking-ended")
        assert getattr(ended.event, "stopped", "") == str(booked)
        await cp.end(booked, wire(120.5), 9000, reason="Remote")
        await cp.status("Available")
        # Nobody comes: after its minutes the slot is everybody's.
        site.at(122)
        await site.books("b2", after(180), ANA)
        site.at(165)
        await site.until("b2", "slot-approached")
        site.at(180)
        await site.until("b2", "slot-began")
        site.at(182)
        again, status = await begins(cp, BEN, 182, 9000)
        assert status == "Invalid"
        await cp.end(again, wire(182), 9000, reason="DeAuthorized")
        await cp.status("Available")
        site.at(197)
        await site.until("b2", "no-show-noted")
        assert (await begins(cp, BEN, 197, 9000))[1] == "Accepted"
        refusals = await site.store.read(f"refusals:{COMPANY}/CP")
        assert [getattr(fact.event, "reason", "") for fact in refusals] == ["booked", "booked"]


async def test_what_falls_due_while_the_system_is_down_is_decided_when_it_is_back(stage: Stage) -> None:
    async with bookings(stage) as site:
        await site.rules(auto_cancel_minutes=15)
        await site.books("b1", after(60), ANA)
        stage.kill()
        site.at(200)
        stage.start()
        over = await site.until("b1", "booking-cancelled")
        # The charger never came: nobody can have charged.
        assert getattr(over.event, "reason", "") == "chargerOffline"
