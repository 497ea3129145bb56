"""``/system``: the state of the installation, the same for every company."""

from datetime import date, datetime
from typing import Literal

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import View
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.presentation.failed_jobs import counts_of, job_state
from eosvolt.application.frames_lost import dropped_on
from eosvolt.application.installation import Installation
from eosvolt.application.operations import views
from eosvolt.application.running_jobs import ReportedJob


class RunningJobView(View, frozen=True, kw_only=True):
    """A job of one process, running since ``startedAt``.

    ``state``: ``running``; ``failing`` while its last ``failures`` attempts failed, with automatic retries;
    ``silent`` if its process has not reported for 30 seconds. ``everySeconds`` and ``lastRunAt`` are of
    periodic jobs.
    """

    process: str
    job: str
    state: Literal["running", "failing", "silent"]
    started_at: datetime
    reported_at: datetime
    failures: int
    every_seconds: float | None = None
    last_run_at: datetime | None = None
    last_failed_at: datetime | None = None


class LagView(View, frozen=True, kw_only=True):
    """The lag of a read model or of a follower (notifications, commands to chargers).

    It is ``eventsBehind`` positions behind the newest event; its next event was recorded ``secondsBehind``
    seconds ago.
    """

    kind: Literal["readModel", "seals", "follower"]
    name: str
    position: int
    events_behind: int
    seconds_behind: float


class FailedJobCountsView(View, frozen=True, kw_only=True):
    """The failed jobs of the company and the installation: how many are retried, how many given up."""

    retrying: int
    given_up: int


class RetentionView(View, frozen=True, kw_only=True):
    """The log of OCPP messages: its retention, its oldest day (UTC), and when that day is dropped."""

    kept_days: int
    bytes: int
    since: date | None = None
    drops_on: date | None = None


class DiskView(View, frozen=True, kw_only=True):
    """Sizes in bytes: the database, and the volume of the data directory."""

    database_bytes: int
    data_directory_bytes: int
    data_directory_free_bytes: int


class CertificateValidityView(View, frozen=True, kw_only=True):
    """A certificate of the server (``server``) or of our authority (``authority``).

    ``validUntil`` is absent if its file is unreadable.
    """

    of: Literal["server", "authority"]
    algorithm: str = ""
    valid_until: datetime | None = None


class SealView(View, frozen=True, kw_only=True):
    """The last seal of the history: it covers everything up to ``position``."""

    position: int
    sealed_at: datetime
    digest: str


class SystemView(View, frozen=True, kw_only=True):
    """The installation. Only ``failedJobs`` counts jobs of the company.

    ``certificates`` is empty if a proxy terminates TLS. ``lastBackupAt`` is the newest backup that was
    recorded with ``eosvolt record-backup``; absent without one.
    """

    version: str
    head: int
    jobs: list[RunningJobView]
    lags: list[LagView]
    failed_jobs: FailedJobCountsView
    message_log: RetentionView
    disk: DiskView
    certificates: list[CertificateValidityView]
    seal: SealView | None = None
    last_backup_at: datetime | None = None


@endpoint("GET", "/system", needs=views.SYSTEM)
async def get_system(call: ApiCall) -> SystemView:
    """Running jobs, lags, failed jobs and free space."""
    dependencies = call.dependencies
    found = await dependencies.installation.facts(call.now)
    failed = await dependencies.failed_jobs.of(call.company)
    log = await dependencies.frame_account.log_of_frames(call.company, call.now.date())
    kept_days = dependencies.frame_kept_days
    return SystemView(
        version=found.version,
        head=found.head,
        jobs=[_job(each, call.now) for each in found.jobs],
        lags=_lags(found, call.now),
        failed_jobs=FailedJobCountsView(**counts_of(failed)._asdict()),
        message_log=RetentionView(
            kept_days=kept_days,
            bytes=log.size,
            since=log.since,
            drops_on=dropped_on(log.since, kept_days) if log.since else None,
        ),
        disk=DiskView(
            database_bytes=found.disk.database,
            data_directory_bytes=found.disk.data_total,
            data_directory_free_bytes=found.disk.data_free,
        ),
        certificates=[
            CertificateValidityView(of=each.of, algorithm=each.algorithm, valid_until=each.valid_until)
            for each in found.certificates
        ],
        seal=None if found.seal is None else SealView(**found.seal._asdict()),
        last_backup_at=found.last_backup_at,
    )


def _job(reported: ReportedJob, now: datetime) -> RunningJobView:
    job = reported.job
    return RunningJobView(
        process=reported.process,
        job=job.job,
        state=job_state(reported, now),
        started_at=job.started_at,
        reported_at=reported.reported_at,
        failures=job.failures,
        every_seconds=job.every_seconds,
        last_run_at=job.last_run_at,
        last_failed_at=job.last_failed_at,
    )


def _lags(found: Installation, now: datetime) -> list[LagView]:
    return [
        LagView(
            kind=each.kind,
            name=each.name,
            position=each.position,
            events_behind=each.events,
            seconds_behind=round(each.seconds(now), 3),
        )
        for each in found.lags
    ]


ENDPOINTS = (get_system,)
