"""A driver who is no customer pays: an amount is held, what the session cost is taken, the rest let go."""

from pathlib import Path

import pytest

from eosvolt.application.operations.paid_starts import (
    CHARGES_ALREADY,
    IN_USE,
    NOT_CONNECTED,
    STARTS_ALREADY,
)
from eosvolt.application.payment_collection import NoSuchProvider, PaymentCollection
from eosvolt.application.payment_methods import PaymentMethod, payment_method
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.payments.events import (
    CancelReason,
    PaymentAuthorised,
    PaymentCaptured,
    PaymentDeclined,
    PaymentFailed,
    PaymentRefunded,
    PaymentRequested,
)
from eosvolt.domain.payments.state import PaymentStatus
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.projections.ledger import ledger
from tests.books import assert_books_are_right
from tests.local_payments import LocalPayments
from tests.paying import HELD, PAYING_TOKEN, PaidScenario
from tests.refunds import refund


@pytest.fixture
async def s(tmp_path: Path) -> PaidScenario:
    scenario = PaidScenario(tmp_path)
    await scenario.opened()
    await scenario.reports(-1, "Preparing")
    return scenario


@pytest.fixture
async def waiting(tmp_path: Path) -> PaidScenario:
    """A provider where the driver has to confirm."""
    scenario = PaidScenario(tmp_path, "https://pay.example")
    await scenario.opened()
    await scenario.reports(-1, "Preparing")
    return scenario


def commands(s: PaidScenario) -> int:
    return len(s.events(CommandRequested))


async def test_what_the_session_cost_is_taken_with_its_receipt(s: PaidScenario) -> None:
    await s.wants(0)
    assert (commands(s), s.row().status) == (0, PaymentStatus.REQUESTED)
    await s.asks()
    assert (commands(s), s.row().status, s.row().due_at) == (1, PaymentStatus.AUTHORISED, None)
    number = await s.charges(1, 10_000, free=False)
    await s.asks()
    assert s.row().status is PaymentStatus.AUTHORISED
    await s.reports(110, "Available")
    await s.asks()
    assert await s.paid() == 0
    await s.receipts.issue(str(number))
    await s.asks()
    assert (await s.paid(), s.row().status, s.row().session) == (500, PaymentStatus.CAPTURED, str(number))
    entries = s.models.rows(ledger, lambda row: row.session == str(number) and bool(row.kind))
    assert entries
    assert {payment_method(row.customer, row.payment) for row in entries} == {PaymentMethod.CARD}
    assert_books_are_right(s.models)


async def test_nothing_starts_before_the_driver_has_paid(waiting: PaidScenario) -> None:
    s = waiting
    await s.wants(0)
    await s.asks()
    reference = (await s.payment()).reference
    assert (commands(s), s.row().status) == (0, PaymentStatus.OPENED)
    assert s.row().address == f"https://pay.example/{reference}"
    # The token of the driver may not charge yet, whoever knows its number.
    answer = await s.starts(1, 1000, token=PAYING_TOKEN)
    assert answer.token.authorization.value == "Expired"
    begun = s.events(SessionStarted)[-1].event
    assert isinstance(begun, SessionStarted)
    assert begun.payment == ""
    await s.stops(2, answer.transaction, 1000)
    await s.reports(3, "Available")
    assert s.provider.confirmed(reference) == "https://cpo.example/drive/sessions/start-1"
    await s.asks()
    assert (commands(s), s.row().status, s.row().address) == (1, PaymentStatus.AUTHORISED, s.row().address)


async def test_who_does_not_pay_in_time_has_asked_in_vain(waiting: PaidScenario) -> None:
    s = waiting
    await s.wants(0)
    await s.asks()
    await s.passes(15)
    await s.asks()
    payment = await s.payment()
    assert (payment.status, payment.cancel) == (PaymentStatus.CANCELLED, CancelReason.NOT_MADE)
    assert s.provider.known(payment.reference)["status"] == "cancelled"
    assert commands(s) == 0


async def test_another_start_replaces_one_that_waits(waiting: PaidScenario) -> None:
    s = waiting
    await s.wants(0)
    await s.asks()
    await s.wants(1, "start-2", plug=2)
    await s.asks()
    assert (await s.payment()).cancel is CancelReason.REPLACED
    assert (await s.payment()).status is PaymentStatus.CANCELLED
    s.provider.confirmed((await s.payment("start-2")).reference)
    await s.asks()
    assert commands(s) == 1
    with pytest.raises(Rejected, match=STARTS_ALREADY):
        await s.wants(2, "start-3")


async def test_a_payment_that_is_refused_starts_nothing_and_says_why(s: PaidScenario) -> None:
    s.provider.refuses = "Your card has expired."
    await s.wants(0)
    await s.asks()
    (declined,) = (fact.event for fact in s.events(PaymentDeclined))
    assert isinstance(declined, PaymentDeclined)
    assert (declined.reason, s.row().reason) == ("Your card has expired.", "Your card has expired.")
    assert (commands(s), s.row().due_at) == (0, None)


