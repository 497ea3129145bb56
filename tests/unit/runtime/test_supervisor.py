"""Jobs that go on by themselves: one that fails or hangs is noted and delays no other."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.application.failed_jobs import Job
from eosvolt.application.questions import ReadModelRebuilding
from eosvolt.application.running_jobs import RunningJob
from eosvolt.runtime.supervisor import Supervisor

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


def supervised() -> tuple[Supervisor, MemoryFailedJobs]:
    listed = MemoryFailedJobs()
    return Supervisor(listed, SteppedClock(NOW)), listed


async def test_what_a_job_raises_is_noted_in_one_line_and_not_passed_on() -> None:
    supervisor, listed = supervised()
    deadline = NOW - timedelta(seconds=1)
    assert not await supervisor.attempt(Job.DEADLINE, "session:1", Work(1), company=242, deadline=deadline)
    (job,) = listed.listed
    assert (job.subject, job.company, job.deadline) == ("session:1", 242, deadline)
    assert (job.error, job.attempts) == ("LookupError: attempt 1", 1)


async def test_a_job_that_hangs_ends_in_a_failure() -> None:
    supervisor, listed = supervised()
    assert not await supervisor.attempt(Job.DEADLINE, "session:1", Work(hangs=True), seconds=0.01)
    assert [job.error for job in listed.listed] == ["TimeoutError"]


async def test_a_job_that_waits_for_a_read_model_has_not_failed() -> None:
    supervisor, listed = supervised()

    async def work() -> None:
        raise ReadModelRebuilding("companies is being rebuilt after an upgrade.")

    assert not await supervisor.attempt(Job.BACKGROUND, "heads", work)
    assert listed.listed == []


async def test_a_job_that_works_again_is_off_the_list() -> None:
    supervisor, listed = supervised()
    work = Work(1)
    await supervisor.attempt(Job.DEADLINE, "session:1", work)
    assert await supervisor.attempt(Job.DEADLINE, "session:1", work, failed_before=True)
    assert listed.listed == []


async def test_parts_run_beside_each_other_whatever_one_of_them_does() -> None:
    supervisor, listed = supervised()
    broken, hanging, sound = Work(1_000), Work(hangs=True), Work()
    async with supervisor.running({"broken": broken, "hanging": hanging, "sound": sound}):
        await sound.done.wait()
        while not listed.listed:
            await asyncio.sleep(0)
    assert [job.subject for job in listed.listed] == ["broken"]


async def test_a_part_that_stops_with_an_error_starts_again() -> None:
    supervisor, _ = supervised()
    work = Work(1)
    async with supervisor.running({"part": work}):
        await work.done.wait()
    assert work.attempts == 2


async def test_a_periodic_job_is_tried_again_soon_after_a_failure() -> None:
    supervisor, listed = supervised()
    work = Work(1)
    running = asyncio.create_task(supervisor.periodically("tidy", 3_600, work))
    await work.done.wait()
    while listed.listed:
        await asyncio.sleep(0)
    running.cancel()
    assert work.attempts == 2


async def test_what_runs_is_known_by_name_and_since_when() -> None:
    supervisor, _ = supervised()
    sound = Work(hangs=True)
    async with supervisor.running({"b": sound, "a": sound}):
        assert [job.job for job in supervisor.jobs()] == []
        await asyncio.sleep(0)
        assert supervisor.jobs() == [RunningJob("a", NOW), RunningJob("b", NOW)]
    assert supervisor.jobs() == []


async def test_a_job_reports_when_it_was_done_and_when_it_failed_last() -> None:
    supervisor, listed = supervised()
    work = Work(1)
    part = partial(supervisor.periodically, "tidy", 3_600, work)
    async with supervisor.running({"tidy": part}):
        while not listed.listed:
            await asyncio.sleep(0)
        assert supervisor.jobs() == [RunningJob("tidy", NOW, 3_600, NOW, NOW, failures=1)]
        await work.done.wait()
        while listed.listed:
            await asyncio.sleep(0)
        assert supervisor.jobs() == [RunningJob("tidy", NOW, 3_600, NOW, NOW, failures=0)]


async def test_a_periodic_job_that_goes_on_failing_stays_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eosvolt.runtime.supervisor.LONGEST_PAUSE_SECONDS", 0.01)
    supervisor, listed = supervised()
    work = Work(1_000)
    part = partial(supervisor.periodically, "tidy", 3_600, work)
    async with supervisor.running({"tidy": part}):
        while work.attempts < 5:
            await asyncio.sleep(0)
        (job,) = listed.listed
        assert job.attempts >= 4


async def test_how_far_a_follower_came_is_known() -> None:
    class Follower:
        position: int | None = None

    supervisor, _ = supervised()
    follower = Follower()
    supervisor.follows("part", follower)
    async with supervisor.running({"part": Work(hangs=True)}):
        await asyncio.sleep(0)
        assert supervisor.jobs()[0].position is None
        follower.position = 42
        assert supervisor.jobs()[0].position == 42


async def test_a_part_that_is_kept_alone_is_known_until_it_ends() -> None:
    supervisor, _ = supervised()
    kept = asyncio.create_task(supervisor.keep("feed", Work(hangs=True)))
    await asyncio.sleep(0)
    assert [job.job for job in supervisor.jobs()] == ["feed"]
    kept.cancel()
    await asyncio.gather(kept, return_exceptions=True)
    assert supervisor.jobs() == []
