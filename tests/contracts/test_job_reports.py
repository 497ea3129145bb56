"""What processes report of their jobs: the newest report counts, and what is silent for long is forgotten."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.adapters.memory.job_reports import MemoryJobReports
from eosvolt.adapters.postgres.job_reports import PostgresJobReports
from eosvolt.application.running_jobs import (
    FORGOTTEN_AFTER,
    SILENT_AFTER,
    JobReports,
    ReportedJob,
    RunningJob,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TIDY = RunningJob("tidy", NOW, 3_600.0, NOW, NOW, 2)
COMMANDS = RunningJob("commands", NOW, position=42)


@pytest.fixture
async def reports(_place: str) -> AsyncIterator[JobReports]:
    if not _place:
        yield MemoryJobReports()
        return
    async with PostgresJobReports(_place) as opened:
        yield opened


async def test_what_processes_run_is_reported_by_process_and_name(reports: JobReports) -> None:
    await reports.report("worker-b", [TIDY, COMMANDS], NOW)
    await reports.report("gateway-a", [COMMANDS], NOW)
    assert await reports.reported(NOW) == [
        ReportedJob("gateway-a", NOW, COMMANDS),
        ReportedJob("worker-b", NOW, COMMANDS),
        ReportedJob("worker-b", NOW, TIDY),
    ]


async def test_a_newer_report_takes_the_place_of_the_one_before(reports: JobReports) -> None:
    later = NOW + timedelta(seconds=5)
    await reports.report("worker-b", [TIDY, COMMANDS], NOW)
    await reports.report("worker-b", [COMMANDS._replace(position=43)], later)
    assert await reports.reported(later) == [ReportedJob("worker-b", later, COMMANDS._replace(position=43))]


async def test_who_ends_in_good_order_runs_nothing_any_more(reports: JobReports) -> None:
    await reports.report("worker-b", [TIDY], NOW)
    await reports.report("gateway-a", [COMMANDS], NOW)
    await reports.withdraw("worker-b")
    assert [each.process for each in await reports.reported(NOW)] == ["gateway-a"]


async def test_a_silent_process_is_reported_as_such_and_then_forgotten(reports: JobReports) -> None:
    await reports.report("worker-b", [TIDY], NOW)
    (job,) = await reports.reported(NOW + FORGOTTEN_AFTER)
    assert not job.silent(NOW + SILENT_AFTER)
    assert job.silent(NOW + SILENT_AFTER + timedelta(microseconds=1))
    assert await reports.reported(NOW + FORGOTTEN_AFTER + timedelta(microseconds=1)) == []
