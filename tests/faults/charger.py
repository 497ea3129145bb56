"""A charger with two plugs, a queue that survives everything, and books of its own."""

import asyncio
import random
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults.connection import Line
from tests.faults.ledger import Entry
from tests.faults.register import Register, register

STARTED_AT_1970 = datetime(1970, 1, 1, 0, 10, tzinfo=UTC)


@dataclass
class Message:
    """Something that must arrive. ``entry`` is the session it belongs to, ``right`` whether it is true."""

    action: str
    payload: dict[str, Any]
    entry: Entry
    knows_number: bool = True
    overtaken: bool = False
    right: bool = True


@dataclass
class Habits:
    """What kind of charger it is.

    ``ahead``: how wrong its clock is, ``None`` for one that has not been told the time since 1970.
    ``pauses``: its cars rest for a while; ``fills``: they are full before they are fetched and do not leave
    soon. ``forgets_numbers``: it does not know which transaction it stops. ``steady``: its line never breaks.
    ``glitches``: samples are wrong now and then, or count from the session's start. ``away``: it was offline
    for days and comes back with a queue.
    """

    ahead: timedelta | None = timedelta(0)
    pauses: bool = False
    fills: bool = False
    forgets_numbers: bool = False
    steady: bool = False
    glitches: bool = False
    away: bool = False


