"""The numbered receipts of sessions: one for each bill, without gaps."""

from msgspec import structs

from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.documents.events import DocumentIssued
from eosvolt.domain.sessions.commands import IssueReceipt
from eosvolt.domain.sessions.decider import decide, sessions
from eosvolt.domain.sessions.events import ReceiptIssued
from eosvolt.domain.sessions.state import Closed
from tests.examples import TARIFF_WITH_CAPPED_FEE, after
from tests.refunds import refund
from tests.scenario import Scenario


async def issue(s: Scenario, number: int) -> None:
    await ReceiptIssuing(s.application, s.clock).issue(str(number))


def issued(s: Scenario) -> list[tuple[str, int, str]]:
    """Number, gross and what it corrects, of each receipt."""
    events = [fact.event for fact in s.events(ReceiptIssued) if isinstance(fact.event, ReceiptIssued)]
    return [(each.number, each.total.gross.minor, each.corrects) for each in events]


def numbers(s: Scenario) -> list[str]:
    events = [fact.event for fact in s.events(DocumentIssued)]
    return [each.number for each in events if isinstance(each, DocumentIssued)]


async def charged(stops: bool = True, wh: int = 2000) -> tuple[Scenario, int]:
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    if stops:
        await s.stops(20, number, 1000 + wh)
    else:
        await s.meters(10, 1000 + wh, transaction=number)
    return s, number


async def test_a_session_that_is_over_gets_one_receipt() -> None:
    s, number = await charged()
    await issue(s, number)
    assert issued(s) == []
    await s.reports(21, "Available")
    for _ in range(2):
        await issue(s, number)
    assert issued(s) == [("R-2026-00001", 100, "")]
    assert numbers(s) == ["R-2026-00001"]


async def test_a_session_that_cost_nothing_uses_no_number() -> None:
    s, number = await charged(wh=0)
    await s.reports(21, "Available")
    await issue(s, number)
    assert issued(s) == []
    assert numbers(s) == []


async def test_a_corrected_bill_is_another_receipt_that_says_which_it_corrects() -> None:
    s, number = await charged(stops=False)
    await s.reports(11, "Available")
    await s.passes(60)
    await issue(s, number)
    await s.stops(11, number, 2000, received=70)
    for _ in range(2):
        await issue(s, number)
    assert issued(s) == [("R-2026-00001", 100, ""), ("R-2026-00002", 50, "R-2026-00001")]


async def test_receipts_and_credit_notes_have_numbers_of_their_own() -> None:
    s, number = await charged()
    await s.reports(21, "Available")
    await refund(s, 30, number, "0.40")
    await issue(s, number)
    assert numbers(s) == ["CN-2026-00001", "R-2026-00001"]
    assert issued(s) == [("R-2026-00001", 100, "")]


async def test_a_session_waits_for_its_receipt_from_its_end_until_it_is_issued() -> None:
    s, number = await charged()
    assert s.session(number).receipt_due_at is None
    await s.reports(21, "Available")
    assert s.session(number).receipt_due_at == after(21)
    await issue(s, number)
    row = s.session(number)
    assert row.receipt_due_at is None
    assert [(each.number, each.total) for each in row.receipts] == [("R-2026-00001", row.total)]


async def test_a_session_that_was_over_before_receipts_had_numbers_gets_none() -> None:
    s, number = await charged()
    await s.reports(21, "Available")
    over = await s.application.state(sessions, str(number))
    assert isinstance(over, Closed)
    issuing = IssueReceipt(at=after(30), number="R-2026-00001")
    assert len(decide(issuing, over)) == 1
    assert decide(issuing, structs.replace(over, numbered=False)) == []
