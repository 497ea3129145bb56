"""Queries about the proof of the history: seals of events, the head, and runs of ``eosvolt verify``."""

from collections.abc import Mapping, Sequence
from typing import LiteralString

import msgspec

from eosvolt.adapters.postgres.hash_chain import Seal, leaf
from eosvolt.adapters.postgres.queries.base_query import BaseQuery
from eosvolt.application.history_proof import ModelResult, SealedAt, VerificationRun
from eosvolt.application.installation import SealHead

_OF: LiteralString = (
    "SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state, s.up_to, s.count,"
    " s.leaves, s.digest, s.signature, s.sealed_at, s.format FROM stored_events e CROSS JOIN LATERAL"
    " (SELECT * FROM history_seals WHERE up_to >= e.notification_id ORDER BY up_to LIMIT 1) s"
    " WHERE e.notification_id = ANY(%(positions)s::bigint[]) AND e.company = %(company)s"
)
_HEAD: LiteralString = "SELECT up_to, sealed_at, digest FROM history_seals ORDER BY up_to DESC LIMIT 1"
_NAMED: LiteralString = (
    "SELECT up_to, sealed_at, digest FROM history_seals"
    " WHERE encode(digest, 'hex') LIKE %(digest)s || '%%' ORDER BY up_to DESC LIMIT 1"
)
_AT: LiteralString = "SELECT up_to, sealed_at, digest FROM history_seals WHERE up_to = %(position)s"
_RUNS: LiteralString = (
    "SELECT started_at, ended_at, by, position, digest, intact, same, models::text, findings::text"
    " FROM verification_runs ORDER BY id DESC LIMIT %(rows)s"
)
_MODELS = msgspec.json.Decoder(tuple[ModelResult, ...])
_FINDINGS = msgspec.json.Decoder(tuple[str, ...])


class PostgresProofQueries(BaseQuery):
    """Seals and verifications."""

    async def seals_of(self, company: int, positions: Sequence[int]) -> Mapping[int, SealedAt]:
        """The seals of a company's events by their positions; events that are not sealed yet are left out."""
        rows = await self._store.reading.fetch(_OF, {"company": company, "positions": list(positions)})
        found = {}
        for position, stream, version, topic, state, *rest in rows:
            seal = Seal(*rest)
            same = leaf(position, stream, version, topic, state) in seal.read()
            found[position] = SealedAt(seal.up_to, seal.digest.hex(), seal.sealed_at, same)
        return found

    async def history_head(self) -> SealHead | None:
        """The last seal of the history; ``None`` if nothing is sealed."""
        return _seal(await self._store.reading.fetch(_HEAD))

    async def expected_seal(self, digest: str, position: int | None = None) -> SealHead | None:
        """The seal whose digest begins with ``digest`` (hex), at ``position`` if given; ``None`` for none."""
        if position is None:
            return _seal(await self._store.reading.fetch(_NAMED, {"digest": digest}))
        found = _seal(await self._store.reading.fetch(_AT, {"position": position}))
        return found if found is not None and found.digest.startswith(digest) else None

    async def verification_runs(self, limit: int = 10) -> Sequence[VerificationRun]:
        """The last runs of ``eosvolt verify``, the newest first."""
        rows = await self._store.reading.fetch(_RUNS, {"rows": limit})
        return [
            VerificationRun(
                started_at=started_at,
                ended_at=ended_at,
                by=by,
                position=position,
                digest=digest,
                intact=intact,
                same=same,
                models=_MODELS.decode(models),
                findings=_FINDINGS.decode(findings),
            )
            for started_at, ended_at, by, position, digest, intact, same, models, findings in rows
        ]


def _seal(rows: Sequence[tuple[object, ...]]) -> SealHead | None:
    for up_to, sealed_at, digest in rows:
        return SealHead(up_to, sealed_at, digest.hex())  # type: ignore[arg-type,attr-defined]  # as selected
    return None
