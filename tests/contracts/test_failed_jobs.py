"""The list of failed jobs: counted, paused for longer and longer, given up, retried, dismissed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.adapters.postgres.failed_jobs import PostgresFailedJobs
from eosvolt.application.failed_jobs import INSTALLATION, PAUSES, Job
from tests.contracts.side_changes import done

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
REQUEST = Job.NOTIFICATION_REQUEST


@pytest.fixture
async def jobs(dsn: str) -> AsyncIterator[PostgresFailedJobs]:
    async with PostgresFailedJobs(dsn) as opened:
        yield opened


@pytest.fixture
async def any_list(_place: str) -> AsyncIterator[MemoryFailedJobs | PostgresFailedJobs]:
    if not _place:
        yield MemoryFailedJobs()
        return
    async with PostgresFailedJobs(_place) as opened:
        yield opened


async def test_each_failure_has_a_longer_pause_until_the_job_is_given_up(
    any_list: MemoryFailedJobs | PostgresFailedJobs,
) -> None:
    now = NOW
    for pause in PAUSES:
        await any_list.failed(REQUEST, "7", 242, "broken", now)
        assert await any_list.due_again(REQUEST, now + pause - timedelta(milliseconds=1)) == []
        now += pause
        assert [each.subject for each in await any_list.due_again(REQUEST, now)] == ["7"]
    await any_list.failed(REQUEST, "7", 242, "broken", now)
    assert await any_list.due_again(REQUEST, now + timedelta(days=365)) == []


async def test_what_succeeds_is_off_the_list(any_list: MemoryFailedJobs | PostgresFailedJobs) -> None:
    await any_list.failed(REQUEST, "7", 242, "broken", NOW)
    await any_list.failed(REQUEST, "8", 242, "broken", NOW)
    await any_list.succeeded(REQUEST, "7")
    later = NOW + timedelta(days=1)
    assert [each.subject for each in await any_list.due_again(REQUEST, later)] == ["8"]


async def test_another_deadline_of_the_same_stream_begins_with_its_first_attempt(
    jobs: PostgresFailedJobs,
) -> None:
    for _ in range(3):
        await jobs.failed(Job.DEADLINE, "session:1", 242, "broken", NOW, deadline=NOW)
    later = NOW + timedelta(hours=1)
    await jobs.failed(Job.DEADLINE, "session:1", 242, "broken", later, deadline=later)
    (job,) = await jobs.of(242)
    assert (job.attempts, job.deadline, job.first_failed_at) == (1, later, later)


async def test_a_company_sees_its_own_failures_and_the_installations_and_no_other(
    jobs: PostgresFailedJobs,
) -> None:
    for company in (242, 7, INSTALLATION):
        await jobs.failed(Job.DEADLINE, f"session:{company}", company, "broken", NOW)
    assert {each.company for each in await jobs.of(242)} == {242, INSTALLATION}
    assert {each.company for each in await jobs.of(8)} == {INSTALLATION}


async def test_a_retried_job_is_due_at_once_with_all_its_attempts(jobs: PostgresFailedJobs, dsn: str) -> None:
    for _ in range(len(PAUSES) + 1):
        await jobs.failed(REQUEST, "7", 242, "broken", NOW)
    (job,) = await jobs.of(242)
    assert job.given_up
    assert await jobs.one(7, job.id) is None
    assert await jobs.one(242, job.id) == job
    await done(dsn, jobs.tried_again(job, NOW))
    assert [each.attempts for each in await jobs.due_again(REQUEST, NOW)] == [0]


async def test_a_dismissed_job_is_neither_shown_nor_tried_again(jobs: PostgresFailedJobs, dsn: str) -> None:
    await jobs.failed(REQUEST, "7", 242, "broken", NOW)
    (job,) = await jobs.of(242)
    await done(dsn, jobs.dismissed(job, NOW, "admin:a"))
    assert await jobs.of(242) == []
    assert await jobs.due_again(REQUEST, NOW + timedelta(days=1)) == []
    assert await jobs.one(242, job.id) is None
    await done(dsn, jobs.tried_again(job, NOW))
    assert await jobs.due_again(REQUEST, NOW) == []


async def test_an_operator_cannot_dismiss_what_is_the_installations(
    jobs: PostgresFailedJobs, dsn: str
) -> None:
    await jobs.failed(Job.BACKGROUND, "tidy", INSTALLATION, "broken", NOW)
    (job,) = await jobs.of(242)
    assert await jobs.one(242, job.id) is None


async def test_an_attempt_under_way_does_not_bring_a_dismissed_job_back(
    jobs: PostgresFailedJobs, dsn: str
) -> None:
    await jobs.failed(Job.DEADLINE, "session:1", 242, "broken", NOW, deadline=NOW)
    (job,) = await jobs.of(242)
    await done(dsn, jobs.dismissed(job, NOW, "admin:a"))
    await jobs.failed(Job.DEADLINE, "session:1", 242, "broken", NOW, deadline=NOW)
    assert await jobs.of(242) == []
    assert await jobs.due_again(Job.DEADLINE, NOW + timedelta(days=1)) == []
    later = NOW + timedelta(hours=1)
    await jobs.failed(Job.DEADLINE, "session:1", 242, "broken", later, deadline=later)
    assert [each.deadline for each in await jobs.of(242)] == [later]
