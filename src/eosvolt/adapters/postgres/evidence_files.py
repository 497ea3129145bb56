"""Files that prove prices, by company and the SHA-256 of their content."""

from typing import LiteralString, Self

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.evidence_files import EvidenceFile

_KEEP: LiteralString = (
    "INSERT INTO evidence_files (company, digest, content, media_type)"
    " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
)


class PostgresEvidenceFiles:
    """Implements ``application.evidence_files.EvidenceFiles``. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Reads over a connection of its own."""
        self._database = ReadPool(dsn, "evidence files", size=1)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        await self._database.close()

    def kept(self, company: int, file: EvidenceFile) -> Statements:
        """The statement that stores a file for a company; nothing if it has it already."""
        return Statements(Statement(_KEEP, (company, file.digest, *file)))

    async def file(self, company: int, digest: str) -> EvidenceFile | None:
        """A file of a company; ``None`` if it has none of this digest."""
        rows = await self._database.fetch(
            "SELECT content, media_type FROM evidence_files WHERE company = %s AND digest = %s",
            (company, digest),
        )
        return EvidenceFile(*rows[0]) if rows else None
