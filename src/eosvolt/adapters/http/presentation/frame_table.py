"""OCPP frames as a table for files."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import datetime

from eosvolt.adapters.http.presentation.exports import AT_ONCE
from eosvolt.application.ports import Frame
from eosvolt.application.table_files import Cell, Table

COLUMNS = ("at", "direction", "connection", "messageId", "action", "outcome", "text")


def frame_table(made_at: datetime) -> Table[Frame]:
    """Frames as a table, with the fields and values of the log in JSON. Instants are in UTC."""
    return Table("OCPP messages", made_at, COLUMNS, _cells)


async def in_batches(frames: AsyncIterator[Frame]) -> AsyncGenerator[Sequence[Frame], None]:
    """The frames, some at a time."""
    batch: list[Frame] = []
    async for frame in frames:
        batch.append(frame)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _cells(frame: Frame) -> tuple[Cell, ...]:
    return (
        frame.at,
        frame.direction,
        frame.connection,
        frame.message_id,
        frame.action,
        frame.outcome,
        frame.text,
    )
