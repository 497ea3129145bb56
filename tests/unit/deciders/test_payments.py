"""The life of a payment: held once, captured or cancelled once, and given back in parts."""

from eosvolt.domain.money import Money
from eosvolt.domain.payments.commands import (
    AuthorisePayment,
    DeclinePayment,
    GiveUpPayment,
    NoteCancel,
    NoteCapture,
    NoteProviderRefusal,
    NoteRefund,
    OpenPayment,
    RequestPayment,
    SettlePayment,
    UsePayment,
)
from eosvolt.domain.payments.decider import payments
from eosvolt.domain.payments.events import (
    CancelReason,
    PaymentAuthorised,
    PaymentCancelled,
    PaymentCancelOrdered,
    PaymentCaptured,
    PaymentCaptureOrdered,
    PaymentDeclined,
    PaymentEvent,
    PaymentFailed,
    PaymentOpened,
    PaymentRefunded,
    PaymentRefundOrdered,
    PaymentRequested,
    PaymentUsed,
)
from eosvolt.domain.payments.state import DriverPayment, PaymentStatus, PaymentStep
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, after
from tests.rule import Rule

HELD = Money("EUR", 6_000)
REQUEST = RequestPayment(
    company=COMPANY,
    location=LOCATION,
    charge_point=CHARGE_BOX_ID,
    connector=1,
    driver="d1",
    token="PAY-1",
    provider="local",
    amount=HELD,
    at=MORNING,
)
REQUESTED = PaymentRequested(
    company=COMPANY,
    location=LOCATION,
    charge_point=CHARGE_BOX_ID,
    connector=1,
    driver="d1",
    token="PAY-1",
    provider="local",
    amount=HELD,
    at=MORNING,
)
OPENED = PaymentOpened(reference="p1", address="https://pay.example/p1", at=after(1))
AUTHORISED = PaymentAuthorised(reference="p1", at=after(2))
USED = PaymentUsed(session="7", at=after(3))
ORDERED = PaymentCaptureOrdered(amount=Money("EUR", 1_000), at=after(4))
CAPTURED = PaymentCaptured(amount=Money("EUR", 1_000), at=after(5))


def settle(cents: int, minutes: float = 6, session: str = "7") -> SettlePayment:
    return SettlePayment(session=session, owed=Money("EUR", cents), at=after(minutes))


def step(*events: PaymentEvent) -> PaymentStep | None:
    state = payments.fold(events)
    assert isinstance(state, DriverPayment)
    return state.step


def test_a_payment_is_requested_opened_and_authorised() -> None:
    Rule(payments).when(REQUEST).then(REQUESTED)
    opened = OpenPayment(reference="p1", address="https://pay.example/p1", at=after(1))
    Rule(payments).given(REQUESTED).when(opened).then(OPENED)
    authorised = AuthorisePayment(reference="p1", at=after(2))
    Rule(payments).given(REQUESTED, OPENED).when(authorised).then(AUTHORISED)
    Rule(payments).given(REQUESTED).when(authorised).then(AUTHORISED)
    assert [step(REQUESTED), step(REQUESTED, OPENED), step(REQUESTED, AUTHORISED)] == [
        PaymentStep.AUTHORISE,
        PaymentStep.LOOK,
        None,
    ]


def test_a_declined_payment_needs_nothing_more() -> None:
    declined = PaymentDeclined(reason="No.", at=after(1))
    Rule(payments).given(REQUESTED).when(DeclinePayment(reason="No.", at=after(1))).then(declined)
    Rule(payments).given(REQUESTED, AUTHORISED).when(DeclinePayment(at=after(3))).then()
    assert step(REQUESTED, declined) is None


