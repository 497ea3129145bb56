"""A customer in a group with prices of its own: the source of the golden stream ``0020-customer-groups``."""

from decimal import Decimal

from eosvolt.domain.customer_groups.commands import (
    CustomerGroupCommand,
    PutCustomerGroup,
    RemoveCustomerGroup,
)
from eosvolt.domain.customer_groups.decider import customer_groups
from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.customers.commands import AddCustomer, AddCustomerToken, ChangeMembership
from eosvolt.domain.customers.decider import customers
from eosvolt.domain.kernel import Command
from eosvolt.domain.locations.access import AccessRules
from eosvolt.domain.locations.commands import ChangeLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.tokens.commands import AssignToken
from eosvolt.domain.tokens.decider import tokens
from tests.examples import COMPANY, DETAILS, LOCATION, TARIFF_BY_TIME_OF_DAY, TOKEN, after
from tests.scenario import WHY, Scenario


async def customer_groups_life() -> Scenario:
    """A group with percent off, then with a tariff; a session with each, and one once the group is gone."""
    s = await Scenario().opened()

    async def of_groups(command: CustomerGroupCommand) -> None:
        await s.application.execute(customer_groups, str(COMPANY), command, WHY)

    async def of_customer(command: Command) -> None:
        await s.application.execute(customers, "c1", command, WHY)

    def staff(minutes: float, price: GroupPrice) -> PutCustomerGroup:
        at = after(minutes)
        return PutCustomerGroup(
            company=COMPANY, group="g1", at=at, name="Staff", token_groups=("FLEET",), prices=(price,)
        )

    async def charges(minutes: float, wh: int) -> None:
        number = (await s.starts(minutes, wh)).transaction
        await s.stops(minutes + 30, number, wh + 10_000)
        await s.reports(minutes + 31, "Available")

    await of_groups(staff(0, GroupPrice(location=LOCATION, percent_off=Decimal(50))))
    await of_customer(AddCustomer(company=COMPANY, at=after(0)))
    await of_customer(AddCustomerToken(at=after(0), token=TOKEN))
    assign = AssignToken(customer="c1", at=after(0))
    await s.application.execute(tokens, f"{COMPANY}/{TOKEN}", assign, WHY)
    await of_customer(ChangeMembership(at=after(0), groups=("g1",)))
    listed = ChangeLocation(at=after(0), details=DETAILS, access=AccessRules(customer_groups=("g1",)))
    await s.application.execute(locations, LOCATION, listed, WHY)
    await charges(1, 1_000)
    await of_groups(staff(40, GroupPrice(location=LOCATION, tariff=TARIFF_BY_TIME_OF_DAY)))
    await charges(41, 11_000)
    await of_groups(RemoveCustomerGroup(group="g1", at=after(80)))
    await charges(81, 21_000)
    return s
