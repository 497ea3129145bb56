"""Files that chargers uploaded, in parts, for as long as they are kept."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, LiteralString, Self

from eosvolt.adapters.postgres.connections import ReadPool

# Nobody goes on with a file that was begun so long ago.
UNFINISHED_FOR = timedelta(days=1)

_TIDY: LiteralString = (
    "DELETE FROM uploaded_files WHERE begun_at < now() - %s::interval"
    " OR (sha256 IS NULL AND begun_at < now() - %s::interval)"
)


class UploadedFiles:
    """Keeps files by the id of their upload. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """With a few connections of its own: a charger may take its time."""
        self._database = ReadPool(dsn, "uploaded files", size=3)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    async def begin(self, upload: str) -> int:
        """A new file for this upload, still empty; its number."""
        rows = await self._run("INSERT INTO uploaded_files (upload) VALUES (%s) RETURNING id", upload)
        return int(rows[0][0])

    async def add(self, file: int, number: int, content: bytes) -> None:
        """Its part ``number``, from 0."""
        await self._run("INSERT INTO uploaded_file_parts VALUES (%s, %s, %s)", file, number, content)

    async def finish(self, file: int, sha256: str) -> None:
        """All of it is here."""
        await self._run("UPDATE uploaded_files SET sha256 = %s WHERE id = %s", sha256, file)

    async def drop(self, file: int) -> None:
        """Nobody wants it."""
        await self._run("DELETE FROM uploaded_files WHERE id = %s", file)

    async def content(self, upload: str, sha256: str) -> AsyncIterator[bytes] | None:
        """What came, part by part; ``None`` where it is not kept any more."""
        rows = await self._database.fetch(
            "SELECT id FROM uploaded_files WHERE upload = %s AND sha256 = %s ORDER BY id LIMIT 1",
            (upload, sha256),
        )
        return self._parts(rows[0][0]) if rows else None

    async def tidy(self, kept: timedelta) -> None:
        """Remove what is older than ``kept``, and what was never finished."""
        await self._run(_TIDY, kept, UNFINISHED_FOR)

    async def _parts(self, file: int) -> AsyncIterator[bytes]:
        number = 0
        while True:
            rows = await self._database.fetch(
                "SELECT content FROM uploaded_file_parts WHERE file = %s AND number = %s", (file, number)
            )
            if not rows:
                return
            yield bytes(rows[0][0])
            number += 1

    async def _run(self, query: LiteralString, *params: object) -> list[tuple[Any, ...]]:
        async with self._database.connection() as connection:
            cursor = await connection.execute(query, params)
            return await cursor.fetchall() if cursor.description else []
