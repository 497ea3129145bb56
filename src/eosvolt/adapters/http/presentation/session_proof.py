"""The proof of a session's bill: each line with the events it follows from, their frames and their seals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.pricing import priced
from eosvolt.application.history_proof import SealedAt, evidence
from eosvolt.application.ports import Frame
from eosvolt.domain.kernel import Fact
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.projections.session_row import SessionRow


class ProvedEvent(NamedTuple):
    """An event behind a line, the OCPP frame that it came from, and the seal that covers it.

    ``frame`` is ``None`` for an event without one, and for a frame that is not kept any more.
    """

    fact: Fact
    frame: Frame | None
    seal: SealedAt | None


class ProvedLine(NamedTuple):
    """A line of the bill, and the events that it follows from, oldest first."""

    line: PriceLine
    events: Sequence[ProvedEvent]


async def proved(queries: Queries, row: SessionRow, now: datetime) -> list[ProvedLine]:
    """Every line of the bill with its proof."""
    facts = await queries.session_facts(row.company, row.id)
    lines = [(line, evidence(line, facts)) for line in priced(row, now).all_lines]
    wanted = {fact.position: fact for _, found in lines for fact in found}
    seals = await queries.seals_of(row.company, sorted(wanted))
    frames = await _frames(queries, row, {fact.why.frame for fact in wanted.values() if fact.why.frame})
    return [
        ProvedLine(
            line,
            [ProvedEvent(fact, frames.get(fact.why.frame), seals.get(fact.position)) for fact in found],
        )
        for line, found in lines
    ]


async def _frames(queries: Queries, row: SessionRow, digests: set[str]) -> Mapping[str, Frame]:
    """The frames by their SHA-256 in hex, computed from what is kept."""
    found: dict[str, Frame] = {}
    if not digests:
        return found
    async for frame in queries.session_frames(row.company, row.id):
        digest = sha256(frame.text.encode()).hexdigest()
        if digest in digests:
            found.setdefault(digest, frame)
        if len(found) == len(digests):
            break
    return found
