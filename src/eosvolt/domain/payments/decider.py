"""The rules of a payment: one authorisation, one capture or cancellation, refunds of what was captured.

What the provider is to do is decided and recorded first, with its amount, and carried out afterwards, as
often as it takes. So nothing is captured twice and nothing is forgotten, whoever fails in between.
"""

from collections.abc import Sequence

from eosvolt.domain.kernel import Decider
from eosvolt.domain.payments.commands import (
    AuthorisePayment,
    DeclinePayment,
    GiveUpPayment,
    NoteCancel,
    NoteCapture,
    NoteProviderRefusal,
    NoteRefund,
    OpenPayment,
    PaymentCommand,
    RequestPayment,
    SettlePayment,
    UsePayment,
)
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
from eosvolt.domain.payments.evolve import evolve
from eosvolt.domain.payments.state import (
    DriverPayment,
    NoPayment,
    PaymentState,
    PaymentStatus,
    PaymentStep,
)


def decide(command: PaymentCommand, state: PaymentState) -> Sequence[PaymentEvent]:
    """The events of ``command``. What was decided before is decided once."""
    if isinstance(state, NoPayment):
        return [_requested(command)] if isinstance(command, RequestPayment) else []
    step = state.step
    match command:
        case OpenPayment(reference=reference, address=address, at=at) if step is PaymentStep.AUTHORISE:
            return [PaymentOpened(reference=reference, address=address, at=at)]
        case AuthorisePayment(reference=reference, at=at) if step in _WAITED_FOR:
            # What was given up before the provider answered is held for nobody: it is only known by its id.
            given_up = state.cancel is not None
            event = PaymentOpened if given_up else PaymentAuthorised
            return [event(reference=reference, at=at)]
        case DeclinePayment(at=at, reason=reason) if step in _WAITED_FOR:
            return [PaymentDeclined(at=at, reason=reason)]
        case UsePayment(session=session, at=at) if not state.session:
            return [PaymentUsed(session=session, at=at)]
        case GiveUpPayment(reason=reason, at=at) if state.waits or state.starts:
            return [PaymentCancelOrdered(reason=reason, at=at)]
        case SettlePayment(session=session) if session == state.session:
            return _settled(command, state)
        case NoteCapture(at=at) if step is PaymentStep.CAPTURE and state.capture is not None:
            return [PaymentCaptured(amount=state.capture, at=at)]
        case NoteCancel(at=at) if step is PaymentStep.CANCEL:
            return [PaymentCancelled(at=at)]
        case NoteRefund(number=number, at=at):
            due = state.due_refund
            if step is not PaymentStep.REFUND or due is None or due.number != number:
                return []
            return [PaymentRefunded(number=number, amount=due.amount, at=at)]
        case NoteProviderRefusal(at=at, reason=reason) if step in _REFUSABLE:
            due = state.due_refund if step is PaymentStep.REFUND else None
            return [PaymentFailed(at=at, reason=reason, refund=0 if due is None else due.number)]
        case _:
            return []


_WAITED_FOR = frozenset({PaymentStep.AUTHORISE, PaymentStep.LOOK})
_REFUSABLE = frozenset({PaymentStep.CAPTURE, PaymentStep.CANCEL, PaymentStep.REFUND})


def _requested(command: RequestPayment) -> PaymentRequested:
    return PaymentRequested(
        company=command.company,
        location=command.location,
        charge_point=command.charge_point,
        connector=command.connector,
        driver=command.driver,
        token=command.token,
        provider=command.provider,
        amount=command.amount,
        at=command.at,
    )


def _settled(command: SettlePayment, payment: DriverPayment) -> Sequence[PaymentEvent]:
    """Capture what is owed, at most what is held; later give back what is owed no more.

    What is owed beyond that stays owed: a held amount is captured once.
    """
    if payment.capture is None:
        if payment.status is not PaymentStatus.AUTHORISED or payment.cancel is not None:
            return []
        if not command.owed.minor:
            return [PaymentCancelOrdered(reason=CancelReason.NOTHING_OWED, at=command.at)]
        return [PaymentCaptureOrdered(amount=min(command.owed, payment.request.amount), at=command.at)]
    back = payment.left() - command.owed
    if payment.status is PaymentStatus.FAILED or back.minor <= 0:
        return []
    return [PaymentRefundOrdered(number=len(payment.refunds) + 1, amount=back, at=command.at)]


payments: Decider[PaymentCommand, PaymentState, PaymentEvent] = Decider(
    "payment", NoPayment(), decide, evolve
)
