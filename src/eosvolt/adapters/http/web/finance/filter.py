"""The filter of transactions in the address of a page."""

from datetime import date, timedelta

from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.application.ledger_questions import TransactionFilter
from eosvolt.application.operations import customers
from eosvolt.application.permissions import allows

FILTERS = (
    "from", "to", "kind", "currency", "location", "charger", "session", "customer", "paymentMethod",
)  # fmt: skip
_A_DAY = timedelta(days=1)


def filtered(request: PageRequest) -> bool:
    """Whether the address restricts the list."""
    return any(request.query(name) for name in FILTERS)


async def wanted_transactions(request: PageRequest) -> TransactionFilter:
    """The filter of the address. A customer is named by the id or, by who may see it, the e-mail address."""
    since, until, session = request.query("from"), request.query("to"), request.query("session")
    customer = request.query("customer").strip()
    if "@" in customer and sees_customers(request):
        person = await request.dependencies.customers.with_email(request.number, customer)
        customer = person.customer if person else customer
    return TransactionFilter(
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) + _A_DAY if until else None,
        kinds=request.query_values("kind"),
        currency=request.query("currency"),
        location=request.query("location"),
        charge_point=request.query("charger"),
        session=int(session) if session else None,
        customer=customer,
        payment_method=request.query("paymentMethod"),
    )


async def customer_typed(request: PageRequest) -> str | None:
    """What the field of the customer shows; ``None`` for who may not see customers."""
    if not sees_customers(request):
        return None
    named = request.query("customer")
    person = await request.dependencies.customers.person(request.number, named) if named else None
    return (person.email if person else "") or named


def sees_customers(request: PageRequest) -> bool:
    """Whether the reader may see who customers are."""
    return allows(request.actor.grants, customers.VIEW)
