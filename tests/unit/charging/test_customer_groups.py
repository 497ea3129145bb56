"""Sessions of customers: who is let in, and the price of a group, live and learnt late."""

from decimal import Decimal

from msgspec.structs import replace

from eosvolt.domain.customer_groups.commands import PutCustomerGroup, RemoveCustomerGroup
from eosvolt.domain.customer_groups.decider import customer_groups
from eosvolt.domain.customer_groups.prices import GroupPrice
from eosvolt.domain.customers.commands import AddCustomer, AddCustomerToken, ChangeMembership
from eosvolt.domain.customers.decider import customers
from eosvolt.domain.kernel import Command
from eosvolt.domain.locations.access import AccessRules
from eosvolt.domain.locations.commands import ChangeLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import LocationType
from eosvolt.domain.tokens.commands import AssignToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import Authorization
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow
from tests.examples import CHARGE_POINT, COMPANY, DETAILS, LOCATION, TOKEN, after
from tests.scenario import WHY, Scenario

HALF_OFF = GroupPrice(location=LOCATION, percent_off=Decimal(50))


async def of_customer(s: Scenario, command: Command) -> None:
    await s.application.execute(customers, "c1", command, WHY)


async def of_groups(s: Scenario, command: Command) -> None:
    await s.application.execute(customer_groups, str(COMPANY), command, WHY)


async def a_member(token_groups: tuple[str, ...] = ()) -> Scenario:
    """A customer with a token who is in a group that pays half."""
    s = await Scenario().opened()
    staff = PutCustomerGroup(
        company=COMPANY,
        group="g1",
        at=after(-3),
        name="Staff",
        token_groups=token_groups,
        prices=(HALF_OFF,),
    )
    await of_groups(s, staff)
    await of_customer(s, AddCustomer(company=COMPANY, at=after(-3)))
    await of_customer(s, AddCustomerToken(at=after(-3), token=TOKEN))
    assign = AssignToken(customer="c1", at=after(-3))
    await s.application.execute(tokens, f"{COMPANY}/{TOKEN}", assign, WHY)
    await of_customer(s, ChangeMembership(at=after(-3), groups=("g1",)))
    return s


def row(s: Scenario, number: int) -> SessionRow:
    found = s.models.row(session_history, str(number))
    assert found is not None
    return found


def pinned(s: Scenario, number: int) -> tuple[str, str, str]:
    found = row(s, number)
    assert found.tariff is not None
    return found.customer, found.customer_group, f"{found.tariff.price:f}"


async def test_a_session_of_a_member_has_the_price_of_the_group_whatever_changes_afterwards() -> None:
    s = await a_member()
    number = (await s.starts(0, 1_000)).transaction
    await of_groups(s, RemoveCustomerGroup(group="g1", at=after(1)))
    await s.stops(60, number, 11_000)
    assert pinned(s, number) == ("c1", "g1", "0.25")
    assert row(s, number).total_gross == 250
    await s.reports(61, "Available")
    assert pinned(s, (await s.starts(62, 11_000)).transaction) == ("c1", "", "0.50")


async def test_a_session_that_is_learnt_late_has_the_group_and_the_price_of_its_start() -> None:
    s = await a_member()
    await of_customer(s, ChangeMembership(at=after(90), groups=()))
    await of_groups(s, RemoveCustomerGroup(group="g1", at=after(95)))
    number = (await s.starts(0, 1_000, received=120)).transaction
    await s.stops(60, number, 11_000, received=121)
    assert pinned(s, number) == ("c1", "g1", "0.25")
    assert row(s, number).total_gross == 250
    before = await a_member()
    await of_customer(before, ChangeMembership(at=after(10), groups=()))
    assert pinned(before, (await before.starts(20, 1_000, received=120)).transaction) == ("c1", "", "0.50")


async def test_all_tokens_of_a_listed_token_group_belong_to_the_group() -> None:
    s = await a_member(("FLEET",))
    await s.token("CAR-1", group="FLEET")
    number = (await s.starts(0, 1_000, token="CAR-1")).transaction
    assert pinned(s, number) == ("", "g1", "0.25")


async def test_a_private_location_lets_in_the_customers_of_a_listed_group() -> None:
    s = await a_member()
    await s.token("OTHER-1")
    private = replace(DETAILS, type=LocationType.PRIVATE)
    change = ChangeLocation(at=after(-2), details=private, access=AccessRules(customer_groups=("g1",)))
    await s.application.execute(locations, LOCATION, change, WHY)
    s.clock.set(after(-1))
    assert (await s.charging.authorized(CHARGE_POINT, TOKEN)).authorization is Authorization.ACCEPTED
    assert (await s.charging.authorized(CHARGE_POINT, "OTHER-1")).authorization is Authorization.INVALID
    await of_customer(s, ChangeMembership(at=after(0), groups=()))
    assert (await s.charging.authorized(CHARGE_POINT, TOKEN)).authorization is Authorization.INVALID


async def test_a_private_location_lets_in_all_tokens_of_a_listed_customer() -> None:
    s = await a_member()
    await s.token("OTHER-1")
    private = replace(DETAILS, type=LocationType.PRIVATE)
    change = ChangeLocation(at=after(-2), details=private, access=AccessRules(customers=("c1",)))
    await s.application.execute(locations, LOCATION, change, WHY)
    s.clock.set(after(-1))
    assert (await s.charging.authorized(CHARGE_POINT, TOKEN)).authorization is Authorization.ACCEPTED
    assert (await s.charging.authorized(CHARGE_POINT, "OTHER-1")).authorization is Authorization.INVALID
