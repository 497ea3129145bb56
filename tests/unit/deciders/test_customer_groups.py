"""Customer groups: names differ, and each has one price at a location."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from eosvolt.domain.customer_groups.commands import PutCustomerGroup, RemoveCustomerGroup
from eosvolt.domain.customer_groups.decider import (
    NAME_MISSING,
    NAME_TAKEN,
    CustomerGroup,
    customer_groups,
    members_of,
)
from eosvolt.domain.customer_groups.events import (
    CustomerGroupAdded,
    CustomerGroupChanged,
    CustomerGroupRemoved,
)
from eosvolt.domain.customer_groups.prices import GroupPrice, PricedGroup, Pricing, group_pricing
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.tariffs.tariff import Strategy, Tariff
from tests.examples import COMPANY, FLAT_TARIFF, LOCATION, MORNING, TARIFF_BY_TIME_OF_DAY, after
from tests.rule import Rule

TENTH_OFF = GroupPrice(location=LOCATION, percent_off=Decimal(10))
STAFF = CustomerGroupAdded(company=COMPANY, group="g1", at=MORNING, name="Staff", prices=(TENTH_OFF,))


def put(group: str = "g1", name: str = "Staff", *prices: GroupPrice) -> PutCustomerGroup:
    return PutCustomerGroup(company=COMPANY, group=group, at=after(1), name=name, prices=prices)


def test_a_group_is_added_changed_and_removed() -> None:
    added = CustomerGroupAdded(company=COMPANY, group="g1", at=after(1), name="Staff")
    Rule(customer_groups).when(put()).then(added)
    Rule(customer_groups).given(STAFF).when(put("g1", "People")).then(
        CustomerGroupChanged(group="g1", at=after(1), name="People")
    )
    Rule(customer_groups).given(STAFF).when(RemoveCustomerGroup(group="g1", at=after(1))).then(
        CustomerGroupRemoved(group="g1", at=after(1))
    )
    Rule(customer_groups).when(RemoveCustomerGroup(group="g1", at=after(1))).then()


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (put("g2", "staff"), NAME_TAKEN),
        (put("g2", " "), NAME_MISSING),
        (put("g2", "Two", TENTH_OFF, TENTH_OFF), "one price at a location"),
        (put("g2", "None", GroupPrice(location=LOCATION)), "a tariff or percent off"),
        (put("g2", "Free", GroupPrice(location=LOCATION, percent_off=Decimal("100.1"))), "at most 100"),
        (put("g2", "More", GroupPrice(location=LOCATION, percent_off=Decimal(0))), "above 0"),
        (
            put("g2", "Odd", GroupPrice(location=LOCATION, tariff=replace(FLAT_TARIFF, price=Decimal(-1)))),
            "below zero",
        ),
    ],
)
def test_what_is_wrong_with_a_group_is_said(command: PutCustomerGroup, reason: str) -> None:
    with pytest.raises(Rejected, match=reason):
        Rule(customer_groups).given(STAFF).when(command)


def test_groups_are_known_as_they_were() -> None:
    changed = CustomerGroupChanged(group="g1", at=after(10), name="Staff", token_groups=("FLEET",))
    state = customer_groups.fold([STAFF, changed, CustomerGroupRemoved(group="g1", at=after(20))])
    assert state.groups == ()
    assert [each.group for each in members_of(state.at(after(5)), (), "FLEET")] == []
    assert [each.group for each in members_of(state.at(after(5)), ("g1",), "")] == ["g1"]
    assert [each.group for each in members_of(state.at(after(15)), (), "FLEET")] == ["g1"]
    assert state.at(after(15)) == (("g1", CustomerGroup("Staff", ("FLEET",))),)


def priced(*prices: tuple[str, GroupPrice]) -> list[PricedGroup]:
    return [PricedGroup(name.lower(), name, (price,)) for name, price in prices]


def own(price: str, **more: object) -> GroupPrice:
    tariff: Tariff = replace(FLAT_TARIFF, price=Decimal(price), **more)
    return GroupPrice(location=LOCATION, tariff=tariff)


def test_percent_are_off_each_price_and_not_off_the_fee() -> None:
    tariff, group = group_pricing(priced(("Staff", TENTH_OFF)), LOCATION, TARIFF_BY_TIME_OF_DAY, MORNING)
    assert group == "staff"
    assert (tariff.price, [window.price for window in tariff.windows]) == (
        Decimal("0.45"),
        [Decimal("0.72"), Decimal("1.08"), Decimal("0.63")],
    )
    assert tariff.blocking_fee == TARIFF_BY_TIME_OF_DAY.blocking_fee
    third = GroupPrice(location=LOCATION, percent_off=Decimal("33.33"))
    found = group_pricing(priced(("Third", third)), LOCATION, FLAT_TARIFF, MORNING)
    assert found.tariff.price == Decimal("0.33335")
    free = GroupPrice(location=LOCATION, percent_off=Decimal(100))
    assert group_pricing(priced(("Free", free)), LOCATION, FLAT_TARIFF, MORNING).tariff.price == 0


def test_of_several_groups_the_lowest_price_at_the_start_counts() -> None:
    groups = priced(("Cheap", own("0.30")), ("Dear", own("0.60")), ("Staff", TENTH_OFF))
    assert group_pricing(groups, LOCATION, FLAT_TARIFF, MORNING).group == "cheap"
    # Two prices that are counted differently cannot be compared: the location's way comes first.
    by_minute = priced(("Minute", own("0.01", strategy=Strategy.PER_MINUTE)), ("Dear", own("0.60")))
    assert group_pricing(by_minute, LOCATION, FLAT_TARIFF, MORNING).group == "dear"
    equal = priced(("B", own("0.30")), ("A", own("0.30")))
    assert group_pricing(equal, LOCATION, FLAT_TARIFF, MORNING).group == "a"


def test_elsewhere_and_in_another_currency_the_price_is_everybodys() -> None:
    groups = priced(("Cheap", own("0.30")))
    assert group_pricing(groups, "elsewhere", FLAT_TARIFF, MORNING) == Pricing(FLAT_TARIFF)
    pounds = replace(FLAT_TARIFF, currency="GBP")
    assert group_pricing(groups, LOCATION, pounds, MORNING) == Pricing(pounds)
    taxed = replace(FLAT_TARIFF, vat_rate=Decimal("0.07"))
    assert group_pricing(groups, LOCATION, taxed, MORNING).tariff.vat_rate == Decimal("0.07")
