"""Files that chargers uploaded, in parts, for as long as they are kept."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import LiteralString, Self

from eosvolt.adapters.postgres.connections import ReadPool

# An unfinished file is deleted after this time.
UNFINISHED_FOR = timedelta(days=1)

_TIDY: LiteralString = (
    "DELETE FROM uploaded_files WHERE begun_at < now() - %s::interval"
    " OR (sha256 IS NULL AND begun_at < now() - %s::interval)"
)


class UploadedFiles:
    """Stores files by the id of their upload. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Uses a few connections of its own, because a charger's upload may take long."""
        self._database = ReadPool(dsn, "uploaded files", size=3)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    async def begin(self, upload: str) -> int:
        """Create an empty file for this upload and return its number."""
        rows = await self._database.run(
            "INSERT INTO uploaded_files (upload) VALUES (%s) RETURNING id", upload
        )
        return int(rows[0][0])

    async def add(self, file: int, number: int, content: bytes) -> None:
        """Store part ``number`` (from 0) of a file."""
        await self._database.run("INSERT INTO uploaded_file_parts VALUES (%s, %s, %s)", file, number, content)

    async def finish(self, file: int, sha256: str) -> None:
        """Mark a file as complete, with its SHA-256 in hex."""
        await self._database.run("UPDATE uploaded_files SET sha256 = %s WHERE id = %s", sha256, file)

    async def drop(self, file: int) -> None:
        """Delete a file."""
        await self._database.run("DELETE FROM uploaded_files WHERE id = %s", file)

    async def content(self, upload: str, sha256: str) -> AsyncIterator[bytes] | None:
        """The content of a file part by part; ``None`` if it is no longer stored."""
        rows = await self._database.fetch(
            "SELECT id FROM uploaded_files WHERE upload = %s AND sha256 = %s ORDER BY id LIMIT 1",
            (upload, sha256),
        )
        return self._parts(rows[0][0]) if rows else None

    async def tidy(self, kept: timedelta) -> None:
        """Delete files older than ``kept``, and old unfinished ones."""
        await self._database.run(_TIDY, kept, UNFINISHED_FOR)

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
