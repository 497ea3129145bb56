"""Sessions on invoices: each on one at most, with what is left of it; its bill is final from then on."""

import pytest

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.sessions.commands import InvoiceSession
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import SessionInvoiced
from tests.examples import after
from tests.refunds import refund
from tests.scenario import WHY, Scenario


async def over() -> tuple[Scenario, int]:
    """A session of 5.00 EUR that is over."""
    s = await Scenario().opened()
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.stops(60, number, 11_000)
    await s.reports(61, "Available")
    return s, number


async def invoice(s: Scenario, session: int, number: str, minor: int) -> None:
    command = InvoiceSession(at=after(70), invoice=number, gross=Money("EUR", minor))
    await s.application.execute(sessions, str(session), command, WHY)


async def test_a_session_is_on_one_invoice_with_what_was_not_given_back() -> None:
    s, number = await over()
    await refund(s, 65, number, "1.23")
    with pytest.raises(Rejected, match="another amount"):
        await invoice(s, number, "I-1", 500)
    for _ in range(2):
        await invoice(s, number, "I-1", 377)
    with pytest.raises(Rejected, match="on invoice I-1 already"):
        await invoice(s, number, "I-2", 377)
    (fact,) = s.events(SessionInvoiced)
    assert isinstance(fact.event, SessionInvoiced)
    amount = fact.event.amount
    assert amount.gross == amount.net + amount.vat == Money("EUR", 377)
    assert s.session(number).invoice == "I-1"


async def test_a_session_that_is_not_over_is_on_no_invoice() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    with pytest.raises(Rejected, match="not over"):
        await invoice(s, number, "I-1", 500)


async def test_the_bill_of_a_session_on_an_invoice_is_final() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.meters(30, 6_000, transaction=number)
    await s.reports(31, "Available")
    await s.passes(90)
    before = s.session(number)
    await invoice(s, number, "I-1", before.total_gross)
    await s.stops(31, number, 5_000, received=100)
    again = s.session(number)
    assert (again.total_gross, again.energy_wh) == (before.total_gross, before.energy_wh)
    assert "stopConflict" in again.flags


async def test_a_session_on_an_invoice_can_still_be_refunded() -> None:
    s, number = await over()
    await invoice(s, number, "I-1", 500)
    await refund(s, 80, number, "5.00")
    assert s.session(number).refunded_gross == 500
