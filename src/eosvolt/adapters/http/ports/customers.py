"""Questions about the customers of a company: what the history says of them."""

from collections.abc import Sequence
from typing import Protocol

from eosvolt.application.questions import Page
from eosvolt.projections.customer_groups import CustomerGroupRow
from eosvolt.projections.customers import CustomerRow


class CustomerQueries(Protocol):
    """Customers who are not erased. Who they are is asked of ``CustomerDirectory``."""

    async def customers(
        self,
        company: int,
        *,
        search: str = "",
        group: str = "",
        sort: str = "name",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[CustomerRow]:
        """A page of customers; raises ``Unanswerable`` for a cursor of another order.

        ``search`` is a part of the name or the e-mail address, or the beginning of a token's uid, in any
        case; ``group`` is the id of a group that they chose. ``sort`` is one of ``CUSTOMER_SORTS``,
        descending with a leading ``-``.
        """
        ...

    async def customer_groups(self, company: int) -> Sequence[CustomerGroupRow]:
        """The customer groups of a company by name."""
        ...

    async def customer_group(self, company: int, group: str) -> CustomerGroupRow | None:
        """One group."""
        ...

    async def customer(self, company: int, customer: str) -> CustomerRow | None:
        """One customer."""
        ...
