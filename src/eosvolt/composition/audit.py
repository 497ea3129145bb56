"""The complete audit: seals, known heads, frames, files and read models, each as far as it is readable."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import NamedTuple, TypeVar

import psycopg

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.postgres.connections import lost
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.evidence_check import FilesReport, FramesReport, check_files, check_frames
from eosvolt.adapters.postgres.head_file import Acceptance, HeadFile, HeadFileUnusable, Record
from eosvolt.adapters.postgres.history_check import Expected, HistoryReport, check_history
from eosvolt.adapters.postgres.history_findings import HistoryFinding, Kind
from eosvolt.adapters.postgres.ledger_check import LedgerReport, check_ledger
from eosvolt.adapters.postgres.schema import must_be_current
from eosvolt.adapters.postgres.stored_events import EventMapper
from eosvolt.adapters.postgres.verification import ModelVerdict
from eosvolt.adapters.postgres.verification import verify as compare
from eosvolt.config import Settings
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections import READ_MODELS

R = TypeVar("R")

Progress = Callable[[int, int], None]


class Audit(NamedTuple):
    """The results of the audit. A part that could not be read is ``None``, which is also a finding."""

    history: HistoryReport | None
    frames: FramesReport | None
    files: FilesReport | None
    verdicts: Sequence[ModelVerdict]
    accepted: Sequence[Acceptance]
    head_known: bool
    ledger: LedgerReport | None
    findings: Sequence[HistoryFinding]

    @property
    def intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def whole(self) -> bool:
        """Whether nothing was found, every read model equals its replay, and the ledger agrees with them."""
        agrees = self.ledger is not None and self.ledger.agrees
        return self.intact and agrees and all(verdict.same for verdict in self.verdicts)


async def audited(settings: Settings, dsn: str, digests: Sequence[str], progress: Progress) -> Audit:
    """Run the audit; changes nothing. Raises ``SchemaMismatch``, or the driver's error in an outage."""
    await must_be_current(dsn)
    secret, now = settings.secret().encode(), WallClock().now()
    findings: list[HistoryFinding] = []
    record = _known(settings, secret, findings)
    expected = Expected(
        heads=() if record.head is None else (record.head,),
        digests=tuple(digests),
        now=now,
        mapper=EventMapper(EVENTS),
    )

    async def replayed() -> list[ModelVerdict]:
        async with PostgresEventStore(dsn, EVENTS, WallClock(), tolerant=True) as store:
            return await compare(dsn, store, READ_MODELS, EVENTS, progress)

    kept = timedelta(days=settings.upload_kept_days)
    history = await _read(findings, "history", lambda: check_history(dsn, secret, progress, expected))
    frames = await _read(findings, "OCPP frames", lambda: check_frames(dsn, secret, record.frames))
    files = await _read(findings, "uploaded files", lambda: check_files(dsn, kept, now))
    verdicts = await _read(findings, "read models", replayed)
    ledger = await _read(findings, "ledger", lambda: check_ledger(dsn))
    for report in (history, frames, files):
        findings += [] if report is None else report.findings
    known = record.head is not None
    return Audit(history, frames, files, verdicts or (), record.accepted, known, ledger, findings)


def ledger_findings(audit: Audit) -> list[str]:
    """Where the ledger does not agree with the other read models, as sentences."""
    if audit.ledger is None:
        return []
    found = [f"there are {each}" for each in audit.ledger.disagreements]
    if audit.ledger.waited_for:
        found.append(
            f"not compared, because {', '.join(audit.ledger.waited_for)} did not reach one position in time"
        )
    return found


def not_covered(audit: Audit) -> list[str]:
    """What the audit does not cover, as sentences."""
    found = []
    if audit.history is not None and audit.history.unsealed:
        found.append(f"{audit.history.unsealed:,} events that are not sealed yet")
    if not audit.head_known:
        found.append("the end of the history: no signed head file is in the data directory (see --expect)")
    if audit.frames is not None:
        days = [str(day) for day in audit.frames.unsealed]
        if days:
            span = days[0] if len(days) == 1 else f"{len(days)} days from {days[0]} to {days[-1]}"
            found.append(f"OCPP frames of days without a seal: {span}")
        if audit.frames.later:
            found.append(f"{audit.frames.later:,} OCPP frames that came in after their day was sealed")
    if audit.files is not None and audit.files.expired:
        found.append(f"{audit.files.expired:,} uploaded files that are not kept any more")
    return [
        *found,
        "OCPP frames dated to days without a partition, accounts, passwords, notification addresses",
    ]


def _known(settings: Settings, secret: bytes, findings: list[HistoryFinding]) -> Record:
    try:
        return HeadFile(settings.data_dir, secret).read() or Record()
    except HeadFileUnusable as reason:
        findings.append(HistoryFinding(Kind.OTHER_HEAD, 0, str(reason)))
        return Record()


async def _read(findings: list[HistoryFinding], what: str, work: Callable[[], Awaitable[R]]) -> R | None:
    """The result of ``work``; a database error becomes a finding, and the result ``None``."""
    try:
        return await work()
    except psycopg.Error as error:
        if lost(error):
            raise
        reason = str(error).strip().splitlines()[0]
        findings.append(HistoryFinding(Kind.DATABASE, 0, f"the {what} could not be compared: {reason}"))
        return None
