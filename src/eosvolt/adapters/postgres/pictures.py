"""Pictures of companies, by the SHA-256 of their content."""

from typing import LiteralString, Self

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.images import Picture

_KEEP: LiteralString = (
    "INSERT INTO pictures (company, digest, content, media_type, width, height)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)


class PostgresPictures:
    """Stores and reads pictures. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Opens a few connections of its own."""
        self._database = ReadPool(dsn, "pictures", size=2)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    def kept(self, company: int, picture: Picture) -> Statements:
        """The statement that stores a picture for a company; nothing if it has it already."""
        values = (company, picture.digest, *picture)
        return Statements(Statement(_KEEP, values))

    async def picture(self, company: int, digest: str) -> Picture | None:
        """A picture of a company; ``None`` if it has none of this digest."""
        rows = await self._database.fetch(
            "SELECT content, media_type, width, height FROM pictures WHERE company = %s AND digest = %s",
            (company, digest),
        )
        return Picture(*rows[0]) if rows else None
