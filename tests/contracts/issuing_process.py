"""A process that issues documents beside others: ``python -m`` with a database, a kind and ids of sessions.

It waits for a line on its standard input, tries each session ``TRIES`` times at once, and writes a line for
each document once it is durable: the number of a credit note or an invoice, or the session of a receipt.
"""

import asyncio
import sys
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.customer_records import PostgresCustomerRecords
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.actor import person
from eosvolt.application.customers import CustomerPerson
from eosvolt.application.executor import Application
from eosvolt.application.operations import invoices, sessions
from eosvolt.application.operations.invoices import InvoiceInput
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.operations.sessions import RefundInput
from eosvolt.application.ports import Conflict
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.documents.events import DocumentKind
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.vocabulary import EVENTS
from tests.examples import COMPANY, MORNING, after

TRIES = 5
BUYER = CustomerPerson(
    customer="c1", company=COMPANY, name="Ana Blum", email="", billing=BillingDetails(country="CZ")
)


class Buyer(PostgresCustomerRecords):
    """Knows one customer, and stores to whom invoices go."""

    async def person(self, company: int, customer: str) -> CustomerPerson | None:
        return BUYER if (company, customer) == (BUYER.company, BUYER.customer) else None


class Chosen:
    """Puts a session and the next one on each invoice, whether others took them meanwhile or not."""

    def __init__(self, numbers: list[str]) -> None:
        self._numbers = numbers

    async def invoiceable(
        self, company: int, customer: str, group: str, since: datetime, until: datetime
    ) -> list[str]:
        assert (company, customer, group) == (BUYER.company, BUYER.customer, "")
        assert since < until
        return self._numbers

    async def invoiceable_fees(self, *_: object) -> list[str]:
        return []


async def invoiced(dsn: str, application: Application, clock: SteppedClock, numbers: list[str]) -> str:
    """The number of a new invoice over the first two sessions of ``numbers``, or what is left of them."""
    ports = Ports(customer_records=Buyer(dsn), invoiceable=Chosen(numbers[:2]))
    wanted = InvoiceInput(
        invoice=uuid4().hex, customer=BUYER.customer, first=MORNING.date(), last=MORNING.date()
    )
    return await Operations(application, clock, ports).run(invoices.issue, person("ana", COMPANY), wanted)


def said(line: str) -> None:
    """A line on the standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def main(dsn: str, kind: DocumentKind, numbers: list[str]) -> None:
    """Refund 2.00 of each session as often as it goes, or issue its receipt, or put it on an invoice."""
    clock = SteppedClock(after(10_000))
    async with PostgresEventStore(dsn, EVENTS, clock) as store:
        application = Application(store, new_turn=asyncio.Lock)
        operations, receipts = Operations(application, clock, Ports()), ReceiptIssuing(application, clock)
        said("")
        await asyncio.to_thread(sys.stdin.readline)

        async def issued(number: str) -> str:
            if kind is DocumentKind.RECEIPT:
                await receipts.issue(number)
                return number
            if kind is DocumentKind.INVOICE:
                at = numbers.index(number)
                return await invoiced(dsn, application, clock, [*numbers[at:], *numbers[:at]])
            wanted = RefundInput(session=number, reason="A fault", amount=Decimal(2))
            return await operations.run(sessions.refund, person("ana", COMPANY), wanted)

        async def tries(number: str) -> None:
            while True:
                # Another process was faster twelve times in a row.
                with suppress(Conflict):
                    said(await issued(number))
                    return

        tried = [tries(number) for _ in range(TRIES) for number in numbers]
        for outcome in await asyncio.gather(*tried, return_exceptions=True):
            if isinstance(outcome, BaseException) and not isinstance(outcome, Rejected):
                raise outcome


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], DocumentKind(sys.argv[2]), sys.argv[3:]))
