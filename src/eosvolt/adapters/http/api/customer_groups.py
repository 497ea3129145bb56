"""``/customer-groups``: who is let in at locations together, and pays prices of their own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api import tariffs
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.tariffs import TariffShape, TariffView
from eosvolt.adapters.http.api.tokens import GroupUid
from eosvolt.adapters.http.framework.api_types import ApiInput, Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import seen, versioned
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import all_invalid, not_found
from eosvolt.application.operations import customer_groups
from eosvolt.application.operations.customer_groups import (
    CustomerGroupById,
    CustomerGroupChangeInput,
    CustomerGroupTerms,
    NewCustomerGroupInput,
)
from eosvolt.domain.customer_groups.events import LONGEST_GROUP_NAME, MOST_TOKEN_GROUPS
from eosvolt.domain.customer_groups.prices import GroupPrice, price_problems
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.projections.customer_groups import CustomerGroupRow

MOST_PRICES = 1_000
GroupName = Annotated[str, Meta(min_length=1, max_length=LONGEST_GROUP_NAME, pattern=r"\S")]
TokenGroups = Annotated[
    tuple[GroupUid, ...],
    Meta(max_length=MOST_TOKEN_GROUPS, description="Tokens of these groups (`groupUid`) belong to it."),
]
Percent = Annotated[str, Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$", description="Above 0, at most 100.")]


class GroupPriceInput(ApiInput, frozen=True, kw_only=True):
    """The price at a location: a ``tariff`` in its currency, or ``percentOff`` its kWh or minutes."""

    location_id: str
    percent_off: Percent | None = None
    tariff: TariffShape | None = None


GroupPrices = Annotated[tuple[GroupPriceInput, ...], Meta(max_length=MOST_PRICES)]


class CustomerGroupInput(ApiInput, frozen=True, kw_only=True):
    """A group. Customers belong to it who name it among their ``groups``."""

    name: GroupName
    token_groups: TokenGroups = ()
    prices: GroupPrices = ()


class CustomerGroupPatch(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396). Lists are replaced."""

    name: GroupName | UnsetType = UNSET
    token_groups: TokenGroups | UnsetType = UNSET
    prices: GroupPrices | UnsetType = UNSET


class GroupPriceView(View, frozen=True, kw_only=True):
    """The price at a location."""

    location_id: str
    percent_off: str | None = None
    tariff: TariffView | None = None


class CustomerGroupView(View, frozen=True, kw_only=True):
    """A group with its prices, of locations that the caller may see."""

    id: str
    name: str
    token_groups: tuple[str, ...]
    prices: list[GroupPriceView]
    added_at: datetime


@endpoint("GET", "/customer-groups", needs=customer_groups.VIEW)
async def list_customer_groups(call: ApiCall, query: PageQuery) -> Answer[Items[CustomerGroupView]]:
    """Groups by name."""
    rows = await call.queries.customer_groups(call.company)
    return paged(call, [_view(call, row) for row in rows], lambda each: each.id, query)


@endpoint("POST", "/customer-groups", status=201, refusals=(409,), operation=customer_groups.add)
async def add_customer_group(call: ApiCall, body: CustomerGroupInput) -> Answer[CustomerGroupView]:
    """Add a group."""
    group = call.new_id()
    terms = CustomerGroupTerms(
        name=body.name, token_groups=body.token_groups, prices=await _prices(call, body.prices)
    )
    await call.run(customer_groups.add, NewCustomerGroupInput(group=group, terms=terms))
    return await _answer(call, group, {"Location": f"/api/v1/customer-groups/{group}"})


@endpoint("GET", "/customer-groups/{group}", needs=customer_groups.VIEW)
async def get_customer_group(call: ApiCall, group: str) -> Answer[CustomerGroupView]:
    """One group."""
    return await _answer(call, group, {})


@endpoint("PATCH", "/customer-groups/{group}", refusals=(409, 412), operation=customer_groups.change)
async def change_customer_group(
    call: ApiCall, group: str, body: CustomerGroupPatch
) -> Answer[CustomerGroupView]:
    """Change a group. Prices hold for sessions that start from now on."""
    changes: dict[str, Any] = {
        name: value for name in ("name", "token_groups") if (value := getattr(body, name)) is not UNSET
    }
    prices = None if body.prices is UNSET else await _prices(call, body.prices)

    def changed(before: CustomerGroupTerms) -> CustomerGroupTerms:
        after = msgspec.structs.replace(before, **changes)
        if prices is None:
            return after
        # Prices at locations that the caller may not see stay.
        kept = (each for each in before.prices if not _sees(call, each.location))
        return msgspec.structs.replace(after, prices=(*kept, *prices))

    wanted = CustomerGroupChangeInput(group=group, changed=changed, seen=seen(call))
    await call.run(customer_groups.change, wanted)
    return await _answer(call, group, {})


@endpoint("DELETE", "/customer-groups/{group}", status=204, operation=customer_groups.remove)
async def remove_customer_group(call: ApiCall, group: str) -> None:
    """Remove a group. Sessions keep the prices that they have."""
    await call.run(customer_groups.remove, CustomerGroupById(group=group))


async def _prices(call: ApiCall, prices: Iterable[GroupPriceInput]) -> tuple[GroupPrice, ...]:
    """The prices, with tariffs on their locations' terms. Raises a 422 ``Problem`` with all that is wrong."""
    places = {row.location: row.tariff for row in await call.queries.locations(call.company)}
    wrong, found = [], []
    for index, price in enumerate(prices):
        place = places.get(price.location_id)
        if place is None:
            wrong.append((f"/prices/{index}/locationId", "There is no such location."))
            continue
        off = None if price.percent_off is None else Decimal(price.percent_off)
        own = None if price.tariff is None else _tariff(price.tariff, place)
        found.append(GroupPrice(location=price.location_id, percent_off=off, tariff=own))
    wrong += [(f"/prices{pointer}", sentence) for pointer, sentence in price_problems(found)]
    if wrong:
        raise all_invalid(wrong)
    return tuple(found)


def _tariff(wanted: TariffShape, place: Tariff) -> Tariff:
    own, _ = tariffs.tariff(
        wanted, currency=place.currency, vat_rate=f"{place.vat_rate:f}", time_zone=place.time_zone
    )
    return own


def _sees(call: ApiCall, location: str) -> bool:
    return call.within is None or location in call.within


async def _answer(call: ApiCall, group: str, headers: Mapping[str, str]) -> Answer[CustomerGroupView]:
    row = await call.queries.customer_group(call.company, group)
    if row is None:
        raise not_found()
    return Answer(_view(call, row), {**headers, **versioned(row.version)})


def _view(call: ApiCall, row: CustomerGroupRow) -> CustomerGroupView:
    return CustomerGroupView(
        id=row.group,
        name=row.name,
        token_groups=row.token_groups,
        prices=[
            GroupPriceView(
                location_id=price.location,
                percent_off=None if price.percent_off is None else f"{price.percent_off:f}",
                tariff=None if price.tariff is None else tariffs.view(price.tariff),
            )
            for price in row.prices
            if _sees(call, price.location)
        ],
        added_at=row.added_at,
    )


ENDPOINTS = (
    list_customer_groups,
    add_customer_group,
    get_customer_group,
    change_customer_group,
    remove_customer_group,
)
