"""Runs background jobs, each in its own task, so that a failing or hanging one delays no other.

Failures are logged and put on the list of failed jobs, which operators see.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from eosvolt.application.failed_jobs import INSTALLATION, FailedJobs, Job, in_short
from eosvolt.application.ports import Clock
from eosvolt.application.questions import ReadModelRebuilding
from eosvolt.application.running_jobs import RunningJob

log = structlog.get_logger("eosvolt")

ATTEMPT_SECONDS = 60.0
PERIODIC_SECONDS = 1_800.0
LONGEST_PAUSE_SECONDS = 60.0

Work = Callable[[], Awaitable[object]]


class Positioned(Protocol):
    """A follower of the log."""

    @property
    def position(self) -> int | None:
        """The position of the last processed event; ``None`` before the start."""
        ...


class Supervisor:
    """Runs jobs, lists the running ones, and records failures."""

    def __init__(self, failed: FailedJobs, clock: Clock) -> None:
        """Failures are recorded in ``failed``."""
        self._failed = failed
        self._clock = clock
        self._running: dict[str, RunningJob] = {}
        self._followers: dict[str, Positioned] = {}

    def jobs(self) -> Sequence[RunningJob]:
        """The running jobs of this process, by name."""
        return [
            job._replace(position=follower.position) if (follower := self._followers.get(name)) else job
            for name, job in sorted(self._running.items())
        ]

    def follows(self, name: str, follower: Positioned) -> None:
        """Report ``follower``'s position with the job ``name``."""
        self._followers[name] = follower

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
        """Run ``work`` within ``seconds`` and return whether it succeeded; an error is recorded.

        That a read model is being rebuilt is no error: whoever called tries again.

        ``failed_before``: it may be on the list of failed jobs, and is removed on success.
        """
        try:
            async with asyncio.timeout(seconds):
                await work()
        except ReadModelRebuilding as rebuilding:
            log.info("a job waits for a read model", job=job.value, subject=subject, reason=str(rebuilding))
            return False
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
        """Run ``work`` every ``every_seconds`` for ever; retry failures soon, then after growing pauses."""
        # The first success removes the failure that an earlier process may have recorded.
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
            self._attempted(name, every_seconds, done=done)
            await asyncio.sleep(every_seconds if done else pause)

    async def keep(self, name: str, part: Work) -> None:
        """Run a part of the system that never ends, and restart it after an error."""
        try:
            await self._kept(name, part)
        finally:
            self._running.pop(name, None)
            self._followers.pop(name, None)

    async def _kept(self, name: str, part: Work) -> None:
        failures = 0
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            self._began(name)
            pause = min(LONGEST_PAUSE_SECONDS, 2.0**failures)
            recovering = asyncio.create_task(self._recovered(name))
            try:
                await part()
            except Exception as error:
                log.exception("a part of the system stopped and is restarted", part=name)
                self._failed_now(name)
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
        """Run parts of the system, by name, until the context is left."""
        tasks = [asyncio.create_task(self.keep(name, part), name=name) for name, part in parts.items()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _began(self, name: str) -> None:
        now = self._clock.now()
        self._running[name] = self._running.get(name, RunningJob(name, now))._replace(started_at=now)

    def _attempted(self, name: str, every_seconds: float, *, done: bool) -> None:
        job = self._running.get(name, RunningJob(name, self._clock.now()))
        self._running[name] = job._replace(every_seconds=every_seconds, last_run_at=self._clock.now())
        if done:
            self._running[name] = self._running[name]._replace(failures=0)
        else:
            self._failed_now(name)

    def _failed_now(self, name: str) -> None:
        job = self._running[name]
        self._running[name] = job._replace(failures=job.failures + 1, last_failed_at=self._clock.now())

    async def _recovered(self, name: str) -> None:
        """Remove a part that has run for a while from the failed jobs; periodic jobs do so themselves."""
        await asyncio.sleep(LONGEST_PAUSE_SECONDS)
        job = self._running[name]
        if job.every_seconds is not None:
            return
        self._running[name] = job._replace(failures=0)
        await self._noted(self._failed.succeeded(Job.BACKGROUND, name))

    async def _noted(self, noting: Awaitable[None]) -> None:
        try:
            await noting
        except Exception as error:  # noqa: BLE001 - the list is in the database, which may be what is away
            log.warning("the list of failed jobs could not be written", error=in_short(error))
