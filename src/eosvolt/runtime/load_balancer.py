"""Balances the load of zones: follows the log for what matters to them, and decides each tree of zones.

A tree is decided within a second of news, and when time alone changes something: the schedule, a silent
meter, a share that is not taken, the pace of commands. What is measured is kept in memory; all else is in the
history. Each tree is decided in its own task, so that one that fails or hangs delays no other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from eosvolt.application.executor import Application
from eosvolt.application.failed_jobs import Job
from eosvolt.application.limit_upkeep import LimitUpkeep
from eosvolt.application.load_balancing import Aside, LoadBalancing
from eosvolt.application.ports import Clock
from eosvolt.runtime.deadline_scheduler import DeadlineScheduler
from eosvolt.runtime.log_follower import PACE_SECONDS, Cursor, LogFollower, Outage, while_held
from eosvolt.runtime.supervisor import Supervisor, Work
from eosvolt.runtime.zone_news import FOLLOWED, History, ZoneNews

NAME = "load balancing"
LOOK_EVERY_SECONDS = 0.2
AFTER_FAILURE = timedelta(seconds=5)
DECIDING_SECONDS = 30.0
TREES_TOGETHER = 8


class _FromHead(NamedTuple):
    """Begins at a position, whatever was followed before; each step shows whether the lease is still held."""

    head: int
    cursor: Cursor

    async def position(self) -> int:
        return self.head

    async def advance(self, position: int) -> None:
        await self.cursor.advance(position)


class LoadBalancer:
    """Runs in one process at a time: the one that holds the lease."""

    def __init__(
        self,
        history: History,
        hold: Callable[[], AbstractAsyncContextManager[Cursor]],
        application: Application,
        supervisor: Supervisor,
        clock: Clock,
        new_id: Callable[[], str],
        aside: Aside = asyncio.to_thread,
    ) -> None:
        """``hold`` waits until the lease is free and holds it. ``new_id`` makes ids of commands.

        ``aside`` computes a decision, by default in a thread.
        """
        self._history = history
        self._hold = hold
        self._supervisor = supervisor
        self._clock = clock
        self.news = ZoneNews(history, application, clock)
        self._upkeep = LimitUpkeep(application, clock, new_id)
        self._balancing = LoadBalancing(application, clock, self._upkeep, self.news.measured, aside)
        # What is surely not on the list of failed jobs.
        self._flawless: set[str] = set()

    async def run(self, outage: Outage) -> None:
        """Run for ever. After an error of a type in ``outage`` it acquires the lease again."""
        await while_held(self._hold, self._balance, outage, "load balancing waits for the database")

    async def _balance(self, cursor: Cursor) -> None:
        # What happens from here on is followed; what was before is read from the streams.
        head = await self._history.head()
        await self.news.begin()
        follower = LogFollower(self._history, _FromHead(head, cursor), self.news.take, tags=FOLLOWED)
        self._supervisor.follows(NAME, follower)
        async with DeadlineScheduler(self.due, TREES_TOGETHER) as deciding:
            with follower.listening():
                while True:
                    await follower.step()
                    await deciding.look()
                    await asyncio.sleep(PACE_SECONDS)
                    await follower.wait(LOOK_EVERY_SECONDS)

    async def due(self) -> Mapping[str, Work]:
        """The decisions and withdrawals that are due now."""
        now = self._clock.now()
        return {
            **{
                f"zone:{root}": partial(self._decide, root) for root, at in self.news.due.items() if at <= now
            },
            **{
                f"charger:{charge_point}": partial(self._withdraw, charge_point)
                for charge_point, at in self.news.withdrawals.items()
                if at <= now
            },
        }

    async def _decide(self, root: str) -> None:
        self.news.decided(root)
        again: list[datetime | None] = []

        async def work() -> None:
            again.append(await self._balancing.decide(root))

        done = await self._attempt(f"zone:{root}", work)
        at = again[0] if done and again else None if done else self._clock.now() + AFTER_FAILURE
        if at is not None:
            self.news.due[root] = min(self.news.due.get(root, at), at)

    async def _withdraw(self, charge_point: str) -> None:
        self.news.withdrawals.pop(charge_point, None)
        again: list[datetime | None] = []

        async def work() -> None:
            again.append(await self._upkeep.withdraw(charge_point))

        done = await self._attempt(f"charger:{charge_point}", work)
        at = again[0] if done and again else None if done else self._clock.now() + AFTER_FAILURE
        if at is not None:
            self.news.withdrawals.setdefault(charge_point, at)

    async def _attempt(self, subject: str, work: Callable[[], Awaitable[None]]) -> bool:
        done = await self._supervisor.attempt(
            Job.LOAD_BALANCING,
            subject,
            work,
            failed_before=subject not in self._flawless,
            again_in=AFTER_FAILURE,
            seconds=DECIDING_SECONDS,
        )
        if done:
            self._flawless.add(subject)
        else:
            self._flawless.discard(subject)
        return done
