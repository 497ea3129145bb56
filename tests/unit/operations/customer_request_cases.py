"""How customers are added, changed and erased: by API and by page."""

from decimal import Decimal

from eosvolt.application.operations import customer_groups, customers
from eosvolt.application.operations.customer_groups import CustomerGroupTerms, NewCustomerGroupInput
from eosvolt.application.operations.customers import CustomerTerms, NewCustomerInput
from eosvolt.domain.customer_groups.prices import GroupPrice
from tests.examples import LOCATION
from tests.unit.operations.location_request_cases import a_location
from tests.unit.operations.people import OWNER_OF_IT
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site


async def a_customer_with_a_token(site: Site) -> None:
    """Ana Blum, who charges with T1."""
    terms = CustomerTerms(name="Ana Blum", email="ana@blum.example", tokens=("T1",))
    await site.operations.run(customers.add, OWNER_OF_IT, NewCustomerInput(customer="c1", terms=terms))


NEW = {"name": "Ben Otto", "email": "Ben@otto.example", "language": "de"}
CHANGED = {"name": "Ana Stein", "email": "ana@blum.example", "language": "en", "version": "2"}


async def a_group(site: Site) -> None:
    """A group that pays half at a location, and one of its customers."""
    await a_location(site)
    await a_customer_with_a_token(site)
    price = GroupPrice(location=LOCATION, percent_off=Decimal(50))
    terms = CustomerGroupTerms(name="Neighbours", prices=(price,))
    await site.operations.run(
        customer_groups.add, OWNER_OF_IT, NewCustomerGroupInput(group="g1", terms=terms)
    )


HALF = {"locationId": LOCATION, "percentOff": "50"}
FEE = {"amount": "1.00", "intervalMinutes": 15}
OWN = {"locationId": LOCATION, "tariff": {"strategy": "perKwh", "price": "0.30", "blockingFee": FEE}}
MEMBER = {"name": "Ana Blum", "email": "ana@blum.example", "language": "en", "tokens": "T1", "version": "2"}

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
        Ways(
            ("PATCH", "/customers/c1", {"groups": ["g1"]}),
            ("/customers/c1/edit", {**MEMBER, "group": "g1"}),
            a_group,
        ),
    ],
    "customer_groups.add": [
        Ways(
            ("POST", "/customer-groups", {"name": " Staff ", "tokenGroups": ["fleet"], "prices": [HALF]}),
            (
                "/customer-groups/new",
                {
                    "name": "Staff",
                    "tokenGroups": "Fleet",
                    "place": LOCATION,
                    "kind": "percent",
                    "value": "50",
                },
            ),
            a_location,
        ),
    ],
    "customer_groups.change": [
        Ways(
            ("PATCH", "/customer-groups/g1", {"name": "Friends", "prices": [OWN]}),
            (
                "/customer-groups/g1/edit",
                {"name": "Friends", "place": LOCATION, "kind": "perKwh", "value": "0,30", "version": "1"},
            ),
            a_group,
        ),
    ],
    "customer_groups.remove": [
        Ways(
            ("DELETE", "/customer-groups/g1", None),
            ("/customer-groups/g1/remove", {"name": "Neighbours"}),
            a_group,
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
