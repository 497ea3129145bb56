"""A session of a customer that is put on an invoice: the source of the golden stream ``0020-invoices``."""

from eosvolt.application.actor import person
from eosvolt.application.operations import invoices
from tests.examples import COMPANY
from tests.scenario import Scenario
from tests.unit.operations.invoices import INVOICE, charged
from tests.web_in_memory import Site


async def invoice_life() -> Scenario:
    """One session, one invoice."""
    site = await Site().opened()
    await charged(site)
    await site.operations.run(invoices.issue, person("ana", COMPANY), INVOICE)
    s = Scenario()
    s.store = site.store
    return s
