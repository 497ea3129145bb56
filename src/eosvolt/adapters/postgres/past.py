"""Imports past events and frames into the history, as if they had been recorded here at their time.

Facts keep their recording times, frames their times on the wire, and each seal has the time of the last event
that it covers. Facts and frames are written in one transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import LiteralString, TypeVar

from eosvolt.adapters.postgres.alongside import Statements
from eosvolt.adapters.postgres.append import APPEND, columns
from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.frame_log import copy_frames
from eosvolt.adapters.postgres.frame_partitions import Partitions
from eosvolt.adapters.postgres.sealer import EVENTS_PER_SEAL, Sealer
from eosvolt.adapters.postgres.stored_events import EventMapper, Stored, moment
from eosvolt.application.ports import Frame
from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.kernel import Fact

T = TypeVar("T")

EVENTS_AT_ONCE = 2_000
FRAMES_AT_ONCE = 5_000
_NEWEST: LiteralString = "SELECT state FROM stored_events ORDER BY notification_id DESC LIMIT 1"


async def write_past(
    dsn: str,
    mapper: EventMapper,
    facts: Sequence[Fact],
    frames: Sequence[Frame],
    alongside: Sequence[Statements],
    progress: Callable[[float], None],
) -> None:
    """Append ``facts`` in the order of recording, store ``frames``, and run the statements ``alongside``.

    If the history has events already, no recording time may be earlier than that of its last event.
    ``progress`` gets the share that is done, 0 to 1. Raises the driver's error, e.g. if a stream exists.
    """
    total = len(facts) + len(frames)
    done = 0
    async with await connect(dsn, "past") as connection, connection.transaction():
        cursor = connection.cursor(binary=True)
        newest = await (await cursor.execute(_NEWEST)).fetchone()
        earliest = datetime.min.replace(tzinfo=UTC) if newest is None else moment(newest[0]).recorded_at
        for each in alongside:
            await each.carry_out(connection)
        for some in _parts(facts, EVENTS_AT_ONCE):
            rows = [
                mapper.stored(
                    fact.stream,
                    fact.version,
                    fact.event,
                    max(fact.recorded_at, earliest + MICROSECOND),
                    fact.why,
                )
                for fact in some
            ]
            await cursor.execute(APPEND, columns(rows), prepare=True)
            done += len(some)
            progress(done / total)
        partitions = Partitions()
        for batch in _parts(frames, FRAMES_AT_ONCE):
            await partitions.make(connection, {frame.at.astimezone(UTC).date() for frame in batch})
            await copy_frames(connection, batch)
            done += len(batch)
            progress(done / total)


async def append_rows(connection: Db, rows: Sequence[Stored]) -> None:
    """Append rows whose recording times were assigned already, in one transaction."""
    cursor = connection.cursor(binary=True)
    async with connection.transaction():
        for some in _parts(rows, EVENTS_AT_ONCE):
            await cursor.execute(APPEND, columns(some), prepare=True)


async def seal_past(dsn: str, sealer: Sealer, recorded: Sequence[datetime]) -> None:
    """Seal imported events by their times of recording; each seal has that of the last event it covers."""
    async with await connect(dsn, "seal") as connection:
        for some in _parts(recorded, EVENTS_PER_SEAL):
            await sealer.seal(connection, some[-1])


def _parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(whole), size):
        yield whole[first : first + size]