@dataclass
class Charger:
    """Lives until ``until``, then delivers what is left. Cars charge and stay for ``longest`` seconds."""

    name: str
    tokens: tuple[str, str]
    line: Line
    rng: random.Random
    habits: Habits
    until: datetime
    longest: float = 1200
    entries: list[Entry] = field(default_factory=list)
    statuses: dict[int, tuple[str, str]] = field(default_factory=dict)
    queue: deque[Message] = field(default_factory=deque)
    open: dict[int, Entry] = field(default_factory=dict)
    registers: dict[int, int] = field(default_factory=lambda: {1: 400_000, 2: 500_000})
    boots: int = 1
    resumes: bool = True
    clock_was_set: bool = False
    _unreported: set[int] = field(default_factory=set)
    _stop: set[int] = field(default_factory=set)
    _work: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        """Charge car after car at both plugs, then deliver the rest of the queue."""
        for plug in (1, 2):
            self.status(plug, "Available")
        speaking = asyncio.create_task(self._speak())
        try:
            await asyncio.gather(self._plug(1), self._plug(2))
            while self.queue or self._unreported or self.boots:
                if speaking.done():
                    speaking.result()
                await asyncio.sleep(0.05)
            # However wrong its clock was: who comes again says how its plugs are.
            await self.line.hang_up()
            await self.line.call("Heartbeat", {})
            while self._unreported:
                await asyncio.sleep(0.05)
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)
            await self.line.hang_up()

    def greeted(self) -> None:
        """On a new connection every plug's state is told again."""
        self._unreported |= set(self.statuses)
        self._work.set()

    def asked(self, action: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        """What it answers to the system."""
        if action == "RemoteStopTransaction":
            for plug, entry in self.open.items():
                if entry.transaction == payload["transactionId"]:
                    self._stop.add(plug)
                    return {"status": "Accepted"}
            return {"status": "Rejected"}
        return None

    def status(self, plug: int, status: str) -> None:
        """The plug's state is another from now on."""
        self.statuses[plug] = (status, self.stamp())
        self._unreported.add(plug)
        self._work.set()

    def stamp(self, at: datetime | None = None) -> str:
        """An instant as this charger's clock shows it."""
        at = at or self.line.clock.second()
        ahead = self.habits.ahead
        shown = STARTED_AT_1970 + (at - self.line.clock.begun) if ahead is None else at + ahead
        return shown.replace(microsecond=0).isoformat().replace("+00:00", "Z")

    async def reboot(self, *, resumes: bool) -> None:
        """Lose the connection and start anew; sessions go on, or end here and now."""
        self.resumes = resumes
        self.boots += 1
        if not resumes:
            self._stop |= set(self.open)
        self._work.set()
        await self.line.hang_up(1.0)

    async def _plug(self, plug: int) -> None:
        clock, rng = self.line.clock, self.rng
        while True:
            await clock.sleep(rng.uniform(20, 240))
            if clock.now() >= self.until:
                return
            await self._session(plug)

    async def _session(self, plug: int) -> None:
        clock, rng = self.line.clock, self.rng
        self.status(plug, "Preparing")
        await clock.sleep(rng.uniform(1, 10))
        await self._on_the_second()
        entry = Entry(self.name, plug, self.tokens[plug - 1], clock.second(), self.registers[plug])
        entry.stamp = self.stamp()
        self._stop.discard(plug)
        self.entries.append(entry)
        self.open[plug] = entry
        start = {
            "connectorId": plug,
            "idTag": entry.token,
            "meterStart": entry.register_start,
            "timestamp": entry.stamp,
        }
        self._enqueue(Message("StartTransaction", start, entry))
        self.status(plug, "Charging")
        entry.ended = await self._draw(plug, entry)
        entry.register_stop = self.registers[plug]
        entry.stopped_by_system = plug in self._stop and self.resumes
        reason = "Remote" if entry.stopped_by_system else "Local" if self.resumes else "PowerLoss"
        stop = {
            "meterStop": entry.register_stop,
            "timestamp": self.stamp(entry.ended),
            "reason": reason,
            "idTag": entry.token,
        }
        alone = len(self.open) == 1
        del self.open[plug]
        self._enqueue(Message("StopTransaction", stop, entry, not (self.habits.forgets_numbers and alone)))
        self.status(plug, "Finishing")
        await clock.sleep(rng.uniform(60, self.longest) if self.habits.fills else rng.uniform(2, 60))
        await self._on_the_second()
        entry.freed = clock.second()
        self.status(plug, "Available")

    async def _draw(self, plug: int, entry: Entry) -> datetime:
        """Whole watt hours for each second, so that energy is spread evenly. Returns the end."""
        clock, rng = self.line.clock, self.rng
        per_second = rng.randrange(1, 7)
        ends = clock.second() + timedelta(seconds=rng.uniform(150, self.longest))
        full = self.habits.fills and rng.random() < 0.5
        drawn, last, resting_until = 0, clock.second(), None
        shows = register(entry.register_start, rng, glitches=self.habits.glitches)
        while clock.now() < ends and plug not in self._stop:
            await clock.sleep(min(60.0, max(1.0, (ends - clock.now()).total_seconds())))
            await self._on_the_second()
            at = clock.second()
            if resting_until is None:
                drawn += per_second * int((at - last).total_seconds())
            elif at >= resting_until:
                resting_until = None
                self.status(plug, "Charging")
            last = at
            self.registers[plug] = entry.register_start + drawn
            self._enqueue(self.reading(entry, at, shows, self.registers[plug]))
            if resting_until is None and full and rng.random() < 0.2:
                resting_until, entry.idle_since = ends + timedelta(days=1), at
                # Long enough for the system to find it idle and to stop it.
                ends += timedelta(seconds=max(self.longest, 600))
                self.status(plug, "SuspendedEV")
            elif resting_until is None and self.habits.pauses and rng.random() < 0.1:
                resting_until = at + timedelta(seconds=rng.randrange(60, 600))
                self.status(plug, "SuspendedEV")
        return last

    def reading(self, entry: Entry, at: datetime, shows: Register, true_wh: int) -> Message:
        """A sample of the session's register, as it shows."""
        shown, right = shows.sample(true_wh)
        if not right:
            self.line.faults["wrong sample"] += 1
        value = {"value": str(shown), "unit": "Wh", "context": "Sample.Periodic"}
        values = [{"timestamp": self.stamp(at), "sampledValue": [value]}]
        return Message("MeterValues", {"connectorId": entry.plug, "meterValue": values}, entry, right=right)

    async def _on_the_second(self) -> None:
        now = self.line.clock.now()
        await self.line.clock.reach(now.replace(microsecond=0) + timedelta(seconds=1, milliseconds=2))

    def _enqueue(self, message: Message) -> None:
        self.queue.append(message)
        self._work.set()

    async def _speak(self) -> None:
        while True:
            self._work.clear()
            if self.boots:
                boot = {"chargePointVendor": "Ledger", "chargePointModel": "Two", "firmwareVersion": "1"}
                await self.line.call("BootNotification", boot)
                self.boots -= 1
            elif self._unreported:
                plug = self._unreported.pop()
                status, stamp = self.statuses[plug]
                payload = {"connectorId": plug, "errorCode": "NoError", "status": status, "timestamp": stamp}
                await self.line.call("StatusNotification", payload)
            elif self.queue:
                await self._deliver(self._next())
            else:
                await self._work.wait()

    def _next(self) -> Message:
        """The oldest message, or now and then a reading's successor before it."""
        first = self.queue.popleft()
        if first.action == "MeterValues" and self.queue and self.rng.random() < 0.03:
            second = self.queue[0]
            if second.entry is first.entry:
                self.queue.popleft()
                first.overtaken = True
                self.queue.appendleft(first)
                self.line.faults["out of order"] += 1
                return second
        return first

    async def _deliver(self, message: Message) -> None:
        entry, payload = message.entry, message.payload
        if message.action != "StartTransaction":
            number = entry.transaction if message.knows_number else -1
            payload = payload | {"transactionId": number}
        answer = await self.line.call(message.action, payload)
        if message.action == "StartTransaction":
            entry.transaction = answer["transactionId"]
        elif (
            message.action == "MeterValues"
            and message.right
            and entry.ended is None
            and not message.overtaken
        ):
            entry.readings.add(payload["meterValue"][0]["timestamp"])
