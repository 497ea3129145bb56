"""Work that goes on by itself: each job alone, so that one that fails or hangs never delays another.

What fails is logged and put on the list of failed jobs, which operators see.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog

from eosvolt.application.failed_jobs import INSTALLATION, FailedJobs, Job, in_short
from eosvolt.application.ports import Clock

log = structlog.get_logger("eosvolt")

ATTEMPT_SECONDS = 60.0
PERIODIC_SECONDS = 1_800.0
LONGEST_PAUSE_SECONDS = 60.0

Work = Callable[[], Awaitable[object]]


class Jobs:
    """Carries out jobs and keeps account of those that fail."""

    def __init__(self, failed: FailedJobs, clock: Clock) -> None:
        """Put what fails on the list ``failed``."""
        self._failed = failed
        self._clock = clock

    async def attempt(
        self,
        job: Job,
        subject: str,
        work: Work,
        *,
        company: int = INSTALLATION,
        deadline: datetime | None = None,
        failed_before: bool = False,
        again_in: timedelta | None = None,
        seconds: float = ATTEMPT_SECONDS,
    ) -> bool:
        """Do ``work`` within ``seconds`` and say whether it was done; whatever it raises is noted.

        ``failed_before``: it may be on the list, and is taken off where it is done now.
        """
        try:
            async with asyncio.timeout(seconds):
                await work()
        except Exception as error:
            reason = in_short(error)
            log.warning("a job failed", job=job.value, subject=subject, error=reason, exc_info=error)
            now = self._clock.now()
            await self._noted(
                self._failed.failed(job, subject, company, reason, now, deadline=deadline, again_in=again_in)
            )
            return False
        if failed_before:
            await self._noted(self._failed.succeeded(job, subject))
        return True

    async def periodically(self, name: str, every_seconds: float, work: Work) -> None:
        """Do ``work`` for ever; after a failure again soon, and then after growing pauses."""
        # What a process that stopped left on the list is taken off with the first success.
        failures, fresh = 0, True
        while True:
            pause = min(every_seconds, LONGEST_PAUSE_SECONDS, 2.0**failures)
            done = await self.attempt(
                Job.BACKGROUND,
                name,
                work,
                failed_before=fresh or failures > 0,
                again_in=timedelta(seconds=pause),
                seconds=PERIODIC_SECONDS,
            )
            failures, fresh = (0, False) if done else (min(failures + 1, 16), False)
            await asyncio.sleep(every_seconds if done else pause)

    async def keep(self, name: str, part: Work) -> None:
        """Run a part of the system that has no end; where it stops with an error it begins anew."""
        failures = 0
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            pause = min(LONGEST_PAUSE_SECONDS, 2.0**failures)
            recovering = asyncio.create_task(self._recovered(name))
            try:
                await part()
            except Exception as error:
                log.exception("a part of the system stopped and begins anew", part=name)
                await self._noted(
                    self._failed.failed(
                        Job.BACKGROUND,
                        name,
                        INSTALLATION,
                        in_short(error),
                        self._clock.now(),
                        again_in=timedelta(seconds=pause),
                    )
                )
            else:
                return
            finally:
                recovering.cancel()
            failures = 0 if loop.time() - begun > LONGEST_PAUSE_SECONDS else min(failures + 1, 16)
            await asyncio.sleep(pause)

    @contextlib.asynccontextmanager
    async def running(self, parts: Mapping[str, Work]) -> AsyncIterator[None]:
        """Run parts of the system, by their names, until the context is left."""
        tasks = [asyncio.create_task(self.keep(name, part), name=name) for name, part in parts.items()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _recovered(self, name: str) -> None:
        """What has run for a while is taken off the list."""
        await asyncio.sleep(LONGEST_PAUSE_SECONDS)
        await self._noted(self._failed.succeeded(Job.BACKGROUND, name))

    async def _noted(self, noting: Awaitable[None]) -> None:
        try:
            await noting
        except Exception as error:  # noqa: BLE001 - the list is in the database, which may be what is away
            log.warning("the list of failed jobs could not be written", error=in_short(error))