def test_what_the_session_cost_is_captured_once_at_most_what_is_held() -> None:
    held = (REQUESTED, AUTHORISED, USED)
    Rule(payments).given(REQUESTED, AUTHORISED).when(UsePayment(session="7", at=after(3))).then(USED)
    Rule(payments).given(*held).when(settle(1_000, 4)).then(ORDERED)
    Rule(payments).given(*held).when(settle(7_000, 4)).then(PaymentCaptureOrdered(amount=HELD, at=after(4)))
    Rule(payments).given(*held, ORDERED).when(NoteCapture(at=after(5))).then(CAPTURED)
    assert [step(*held), step(*held, ORDERED), step(*held, ORDERED, CAPTURED)] == [
        None,
        PaymentStep.CAPTURE,
        None,
    ]
    # A later bill that is higher stays owed, and another session is no business of this payment.
    Rule(payments).given(*held, ORDERED, CAPTURED).when(settle(2_000)).then()
    Rule(payments).given(*held).when(settle(1_000, session="8")).then()
    Rule(payments).given(*held).when(UsePayment(session="8", at=after(9))).then()


def test_what_is_owed_no_more_is_given_back_in_the_order_in_which_it_was_ordered() -> None:
    taken = (REQUESTED, AUTHORISED, USED, ORDERED)
    first = PaymentRefundOrdered(number=1, amount=Money("EUR", 300), at=after(6))
    second = PaymentRefundOrdered(number=2, amount=Money("EUR", 700), at=after(7))
    back = PaymentRefunded(number=1, amount=Money("EUR", 300), at=after(8))
    Rule(payments).given(*taken).when(settle(700)).then(first)
    Rule(payments).given(*taken, first).when(settle(0, 7)).then(second)
    assert step(*taken, first) is PaymentStep.CAPTURE
    whole = (*taken, CAPTURED, first, second)
    Rule(payments).given(*whole).when(NoteRefund(number=2, at=after(8))).then()
    Rule(payments).given(*whole).when(NoteRefund(number=1, at=after(8))).then(back)
    assert step(*whole, back) is PaymentStep.REFUND
    refused = PaymentFailed(reason="Too late.", refund=2, at=after(9))
    final = NoteProviderRefusal(reason="Too late.", at=after(9))
    Rule(payments).given(*whole, back).when(final).then(refused)
    state = payments.fold([*whole, back, refused])
    assert isinstance(state, DriverPayment)
    assert (state.step, state.left()) == (None, Money("EUR", 700))


def test_a_payment_without_a_session_or_a_price_is_cancelled() -> None:
    for given, reason in (
        ((REQUESTED,), CancelReason.REPLACED),
        ((REQUESTED, OPENED), CancelReason.NOT_MADE),
        ((REQUESTED, AUTHORISED), CancelReason.NO_SESSION),
    ):
        ordered = PaymentCancelOrdered(reason=reason, at=after(6))
        Rule(payments).given(*given).when(GiveUpPayment(reason=reason, at=after(6))).then(ordered)
    nothing = PaymentCancelOrdered(reason=CancelReason.NOTHING_OWED, at=after(6))
    held = (REQUESTED, AUTHORISED, USED)
    Rule(payments).given(*held).when(settle(0)).then(nothing)
    Rule(payments).given(*held, nothing).when(NoteCancel(at=after(7))).then(PaymentCancelled(at=after(7)))
    Rule(payments).given(*held).when(GiveUpPayment(reason=CancelReason.NO_SESSION, at=after(6))).then()
    Rule(payments).given(*held, nothing).when(settle(500, 8)).then()


def test_what_was_given_up_before_the_provider_answered_is_cancelled_there_and_starts_nothing() -> None:
    given_up = PaymentCancelOrdered(reason=CancelReason.NOT_MADE, at=after(16))
    authorised = AuthorisePayment(reference="p1", at=after(17))
    known = PaymentOpened(reference="p1", at=after(17))
    assert step(REQUESTED, given_up) is PaymentStep.AUTHORISE
    Rule(payments).given(REQUESTED, given_up).when(authorised).then(known)
    assert step(REQUESTED, given_up, known) is PaymentStep.CANCEL


def test_what_the_provider_finally_refuses_has_failed() -> None:
    held = (REQUESTED, AUTHORISED, USED, ORDERED)
    failed = PaymentFailed(reason="Expired.", at=after(6))
    Rule(payments).given(*held).when(NoteProviderRefusal(reason="Expired.", at=after(6))).then(failed)
    state = payments.fold([*held, failed])
    assert isinstance(state, DriverPayment)
    assert (state.status, state.step) == (PaymentStatus.FAILED, None)
    Rule(payments).given(*held, failed).when(settle(100)).then()
