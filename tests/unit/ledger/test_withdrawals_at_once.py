"""A withdrawal that is planned while something makes less available is planned again."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from eosvolt.application.executor import Plan
from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.commands import RejectPayout, RequestPayout
from eosvolt.domain.payouts.decider import payouts
from eosvolt.domain.payouts.events import PayoutRequested
from tests.examples import COMPANY, TARIFF_WITH_CAPPED_FEE, after
from tests.payout_ledger_in_memory import MemoryPayoutLedger
from tests.refunds import refund
from tests.scenario import WHY, Scenario

ACCOUNT = MaskedBankAccount(iban="DE •••• 3000", fingerprint="ab")
Meanwhile = Callable[[Scenario, MemoryPayoutLedger], Awaitable[object]]


async def settled() -> Scenario:
    """A session of 3.00 EUR is over and its plug is free."""
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(1, "Charging")
    await s.stops(30, number, 7000)
    await s.reports(31, "Available")
    return s


async def withdrawn(
    s: Scenario, ledger: MemoryPayoutLedger, key: str, meanwhile: Meanwhile | None = None
) -> None:
    """Withdraw all that is available. ``meanwhile`` happens once, while it is planned."""
    planned = 0

    async def plan() -> Plan[None]:
        nonlocal planned
        planned += 1
        found = await ledger.withdrawable(COMPANY, "EUR", None)
        if meanwhile is not None and planned == 1:
            await meanwhile(s, ledger)
        command = RequestPayout(
            company=COMPANY,
            at=after(40),
            amount=found.available,
            available=found.available,
            position=found.position,
            account=ACCOUNT,
            due_on=date(2026, 11, 24),
            time_zone="Europe/Berlin",
        )
        unchanged = ledger.not_lowered(COMPANY, found.position)
        return Plan((CommandEnvelope(payouts, key, command),), None, alongside=(unchanged,))

    await s.application.perform(plan, WHY)


async def a_refund(s: Scenario, _: MemoryPayoutLedger) -> None:
    (session,) = s.sessions()
    await refund(s, 35, session.number, "1.00")


async def asked(s: Scenario, key: str) -> Money:
    first = (await s.application.history(payouts, key))[0].event
    assert isinstance(first, PayoutRequested)
    return first.amount


@pytest.mark.parametrize(("meanwhile", "amount"), [(None, 300), (a_refund, 200)])
async def test_what_was_refunded_meanwhile_is_not_withdrawn(meanwhile: Meanwhile | None, amount: int) -> None:
    s = await settled()
    ledger = MemoryPayoutLedger(s.store, s.models)
    await withdrawn(s, ledger, "w1", meanwhile)
    assert await asked(s, "w1") == Money("EUR", amount)
    assert (await ledger.withdrawable(COMPANY, "EUR", None)).available == Money("EUR", 0)


async def test_what_makes_more_available_does_not_disturb_a_request() -> None:
    s = await settled()
    ledger = MemoryPayoutLedger(s.store, s.models)
    await withdrawn(s, ledger, "w1")
    await s.application.execute(payouts, "w1", RejectPayout(at=after(33), reason="No."), WHY)
    await withdrawn(s, ledger, "w2")
    assert await asked(s, "w2") == Money("EUR", 300)


async def test_a_refund_after_a_payout_makes_the_balance_negative_and_the_next_request_waits() -> None:
    s = await settled()
    ledger = MemoryPayoutLedger(s.store, s.models)
    await withdrawn(s, ledger, "w1")
    await a_refund(s, ledger)
    assert (await ledger.withdrawable(COMPANY, "EUR", None)).available == Money("EUR", -100)
