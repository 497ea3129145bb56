"""Questions about payouts, for Finance."""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.payouts import MovementSum
from eosvolt.application.questions import Page
from eosvolt.projections.ledger import LedgerRow
from eosvolt.projections.payouts import PayoutRow


class PayoutQueries(Protocol):
    """Questions about payouts. Whoever works at some locations only sees none."""

    async def payouts(
        self,
        company: int,
        *,
        cursor: str | None = None,
        limit: int = 50,
        as_of: datetime | None = None,
    ) -> Page[PayoutRow]:
        """A page of the payouts, the last requested first."""
        ...

    async def payout(self, company: int, payout: str) -> PayoutRow | None:
        """One payout."""
        ...

    async def payout_before(self, company: int, payout: PayoutRow) -> PayoutRow | None:
        """The last request in the same currency before this one."""
        ...

    async def last_payout_movements(
        self, company: int, payout: PayoutRow, before: PayoutRow | None, limit: int
    ) -> Sequence[LedgerRow]:
        """The last of what became or ceased to be available between two requests, in the order of the log."""
        ...

    def payout_movements(
        self, company: int, payout: PayoutRow, before: PayoutRow | None, size: int
    ) -> AsyncGenerator[list[LedgerRow], None]:
        """All of these movements, at most ``size`` at a time; for a snapshot of the queries."""
        ...

    async def payout_sums(
        self, company: int, payout: PayoutRow, before: PayoutRow | None
    ) -> Sequence[MovementSum]:
        """The sums of these movements by local day and kind, in this order."""
        ...
