"""A customer with a session that is over, and the requests that put it on an invoice."""

from datetime import date

from eosvolt.application.customers import CustomerPerson
from eosvolt.application.operations.invoices import InvoiceInput
from eosvolt.application.ports import StreamAppend
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.kernel import Provenance
from tests.examples import COMPANY, MORNING
from tests.replay.customers_life import customers_life
from tests.unit.operations.payouts import IBAN, with_account
from tests.unit.operations.permission_example import Example
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

CUSTOMER, DAY = "c1", MORNING.date()
PRAHA = BillingDetails(street="Ulice 5", postal_code="11000", city="Praha", country="CZ")
INVOICE = InvoiceInput(invoice="i1", customer=CUSTOMER, first=DAY, last=DAY)


async def charged(site: Site) -> None:
    """A session of the customer has cost 5.50 EUR; billing data are complete."""
    await with_account(site, IBAN)
    site.customer_records.stored[CUSTOMER] = CustomerPerson(
        customer=CUSTOMER, company=COMPANY, name="Ana Blum", billing=PRAHA
    )
    for fact in (await customers_life()).store.facts:
        if fact.stream.startswith("session:"):
            appended = StreamAppend(fact.stream, fact.version - 1, [fact.event])
            await site.store.append([appended], Provenance(COMPANY, fact.why.by))


def days(first: date, last: date) -> dict[str, str]:
    """The days of a request."""
    return {"first": first.isoformat(), "last": last.isoformat()}


EXAMPLES_OF_INVOICES = {"invoices.issue": Example(charged, INVOICE, at=None)}
WAYS_OF_INVOICES = {
    "invoices.issue": [
        Ways(
            ("POST", "/invoices", {"customerId": CUSTOMER, **days(DAY, DAY)}),
            ("/finance/invoices/new", {"customer": CUSTOMER, **days(DAY, DAY)}),
            charged,
        )
    ]
}
