"""How customers are added, changed and erased: by API and by page."""

from eosvolt.application.operations import customers
from eosvolt.application.operations.customers import CustomerTerms, NewCustomerInput
from tests.unit.operations.people import OWNER_OF_IT
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site


async def a_customer_with_a_token(site: Site) -> None:
    """Ana Blum, who charges with T1."""
    terms = CustomerTerms(name="Ana Blum", email="ana@blum.example", tokens=("T1",))
    await site.operations.run(customers.add, OWNER_OF_IT, NewCustomerInput(customer="c1", terms=terms))


NEW = {"name": "Ben Otto", "email": "Ben@otto.example", "language": "de"}
CHANGED = {"name": "Ana Stein", "email": "ana@blum.example", "language": "en", "version": "2"}

WAYS_OF_CUSTOMERS: dict[str, list[Ways]] = {
    "customers.add": [
        Ways(
            ("POST", "/customers", {**NEW, "tokens": ["t2"], "billing": {"city": "Hamburg"}}),
            ("/customers/new", {**NEW, "tokens": " t2 ", "city": "Hamburg"}),
        ),
    ],
    "customers.change": [
        Ways(
            ("PATCH", "/customers/c1", {"name": "Ana Stein", "tokens": ["T3"]}),
            ("/customers/c1/edit", {**CHANGED, "tokens": "T3"}),
            a_customer_with_a_token,
        ),
    ],
    "customers.erase": [
        Ways(
            ("DELETE", "/customers/c1", None),
            ("/customers/c1/erase", {"name": "ana blum"}),
            a_customer_with_a_token,
        ),
    ],
}
