"""Questions about the ledger, for Finance."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from eosvolt.application.ledger_questions import LedgerDay, TransactionFilter
from eosvolt.application.questions import Page
from eosvolt.domain.kernel import Fact
from eosvolt.projections.ledger import LedgerRow


class LedgerQueries(Protocol):
    """Questions about the ledger."""

    async def ledger_days(
        self,
        company: int,
        since: date | None = None,
        until: date | None = None,
        *,
        as_of: datetime | None = None,
    ) -> Sequence[LedgerDay]:
        """The sums of each local day from ``since`` up to but not including ``until``, oldest first."""
        ...

    async def payment_facts(self, company: int, payment: str) -> Sequence[Fact]:
        """The facts of a driver's payment, oldest first; empty for one at another company."""
        ...

    async def transactions(
        self,
        company: int,
        wanted: TransactionFilter,
        *,
        cursor: str | None = None,
        limit: int = 50,
        as_of: datetime | None = None,
    ) -> Page[LedgerRow]:
        """A page of the matching entries, the last recorded first."""
        ...
