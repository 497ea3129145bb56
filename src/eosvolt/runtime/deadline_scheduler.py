"""Carries out due work, each subject in its own task, so that a failing or hanging one delays no other.

Due work is derived from the history, so a scheduler may stop and start at any time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Self

import structlog

from eosvolt.application.deadline_actions import DeadlineActions
from eosvolt.application.failed_jobs import Job
from eosvolt.application.payment_collection import PaymentCollection
from eosvolt.application.ports import Due
from eosvolt.runtime.log_follower import OUTAGE_SECONDS, Outage
from eosvolt.runtime.supervisor import Supervisor, Work

log = structlog.get_logger("eosvolt")

LOOK_EVERY_SECONDS = 0.25
# Seconds until the list of due work, a read model, shows what was stored.
SETTLED_WITHIN_SECONDS = 0.05
DEADLINES_TOGETHER = 32
# How long a driver who has confirmed waits at most for us to ask.
PAYMENTS_EVERY_SECONDS = 2.0

DueWork = Callable[[], Awaitable[Mapping[str, Work]]]


class DeadlineScheduler:
    """Starts due work. Use it as an async context manager; leaving it cancels running work."""

    def __init__(self, due: DueWork, together: int | None = None) -> None:
        """``due`` gives the due work by subject; at most ``together`` subjects run at a time.

        Work must not raise; it handles its own failures.
        """
        self._due = due
        self._together = together
        self._under_way: dict[str, asyncio.Task[object]] = {}

    async def __aenter__(self) -> Self:
        """Nothing runs yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cancel running work."""
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        self._under_way.clear()

    async def look(self) -> bool:
        """Start due work that is not running yet; return whether any was due."""
        # Before the query, because its result may still contain work that ends meanwhile.
        self._forget_done()
        due = await self._due()
        for subject, work in due.items():
            full = self._together is not None and len(self._under_way) >= self._together
            if subject not in self._under_way and not full:
                self._under_way[subject] = asyncio.create_task(_done(work), name=subject)
        return bool(due)

    async def run(self, outage: Outage) -> None:
        """Look for ever, also through errors of the types in ``outage``."""
        async with self:
            while True:
                try:
                    found = await self.look()
                except outage as error:
                    log.warning("deadlines wait for the database", error=str(error).strip())
                    await asyncio.sleep(OUTAGE_SECONDS)
                    continue
                if self._under_way:
                    await asyncio.wait(
                        self._under_way.values(),
                        timeout=LOOK_EVERY_SECONDS,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                await asyncio.sleep(SETTLED_WITHIN_SECONDS if found else LOOK_EVERY_SECONDS)

    def _forget_done(self) -> None:
        self._under_way = {subject: task for subject, task in self._under_way.items() if not task.done()}


async def keep_deadlines(actions: DeadlineActions, supervisor: Supervisor, outage: Outage) -> None:
    """Carry out the deadlines of sessions, chargers, faults and commands, for ever."""
    await _keep(actions, actions.due, supervisor, outage)


async def keep_receipts(actions: DeadlineActions, supervisor: Supervisor, outage: Outage) -> None:
    """Issue the receipts of sessions that are over, for ever."""
    await _keep(actions, actions.receipts_due, supervisor, outage)


async def keep_payments(collection: PaymentCollection, supervisor: Supervisor, outage: Outage) -> None:
    """Ask the payment provider what is due, for ever; the same thing again after a pause."""
    loop = asyncio.get_running_loop()
    asked: dict[Due, float] = {}

    async def due() -> Mapping[str, Work]:
        found, now = await collection.due(), loop.time()
        for each in [each for each, at in asked.items() if at + PAYMENTS_EVERY_SECONDS <= now]:
            del asked[each]
        return {each.stream: partial(attempt, each) for each in found if each not in asked}

    async def attempt(each: Due) -> bool:
        done = await _attempt(collection.carry_out, each, supervisor)
        asked[each] = loop.time()
        return done

    await DeadlineScheduler(due, DEADLINES_TOGETHER).run(outage)


async def _keep(
    actions: DeadlineActions,
    find: Callable[[], Awaitable[Sequence[Due]]],
    supervisor: Supervisor,
    outage: Outage,
) -> None:
    async def due() -> Mapping[str, Work]:
        return {each.stream: partial(_attempt, actions.carry_out, each, supervisor) for each in await find()}

    await DeadlineScheduler(due, DEADLINES_TOGETHER).run(outage)


async def _attempt(carry_out: Callable[[str], Awaitable[None]], due: Due, supervisor: Supervisor) -> bool:
    return await supervisor.attempt(
        Job.DEADLINE,
        due.stream,
        partial(carry_out, due.stream),
        company=due.company,
        deadline=due.due_at,
        failed_before=due.failed_before,
    )


async def _done(work: Work) -> object:
    return await work()
