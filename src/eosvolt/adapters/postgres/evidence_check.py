"""Integrity checks of the data beside the history.

OCPP frames are compared with the seals of their days, uploaded files with the digests in their events.
"""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any, LiteralString, NamedTuple

import msgspec
from psycopg import sql

from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.frame_partitions import name_of, partitions
from eosvolt.adapters.postgres.frame_seals import FrameSeal, content, frame_seals
from eosvolt.adapters.postgres.hash_chain import GENESIS
from eosvolt.adapters.postgres.head_file import FramesHead
from eosvolt.adapters.postgres.history_findings import HistoryFinding, Kind

_RECEIVED: LiteralString = (
    "SELECT notification_id, state FROM stored_events WHERE topic = 'file-received'"
    " AND notification_id > %b ORDER BY notification_id LIMIT 1000"
)
_FILE: LiteralString = "SELECT id FROM uploaded_files WHERE upload = %b AND sha256 = %b ORDER BY id LIMIT 1"
_PART: LiteralString = "SELECT content FROM uploaded_file_parts WHERE file = %b AND number = %b"


class FramesReport(NamedTuple):
    """Counts of days: compared with their seals, dropped by retention, without a seal; and later frames."""

    compared: int
    dropped: int
    unsealed: list[date]
    later: int
    findings: list[HistoryFinding]


class FilesReport(NamedTuple):
    """The number of uploaded files that were compared, and of those that retention deleted."""

    compared: int
    expired: int
    findings: list[HistoryFinding]


class _Received(msgspec.Struct):
    upload: str
    name: str
    sha256: str


class _Envelope(msgspec.Struct):
    recorded_at: datetime
    event: _Received


async def check_frames(dsn: str, secret: bytes, head: FramesHead | None) -> FramesReport:
    """Compare all frames of sealed days with their seals, and the seals with the known head."""
    findings: list[HistoryFinding] = []
    compared = dropped = later = 0
    async with await connect(dsn, "check frames") as connection:
        present = set(await partitions(connection))
        seals = await frame_seals(connection)
        previous = GENESIS
        for seal in seals:
            if fault := seal.fault(previous, secret):
                findings.append(_finding(f"the seal of {seal.day} is broken: {fault}"))
            previous = seal.digest
            if seal.day in present:
                findings += await _compared(connection, seal)
                later += await _later(connection, seal)
                compared += 1
            elif seal.dropped(secret):
                dropped += 1
            else:
                findings.append(_finding(f"the frames of {seal.day} are gone, and not by retention"))
    known = {seal.day: seal.digest.hex() for seal in seals}
    if head is not None and known.get(head.day) != head.digest:
        text = f"the seal of the frames of {head.day} is not the one in the signed file"
        findings.append(HistoryFinding(Kind.OTHER_HEAD, 0, text))
    return FramesReport(compared, dropped, sorted(present - set(known)), later, findings)


async def check_files(dsn: str, kept: timedelta, now: datetime) -> FilesReport:
    """Compare the digest of each uploaded file with the one in its event.

    A file without content is a finding unless its event is older than ``kept``.
    """
    findings: list[HistoryFinding] = []
    compared = expired = after = 0
    async with await connect(dsn, "check files") as connection:
        while rows := await _fetch(connection, _RECEIVED, (after,)):
            for position, state in rows:
                after = position
                try:
                    envelope = msgspec.json.decode(state, type=_Envelope)
                except msgspec.MsgspecError:
                    # ``check_history`` reports events that cannot be read.
                    continue
                file = envelope.event
                digest = await _digest(connection, file)
                compared += digest != ""
                if not digest and envelope.recorded_at < now - kept:
                    expired += 1
                elif digest != file.sha256:
                    what = "was changed" if digest else "is gone"
                    findings.append(
                        HistoryFinding(Kind.FILE, position, f"the uploaded file {file.name} {what}")
                    )
    return FilesReport(compared, expired, findings)


async def _compared(connection: Db, seal: FrameSeal) -> list[HistoryFinding]:
    count, found = await content(connection, seal.day, seal.up_to)
    if (count, found) == (seal.frames, seal.content):
        return []
    what = "some of them were changed" if count == seal.frames else f"{count} of them are found"
    return [_finding(f"{seal.frames} frames of {seal.day} were sealed, and {what}")]


async def _later(connection: Db, seal: FrameSeal) -> int:
    query = sql.SQL("SELECT count(*) FROM {} WHERE id > {}").format(
        sql.Identifier(name_of(seal.day)), sql.Literal(seal.up_to)
    )
    cursor = await connection.execute(query)
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])


async def _digest(connection: Db, file: _Received) -> str:
    rows = await _fetch(connection, _FILE, (file.upload, file.sha256))
    if not rows:
        return ""
    digest, number = hashlib.sha256(), 0
    while parts := await _fetch(connection, _PART, (rows[0][0], number)):
        digest.update(parts[0][0])
        number += 1
    return digest.hexdigest()


async def _fetch(connection: Db, query: LiteralString, params: tuple[object, ...]) -> list[tuple[Any, ...]]:
    cursor = connection.cursor(binary=True)
    await cursor.execute(query, params)
    return await cursor.fetchall()


def _finding(text: str) -> HistoryFinding:
    return HistoryFinding(Kind.FRAMES, 0, text)
