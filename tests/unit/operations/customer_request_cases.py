"""How customers are added, changed and erased: by API and by page."""

from tests.examples import LOCATION
from tests.ports_in_memory import PASSWORD
from tests.unit.operations.customer_examples import a_customer, a_group
from tests.unit.operations.location_request_cases import a_location
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site


async def a_group_and_a_customer(site: Site) -> None:
    """A group that pays half at a location, and somebody who is not in it."""
    await a_group(site)
    await a_customer(site)


NEW = {"name": "Ben Otto", "email": "Ben@otto.example", "language": "de"}
CHANGED = {"name": "Ana Stein", "email": "ana@blum.example", "language": "en", "version": "2"}
HALF = {"locationId": LOCATION, "percentOff": "50"}
FEE = {"amount": "1.00", "intervalMinutes": 15}
OWN = {"locationId": LOCATION, "tariff": {"strategy": "perKwh", "price": "0.30", "blockingFee": FEE}}
MEMBER = {"name": "Ana Blum", "email": "ana@blum.example", "language": "en", "tokens": "T1", "version": "2"}

WAYS_OF_CUSTOMERS: dict[str, list[Ways]] = {
    "customer_accounts.change": [
        Ways(
            (
                "PUT",
                "/customers/c1/bank-account",
                {"iban": "de89 3704 0044 0532 0130 00", "accountHolder": "Ana B. Stein"},
            ),
            (
                "/customers/c1/bank-account",
                {
                    "iban": "DE89370400440532013000",
                    "bic": "",
                    "accountHolder": " Ana B.  Stein",
                    "password": PASSWORD,
                },
            ),
            a_customer,
        ),
    ],
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
            a_customer,
        ),
        Ways(
            ("PATCH", "/customers/c1", {"groups": ["g1"]}),
            ("/customers/c1/edit", {**MEMBER, "group": "g1"}),
            a_group_and_a_customer,
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
            a_customer,
        ),
    ],
}
