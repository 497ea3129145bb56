"""The hash chains over history and frames: their sealing, their head file, and the retention of frames."""

from datetime import UTC, timedelta
from time import monotonic

import structlog

from eosvolt.adapters.postgres.frame_budget import FrameBudgets
from eosvolt.adapters.postgres.frame_retention import drop_old_frames
from eosvolt.adapters.postgres.frame_seals import seal_days
from eosvolt.adapters.postgres.head_file import HeadFile
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.application.failed_jobs import INSTALLATION, FailedJobs, Job
from eosvolt.application.history_head_messages import HistoryState
from eosvolt.application.ports import Clock
from eosvolt.config import Settings
from eosvolt.domain.notifications.events import HistoryHead
from eosvolt.runtime.supervisor import Work

log = structlog.get_logger("eosvolt")

SUBJECT = "seals"
HOUR = 3_600.0
MEGABYTE = 1_000_000


def head_file(settings: Settings) -> HeadFile:
    """The signed file with the chain's head, beside the secret."""
    return HeadFile(settings.data_dir, settings.secret().encode())


def frame_budgets(settings: Settings) -> FrameBudgets:
    """The budgets of stored frames."""
    charger, company = settings.frame_charger_mb_per_day, settings.frame_company_mb_per_day
    return FrameBudgets(charger * MEGABYTE, company * MEGABYTE, monotonic)


def frame_care(settings: Settings, dsn: str, clock: Clock) -> dict[str, tuple[float, Work]]:
    """The periodic jobs that seal the frames of past days and drop old ones, with intervals in seconds."""
    secret, heads = settings.secret().encode(), head_file(settings)
    kept = timedelta(days=settings.frame_kept_days)

    async def seal() -> None:
        await seal_days(dsn, secret, heads, clock.now())

    async def drop() -> None:
        if days := await drop_old_frames(dsn, kept, clock.now(), secret):
            log.info("old OCPP frames were dropped", days=[str(day) for day in days])

    return {"seal OCPP frames": (HOUR, seal), "drop old OCPP frames": (HOUR, drop)}


def history_state(sealer: Sealer) -> HistoryState:
    """The state of the history according to this process's sealer."""
    seal = sealer.last
    if seal is None:
        return HistoryState(None, sealer.broken)
    signature = "" if seal.signature is None else seal.signature.hex()
    return HistoryState(
        HistoryHead(seal.up_to, seal.digest.hex(), seal.sealed_at.astimezone(UTC), signature), sealer.broken
    )


def history_sealer(settings: Settings, dsn: str, failed: FailedJobs, clock: Clock) -> Sealer:
    """The sealer of this process. The list of failed jobs shows why it refuses to seal."""

    async def alarm(text: str) -> None:
        if text:
            again_in = timedelta(minutes=1)
            await failed.failed(
                Job.HISTORY_CHAIN, SUBJECT, INSTALLATION, text, clock.now(), again_in=again_in
            )
        else:
            await failed.succeeded(Job.HISTORY_CHAIN, SUBJECT)

    return Sealer(dsn, settings.secret().encode(), head_file(settings), alarm)
