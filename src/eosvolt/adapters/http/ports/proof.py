"""What pages and API ask about the proof of the history."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from eosvolt.application.history_proof import SealedAt, VerificationRun
from eosvolt.application.installation import SealHead


class ProofQueries(Protocol):
    """Questions about seals and verifications."""

    async def seals_of(self, company: int, positions: Sequence[int]) -> Mapping[int, SealedAt]:
        """The seals of a company's events by their positions; events that are not sealed yet are left out."""
        ...

    async def history_head(self) -> SealHead | None:
        """The last seal of the history; ``None`` if nothing is sealed."""
        ...

    async def expected_seal(self, digest: str, position: int | None = None) -> SealHead | None:
        """The seal whose digest begins with ``digest`` (hex), at ``position`` if given; ``None`` for none."""
        ...

    async def verification_runs(self, limit: int = 10) -> Sequence[VerificationRun]:
        """The last runs of ``eosvolt verify``, the newest first."""
        ...
