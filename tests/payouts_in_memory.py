"""The questions about withdrawals, answered from the read models over the in-memory store."""

from collections.abc import Sequence

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.payouts import MovementSum
from eosvolt.projections.ledger import LedgerRow
from eosvolt.projections.payouts import PayoutRow, payouts


class MemoryPayoutQueries:
    """The questions of ``ports.PayoutQueries`` that tests ask."""

    models: MemoryReadModels

    async def payout(self, company: int, payout: str) -> PayoutRow | None:
        row = self.models.row(payouts, payout)
        return row if row is not None and row.company == company else None

    async def payout_before(self, *_: object) -> PayoutRow | None:
        return None

    async def last_payout_movements(self, *_: object) -> Sequence[LedgerRow]:
        return []

    async def payout_sums(self, *_: object) -> Sequence[MovementSum]:
        return []
