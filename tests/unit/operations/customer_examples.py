"""Customers and their groups: what makes each operation possible, and an input that changes something."""

from decimal import Decimal

from msgspec.structs import replace

from eosvolt.application.bank_accounts import BankAccount, PayeeAccount
from eosvolt.application.operations import customer_groups, customers
from eosvolt.application.operations.customer_accounts import CustomerAccountInput
from eosvolt.application.operations.customer_groups import (
    CustomerGroupById,
    CustomerGroupChangeInput,
    CustomerGroupTerms,
    NewCustomerGroupInput,
)
from eosvolt.application.operations.customers import (
    CustomerById,
    CustomerChangeInput,
    CustomerTerms,
    NewCustomerInput,
)
from eosvolt.domain.customer_groups.prices import GroupPrice
from tests.examples import LOCATION
from tests.unit.operations.location_request_cases import a_location
from tests.unit.operations.people import OWNER_OF_IT
from tests.unit.operations.permission_example import Example, nothing
from tests.web_in_memory import Site


async def a_customer(site: Site) -> None:
    """Somebody with a token."""
    terms = CustomerTerms(name="Ana Blum", email="ana@blum.example", tokens=("T1",))
    await site.operations.run(customers.add, OWNER_OF_IT, NewCustomerInput(customer="c1", terms=terms))


HALF_OFF = GroupPrice(location=LOCATION, percent_off=Decimal(50))
NEIGHBOURS = CustomerGroupTerms(name="Neighbours", prices=(HALF_OFF,))


async def a_group(site: Site) -> None:
    """A group that pays half at a location."""
    await a_location(site)
    price = GroupPrice(location=LOCATION, percent_off=Decimal(50))
    terms = CustomerGroupTerms(name="Neighbours", prices=(price,))
    await site.operations.run(
        customer_groups.add, OWNER_OF_IT, NewCustomerGroupInput(group="g1", terms=terms)
    )


def without_discount(terms: CustomerGroupTerms) -> CustomerGroupTerms:
    return replace(terms, name="Friends", prices=())


def married(terms: CustomerTerms) -> CustomerTerms:
    return replace(terms, name="Ana Stein")


PAYEE = PayeeAccount(BankAccount("DE89370400440532013000"), "Ana B. Stein")

EXAMPLES_OF_CUSTOMERS: dict[str, Example] = {
    "customer_accounts.change": Example(a_customer, CustomerAccountInput(customer="c1", payee=PAYEE)),
    "customer_groups.add": Example(
        a_location, NewCustomerGroupInput(group="g2", terms=NEIGHBOURS), makes=True
    ),
    "customer_groups.change": Example(
        a_group, CustomerGroupChangeInput(group="g1", changed=without_discount)
    ),
    "customer_groups.remove": Example(a_group, CustomerGroupById(group="g1"), at=None),
    "customers.add": Example(
        nothing, NewCustomerInput(customer="c2", terms=CustomerTerms(name="Ben", tokens=("t2",))), makes=True
    ),
    "customers.change": Example(a_customer, CustomerChangeInput(customer="c1", changed=married)),
    "customers.erase": Example(a_customer, CustomerById(customer="c1"), at=None),
}
