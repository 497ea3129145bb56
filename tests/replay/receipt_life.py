"""Sessions with receipts, one of them corrected: the source of the golden stream ``0020-receipts``."""

from eosvolt.application.receipt_issuing import ReceiptIssuing
from tests.scenario import Scenario


async def receipt_life() -> Scenario:
    """A session with a receipt, and one whose late stop makes another receipt."""
    s = await Scenario().opened()
    issuing = ReceiptIssuing(s.application, s.clock)
    await s.reports(0, "Preparing")
    first = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.stops(20, first, 3000)
    await s.reports(21, "Available")
    await issuing.issue(str(first))
    second = (await s.starts(30, 3000)).transaction
    await s.meters(40, 5000, transaction=second)
    await s.reports(41, "Available")
    await s.passes(100)
    await issuing.issue(str(second))
    await s.stops(41, second, 4000, received=110)
    await issuing.issue(str(second))
    return s
