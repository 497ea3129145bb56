"""The installation's state as a page and as JSON: in plain words, without anything of another company."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

import pytest

from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.application.failed_jobs import INSTALLATION, PAUSES, FailedJob, Job
from eosvolt.application.frames_lost import FramesLost, LogOfFrames
from eosvolt.application.installation import CertificateValidity, Disk, Installation, Lag, SealHead
from eosvolt.application.running_jobs import SILENT_AFTER, ReportedJob, RunningJob
from tests.examples import COMPANY, MORNING
from tests.web_in_memory import OTHER_COMPANY, Site

MINUTE = timedelta(minutes=1)
SILENT_SINCE = MORNING - SILENT_AFTER - MINUTE
WELL = Installation(
    version="1.2.3",
    head=1_234,
    lags=[
        Lag("readModel", "session_history", 1_234, 0, None),
        Lag("readModel", "tokens", 1_234, 0, None),
        Lag("readModel", "uptime", 1_200, 34, MORNING - 2 * MINUTE),
        Lag("follower", "notifications", 1_000, 234, MORNING - MINUTE),
        Lag("seals", "seals", 1_234, 0, None),
    ],
    jobs=[
        ReportedJob("worker-1", MORNING, RunningJob("deadlines", MORNING - MINUTE)),
        ReportedJob("worker-1", MORNING, RunningJob("tidy", MORNING, 60.0, MORNING, MORNING, 3)),
        ReportedJob("gateway-2", SILENT_SINCE, RunningJob("commands", SILENT_SINCE, position=7)),
    ],
    seal=SealHead(1_230, MORNING - MINUTE, "ab" * 32),
    disk=Disk(5_000_000, 10_000_000_000, 4_000_000_000),
    certificates=[
        CertificateValidity("server", "ECDSA", MORNING + timedelta(days=3)),
        CertificateValidity("authority", "", None),
    ],
)


class Registered:
    """The same answer to everybody."""

    def __init__(self, found: Installation) -> None:
        self.found = found

    async def facts(self, now: datetime) -> Installation:
        assert now == MORNING
        return self.found


class Jobs(MemoryFailedJobs):
    """The list, as a company sees it."""

    async def of(self, company: int) -> Sequence[FailedJob]:
        return [each for each in self.listed if each.company in {company, INSTALLATION}]


class Log:
    """A log of frames of which nothing was lost."""

    async def log_of_frames(self, company: int, since: date) -> LogOfFrames:
        assert (company, since) == (COMPANY, MORNING.date())
        lost: list[FramesLost] = []
        return LogOfFrames(date(2026, 9, 1), 2_000_000, lost)


async def opened(found: Installation = WELL) -> tuple[Site, Jobs]:
    site, jobs = await Site().opened(), Jobs()
    site.gate.dependencies = replace(
        site.gate.dependencies,
        installation=Registered(found),
        failed_jobs=cast("Any", jobs),
        frame_account=cast("Any", Log()),
    )
    return site, jobs


async def test_the_api_reports_how_each_job_goes() -> None:
    site, _ = await opened()
    jobs = (await site.api("GET", "/system")).json()["jobs"]
    assert [(each["process"], each["job"], each["state"]) for each in jobs] == [
        ("worker-1", "deadlines", "running"),
        ("worker-1", "tidy", "failing"),
        ("gateway-2", "commands", "silent"),
    ]
    assert jobs[1]["everySeconds"] == 60.0
    assert (jobs[1]["failures"], jobs[1]["lastFailedAt"]) == (3, jobs[1]["lastRunAt"])
    assert "lastRunAt" not in jobs[0]


async def test_the_api_reports_lags_in_events_and_seconds() -> None:
    site, _ = await opened()
    lags = (await site.api("GET", "/system")).json()["lags"]
    assert [(each["name"], each["eventsBehind"], each["secondsBehind"]) for each in lags] == [
        ("session_history", 0, 0.0),
        ("tokens", 0, 0.0),
        ("uptime", 34, 120.0),
        ("notifications", 234, 60.0),
        ("seals", 0, 0.0),
    ]


async def test_failed_jobs_are_those_of_the_company_and_of_the_installation() -> None:
    site, jobs = await opened()
    await jobs.failed(Job.DEADLINE, "session:1", COMPANY, "broken", MORNING)
    for _ in range(len(PAUSES) + 1):
        await jobs.failed(Job.BACKGROUND, "tidy", INSTALLATION, "broken", MORNING)
        await jobs.failed(Job.DEADLINE, "session:2", OTHER_COMPANY, "broken", MORNING)
    found = (await site.api("GET", "/system")).json()
    assert found["failedJobs"] == {"retrying": 1, "givenUp": 1}


async def test_retention_disk_certificates_and_the_seal_are_reported_and_no_unknown_backup() -> None:
    site, _ = await opened()
    found = (await site.api("GET", "/system")).json()
    assert found["messageLog"] == {
        "keptDays": 90,
        "bytes": 2_000_000,
        "since": "2026-09-01",
        "dropsOn": "2026-12-01",
    }
    assert found["disk"]["dataDirectoryFreeBytes"] == 4_000_000_000
    assert [set(each) for each in found["certificates"]] == [{"of", "algorithm", "validUntil"}, {"of"}]
    assert (found["version"], found["head"], found["seal"]["position"]) == ("1.2.3", 1_234, 1_230)
    assert "lastBackupAt" not in found


@pytest.mark.parametrize(
    "sentence",
    [
        "EOSVOLT 1.2.3",
        "none given up",
        "up to event 1,234",
        "kept for 90 days; the oldest, of Tue 1 Sept 2026, go on Tue 1 Dec 2026 (UTC)",
        "4.0 GB of 10.0 GB free",
        "None recorded. Let the script that makes backups end with <code>eosvolt record-backup</code>.",
        "1 running",
        "1 failing",
        "1 not reporting",
        "failing, tried again</span> 3 times in a row",
        "read model uptime",
        "read models at the newest event: 2",
        "seals of the history",
        "ends soon",
        "The file cannot be read.",
    ],
)
async def test_the_page_says_it_in_plain_words(sentence: str) -> None:
    site, _ = await opened()
    assert sentence in await page_of(site)


async def test_what_is_wrong_comes_first() -> None:
    site, _ = await opened()
    text = await page_of(site)
    jobs = sorted(("deadlines", "tidy", "commands"), key=lambda job: text.index(f"<strong>{job}</strong>"))
    assert jobs == ["tidy", "commands", "deadlines"]
    rows = (
        "read model uptime",
        "<td>notifications</td>",
        "read models at the newest",
        "seals of the history",
    )
    assert sorted(rows, key=text.index) == list(rows)


async def test_the_page_warns_of_a_full_disk_only() -> None:
    assert "little room" not in await page_of((await opened())[0])
    full = WELL._replace(disk=Disk(5_000_000, 10_000_000_000, 2**30 - 1))
    assert "little room" in await page_of((await opened(full))[0])


async def test_the_last_backup_is_reported_and_an_old_one_is_marked() -> None:
    old, fresh = (WELL._replace(last_backup_at=MORNING - timedelta(hours=age)) for age in (37, 36))
    site, _ = await opened(old)
    assert (await site.api("GET", "/system")).json()["lastBackupAt"] == "2026-11-19T21:00:00Z"
    assert "1 d 13 h ago</time> <span" in await page_of(site)
    shown = await page_of((await opened(fresh))[0])
    assert "1 d 12 h ago</time></dd>" in shown


async def test_the_page_without_anything_to_show_says_so() -> None:
    empty = Installation("1.2.3", 0, [], [], None, Disk(1, 2, 1), [])
    text = await page_of((await opened(empty))[0])
    assert "No process has reported a job yet." in text
    assert "This process has no certificate of its own." in text


async def page_of(site: Site) -> str:
    answer = await site.page("/settings/system")
    assert answer.status_code == 200
    return answer.text
