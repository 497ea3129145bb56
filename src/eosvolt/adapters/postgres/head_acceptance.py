"""Accepting the database's head of the history, e.g. after a backup was restored."""

from datetime import datetime

import msgspec

from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.head_file import Acceptance, Head, HeadFile, HeadFileUnusable, Record

# Given as the digest of a history without a seal.
EMPTY = "empty"
SHORTEST_DIGEST = 16


class NotTheHead(Exception):  # noqa: N818 - an answer to the operator
    """The digest is not that of the last seal in the database. The text gives the right one."""


async def accept_head(
    dsn: str, heads: HeadFile, digest: str, *, reason: str, by: str, now: datetime
) -> Acceptance:
    """Write the database's head into the signed file, with the operator and the reason.

    ``digest`` is that of the last seal in hex, at least its first 16 characters, or ``empty``. Raises
    ``NotTheHead``.
    """
    head = await _head(dsn)
    given = digest.strip().casefold()
    if head is None and given != EMPTY:
        raise NotTheHead(f"The database has no seal: say `{EMPTY}` to accept a history that begins anew.")
    if head is not None and (len(given) < SHORTEST_DIGEST or not head.digest.startswith(given)):
        raise NotTheHead(f"The head in the database is at position {head.position}, digest {head.digest}.")
    try:
        known = heads.read() or Record()
    except HeadFileUnusable:
        # Discard the content of an unusable file; the acceptance records that there was one.
        known = Record()
    accepted = Acceptance(now, by, reason, known.head, head or Head(0, EMPTY))
    heads.replace(msgspec.structs.replace(known, head=head, accepted=(*known.accepted, accepted)))
    return accepted


async def _head(dsn: str) -> Head | None:
    async with await connect(dsn, "accept head") as connection:
        cursor = await connection.execute(
            "SELECT up_to, digest FROM history_seals ORDER BY up_to DESC LIMIT 1"
        )
        row = await cursor.fetchone()
        return None if row is None else Head(int(row[0]), bytes(row[1]).hex())
