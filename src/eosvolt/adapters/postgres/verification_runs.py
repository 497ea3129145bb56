"""Records what a run of ``eosvolt verify`` found."""

from typing import LiteralString

import msgspec

from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.history_proof import VerificationRun

_RECORD: LiteralString = (
    "INSERT INTO verification_runs"
    " (started_at, ended_at, by, position, digest, intact, same, models, findings)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb)"
)
KEPT = 1_000
_FORGET: LiteralString = (
    "DELETE FROM verification_runs WHERE id <= (SELECT id FROM verification_runs ORDER BY id DESC"
    " OFFSET %s LIMIT 1)"
)


async def record_run(dsn: str, run: VerificationRun) -> None:
    """Store a run; only the last ``KEPT`` stay."""
    async with await connect(dsn, "verification run") as connection, connection.transaction():
        await connection.execute(
            _RECORD,
            (
                run.started_at,
                run.ended_at,
                run.by,
                run.position,
                run.digest,
                run.intact,
                run.same,
                msgspec.json.encode(run.models).decode(),
                msgspec.json.encode(run.findings).decode(),
            ),
        )
        await connection.execute(_FORGET, (KEPT,))