async def test_an_offline_or_taken_plug_and_a_second_session_are_refused_before_anything_is_held(
    s: PaidScenario,
) -> None:
    await s.wants(0)
    await s.asks()
    await s.starts(1, 1000, token=PAYING_TOKEN)
    with pytest.raises(Rejected, match=CHARGES_ALREADY):
        await s.wants(2, "start-2", plug=2)
    with pytest.raises(Rejected, match=IN_USE):
        await s.wants(2, "start-3")
    await s.disconnects(3)
    with pytest.raises(Rejected, match=NOT_CONNECTED):
        await s.wants(4, "start-4", plug=2)
    assert len(s.events(PaymentRequested)) == 1


async def test_a_plug_that_was_taken_meanwhile_gives_the_amount_back(waiting: PaidScenario) -> None:
    s = waiting
    await s.wants(0)
    await s.asks()
    await s.starts(1, 1000)
    s.provider.confirmed((await s.payment()).reference)
    await s.asks()
    payment = await s.payment()
    assert (payment.status, payment.cancel) == (PaymentStatus.CANCELLED, CancelReason.START_REFUSED)
    assert (commands(s), await s.paid()) == (0, 0)


async def test_a_start_that_led_to_no_session_is_cancelled(s: PaidScenario) -> None:
    await s.wants(0)
    await s.asks()
    await s.passes(20)
    await s.asks()
    payment = await s.payment()
    assert (payment.status, payment.cancel) == (PaymentStatus.CANCELLED, CancelReason.NO_SESSION)
    answer = await s.starts(21, 1000, token=PAYING_TOKEN)
    assert answer.token.authorization.value == "Expired"


async def test_a_session_that_cost_nothing_is_cancelled(s: PaidScenario) -> None:
    await s.wants(0)
    await s.asks()
    await s.charges(1, 0)
    await s.asks()
    payment = await s.payment()
    assert (payment.status, payment.cancel) == (PaymentStatus.CANCELLED, CancelReason.NOTHING_OWED)


async def test_no_more_is_taken_than_is_held_and_the_rest_stays_owed(s: PaidScenario) -> None:
    await s.wants(0)
    await s.asks()
    number = await s.charges(1, 50_000)
    await s.asks()
    assert await s.paid() == HELD.minor
    # 25.00 less 20.00 is owed: what is refunded lowers that first.
    await refund(s, 520, number, "4.00")
    await s.asks()
    assert await s.paid() == HELD.minor
    await refund(s, 521, number, "3.00")
    await s.asks()
    assert (await s.paid(), s.row().status) == (1_800, PaymentStatus.REFUNDED)


async def test_what_is_refunded_goes_back_and_what_is_corrected_too(s: PaidScenario) -> None:
    await s.wants(0)
    await s.asks()
    number = (await s.starts(1, 1000, token=PAYING_TOKEN)).transaction
    await s.meters(30, 7000, transaction=number)
    await s.reports(31, "Available")
    await s.passes(100)
    await s.receipts.issue(str(number))
    await s.asks()
    assert await s.paid() == 300
    await s.stops(31, number, 5000, received=110)
    await s.receipts.issue(str(number))
    await s.asks()
    assert await s.paid() == 200
    await refund(s, 111, number, "0.50")
    await s.asks()
    await refund(s, 112, number)
    await s.asks()
    assert (await s.paid(), len(s.events(PaymentRefunded))) == (0, 3)


async def test_a_provider_that_finally_refuses_leaves_the_amount_owed(s: PaidScenario) -> None:
    await s.wants(0)
    await s.asks()
    await s.charges(1, 10_000)
    s.provider.refuses = "The authorisation has expired."
    await s.asks()
    assert (s.row().status, s.row().reason, s.row().due_at) == (
        PaymentStatus.FAILED,
        "The authorisation has expired.",
        None,
    )
    assert len(s.events(PaymentFailed)) == 1


async def test_lost_answers_and_other_processes_take_nothing_twice(s: PaidScenario, tmp_path: Path) -> None:
    other = s.collecting(LocalPayments(tmp_path))
    for away in ("before", "after"):
        s.provider.away = away
        await s.wants(0)
        await s.asks_in_vain()
    assert s.events(PaymentAuthorised) == []
    s.provider.away = ""
    await s.asks()
    await s.charges(1, 10_000)
    s.provider.away = "after"
    await s.asks_in_vain()
    assert (s.events(PaymentCaptured), await s.paid()) == ([], 500)
    for each in await s.collection.due():
        await other.carry_out(each.stream)
        await other.carry_out(each.stream)
    assert (len(s.events(PaymentCaptured)), await s.paid(), commands(s)) == (1, 500, 1)


async def test_without_its_provider_a_payment_waits_and_says_so(s: PaidScenario) -> None:
    await s.wants(0)
    none = PaymentCollection(s.application, s.clock, s.requests, s, None)
    with pytest.raises(NoSuchProvider, match="local"):
        await none.carry_out("payment:start-1")
    assert s.row().status is PaymentStatus.REQUESTED
