"""The rules of a location for bookings that are about money."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.booking_rules import SlotFee
from eosvolt.domain.tariffs.tariff import BlockingFee
from tests.examples import FLAT_TARIFF
from tests.unit.bookings.booking_site import BookingSite


async def test_rules_with_wrong_prices_are_refused_with_where_they_are_wrong() -> None:
    s = await BookingSite().bookable()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"fee": SlotFee(Decimal(-1), Decimal(0))}, "fee/sameDay"),
        ({"fee": SlotFee(Decimal(0), Decimal("0.001"))}, "fee/future"),
        ({"free_wh": -1}, "freeKwh"),
        ({"grace_minutes": 1441}, "graceMinutes"),
        ({"pricing": replace(FLAT_TARIFF, currency="USD")}, "pricing/currency"),
        ({"pricing": replace(FLAT_TARIFF, price=Decimal(-1))}, "pricing/price"),
        ({"pricing": replace(FLAT_TARIFF, blocking_fee=BlockingFee(Decimal(1), 15))}, "pricing/blockingFee"),
        ({"blocking_fee": BlockingFee(Decimal(0), 15)}, "blockingFee/amount"),
        ({"blocking_fee": BlockingFee(Decimal(1), 7)}, "blockingFee/intervalMinutes"),
    ]
    for rules, where in wrong:
        with pytest.raises(InvalidValue) as refused:
            await s.ruled(**rules)
        assert refused.value.field == where


async def test_a_location_whose_rules_have_prices_keeps_its_currency() -> None:
    s = await BookingSite().bookable(fee=SlotFee(Decimal(1), Decimal(1)))
    with pytest.raises(Rejected, match="prices in EUR"):
        await s.reprices(replace(FLAT_TARIFF, currency="USD"))
    await s.ruled()
    await s.reprices(replace(FLAT_TARIFF, currency="USD"))
