"""A history with refunds: the source of the golden stream ``0020-refunds``."""

from tests.refunds import refund
from tests.scenario import Scenario


async def refund_life() -> Scenario:
    """One session, refunded in two parts."""
    s = await Scenario().opened()
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.stops(60, number, 11_000)
    await s.reports(61, "Available")
    await refund(s, 70, number, "3.33")
    await refund(s, 80, number)
    return s
