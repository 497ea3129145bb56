"""Jobs that go on by themselves: one that fails or hangs is noted and delays no other."""

import asyncio
from datetime import UTC, datetime, timedelta

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.application.failed_jobs import Job
from eosvolt.composition.jobs import Jobs

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Work:
    """Fails so often, then works; ``hangs`` for ever instead."""

    def __init__(self, failures: int = 0, *, hangs: bool = False) -> None:
        self.failures = failures
        self.hangs = hangs
        self.done = asyncio.Event()
        self.attempts = 0

    async def __call__(self) -> None:
        self.attempts += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.attempts <= self.failures:
            raise LookupError(f"attempt {self.attempts}\nand a second line")
        self.done.set()


def jobs_and_list() -> tuple[Jobs, MemoryFailedJobs]:
    listed = MemoryFailedJobs()
    return Jobs(listed, SteppedClock(NOW)), listed


async def test_what_a_job_raises_is_noted_in_one_line_and_not_passed_on() -> None:
    jobs, listed = jobs_and_list()
    deadline = NOW - timedelta(seconds=1)
    assert not await jobs.attempt(Job.DEADLINE, "session:1", Work(1), company=242, deadline=deadline)
    (job,) = listed.listed
    assert (job.subject, job.company, job.deadline) == ("session:1", 242, deadline)
    assert (job.error, job.attempts) == ("LookupError: attempt 1", 1)


async def test_a_job_that_hangs_ends_in_a_failure() -> None:
    jobs, listed = jobs_and_list()
    assert not await jobs.attempt(Job.DEADLINE, "session:1", Work(hangs=True), seconds=0.01)
    assert [job.error for job in listed.listed] == ["TimeoutError"]


async def test_a_job_that_works_again_is_off_the_list() -> None:
    jobs, listed = jobs_and_list()
    work = Work(1)
    await jobs.attempt(Job.DEADLINE, "session:1", work)
    assert await jobs.attempt(Job.DEADLINE, "session:1", work, failed_before=True)
    assert listed.listed == []


async def test_parts_run_beside_each_other_whatever_one_of_them_does() -> None:
    jobs, listed = jobs_and_list()
    broken, hanging, sound = Work(1_000), Work(hangs=True), Work()
    async with jobs.running({"broken": broken, "hanging": hanging, "sound": sound}):
        await sound.done.wait()
        while not listed.listed:
            await asyncio.sleep(0)
    assert [job.subject for job in listed.listed] == ["broken"]


async def test_a_part_that_stops_with_an_error_begins_anew() -> None:
    jobs, _ = jobs_and_list()
    work = Work(1)
    async with jobs.running({"part": work}):
        await work.done.wait()
    assert work.attempts == 2


async def test_a_periodic_job_is_tried_again_soon_after_a_failure() -> None:
    jobs, listed = jobs_and_list()
    work = Work(1)
    running = asyncio.create_task(jobs.periodically("tidy", 3_600, work))
    await work.done.wait()
    while listed.listed:
        await asyncio.sleep(0)
    running.cancel()
    assert work.attempts == 2
