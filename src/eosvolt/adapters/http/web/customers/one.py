"""One customer: the details, tokens and sessions, and the question before all of it is erased."""

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.ports.queries import SessionFilter
from eosvolt.adapters.http.presentation.customers import CustomerEntry, customer_entry
from eosvolt.adapters.http.web.customers.page import PAGE
from eosvolt.adapters.http.web.customers.view_models import CustomerFacts, CustomerPage
from eosvolt.adapters.http.web.sessions.table import session_table
from eosvolt.adapters.http.web.shell.choices import countries, languages
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.removal import Removal, ask_before
from eosvolt.adapters.http.web.tokens.terms import STATES
from eosvolt.application.bank_accounts import masked
from eosvolt.application.operations import customers, sessions
from eosvolt.application.operations.customers import CustomerById
from eosvolt.application.permissions import allows

ONE = f"{PAGE}/{{customer}}"
_SESSIONS = 20


def customer_page_routes(pages: Pages) -> list[Route]:
    """``/customers/{customer}`` and ``/customers/{customer}/erase``."""
    return [
        pages.get(ONE, customer, needs=customers.VIEW),
        pages.form(f"{ONE}/erase", ask, erase, needs=customers.VIEW, operation=customers.erase),
    ]


async def customer(request: PageRequest) -> Response:
    """The page, or its facts alone."""
    return await show(request, CustomerPage(entry=await entry_of(request)), {"facts": _facts})


async def ask(request: PageRequest) -> Response:
    """Ask for the name before anything is erased."""
    return await ask_before(request, _erasure(await entry_of(request)))


async def erase(request: PageRequest) -> Response:
    """Erase the customer."""
    entry = await entry_of(request)
    if request.form_value("name").casefold() != entry.person.name.casefold():
        problem = gettext("Type the name {name}.", name=entry.person.name)
        return await ask_before(request, _erasure(entry), problem)
    await request.run(customers.erase, CustomerById(customer=entry.row.customer))
    return redirect(PAGE, gettext("The customer's personal data is erased."))


async def entry_of(request: PageRequest) -> CustomerEntry:
    """The customer of the path. Raises a 404 ``Problem`` for one that is erased or not there."""
    entry = await customer_entry(
        request.queries, request.dependencies.customers, request.number, request.path_parameter("customer")
    )
    if entry is None:
        raise not_found(gettext("There is no such customer."))
    return entry


def _erasure(entry: CustomerEntry) -> Removal:
    return Removal(
        page="customers",
        name=entry.person.name,
        what=gettext("customer"),
        back=f"{PAGE}/{entry.row.customer}",
        consequence=gettext(
            "All personal data is erased for good and the customer's tokens are blocked. Sessions and sums"
            " stay, and nobody can say any more whose they were."
        ),
    )


async def _facts(request: PageRequest) -> CustomerFacts:
    entry = await entry_of(request)
    charged, more = [], False
    if allows(request.actor.grants, sessions.VIEW):
        found = await request.queries.sessions(
            request.number, SessionFilter(customer=entry.row.customer), limit=_SESSIONS, now=request.then
        )
        charged, more = [*found.items], found.cursor is not None
    groups = await request.queries.customer_groups(request.number)
    return CustomerFacts(
        entry=entry,
        cards=await request.queries.tokens_named(request.number, entry.row.tokens),
        groups=[each for each in groups if each.group in entry.row.groups],
        iban=masked(entry.person.payee.account.iban),
        states=STATES,
        countries=dict(countries()),
        languages=dict(languages()),
        table=session_table(request, charged),
        receipts=sorted(
            ((row, each) for row in charged for each in row.receipts),
            key=lambda pair: pair[1].at,
            reverse=True,
        ),
        more=more,
    )
