"""What the issuing of invoices asks of the read models."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

# Until when an invoice is to be paid, in days after it was issued.
PAYMENT_DAYS = 14


class InvoiceableSessions(Protocol):
    """The sessions that can be put on an invoice."""

    async def invoiceable(
        self, company: int, customer: str, group: str, since: datetime, until: datetime
    ) -> Sequence[str]:
        """The ids of sessions that were over in a time, cost something and are on no invoice, oldest first.

        They are those of a customer, or with a ``group`` those of its members.
        """
        ...

    async def invoiceable_fees(
        self, company: int, customer: str, group: str, since: datetime, until: datetime
    ) -> Sequence[str]:
        """The ids of bookings whose fee was charged in a time, likewise."""
        ...
