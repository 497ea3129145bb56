"""When backups were made. Whoever makes one says so; the system makes none and sees none."""

from datetime import datetime

from eosvolt.adapters.postgres.connections import connect

# Nobody asks for older ones.
_KEPT = 100


async def record_backup(dsn: str, made_at: datetime) -> None:
    """A backup of the database was made; said again, nothing changes."""
    async with await connect(dsn, "record a backup") as connection, connection.transaction():
        await connection.execute("INSERT INTO backups VALUES (%s) ON CONFLICT DO NOTHING", (made_at,))
        await connection.execute(
            "DELETE FROM backups WHERE made_at < (SELECT min(made_at) FROM"
            " (SELECT made_at FROM backups ORDER BY made_at DESC LIMIT %s) AS kept)",
            (_KEPT,),
        )
