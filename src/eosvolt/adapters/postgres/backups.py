"""The times of backups. The tool that makes a backup records it; eosvolt makes none itself."""

from datetime import datetime

from eosvolt.adapters.postgres.connections import connect

# The number of backups that are kept in the list.
_KEPT = 100


async def record_backup(dsn: str, made_at: datetime) -> None:
    """Record that a backup of the database was made at ``made_at``; idempotent."""
    async with await connect(dsn, "record a backup") as connection, connection.transaction():
        await connection.execute("INSERT INTO backups VALUES (%s) ON CONFLICT DO NOTHING", (made_at,))
        await connection.execute(
            "DELETE FROM backups WHERE made_at < (SELECT min(made_at) FROM"
            " (SELECT made_at FROM backups ORDER BY made_at DESC LIMIT %s) AS kept)",
            (_KEPT,),
        )
