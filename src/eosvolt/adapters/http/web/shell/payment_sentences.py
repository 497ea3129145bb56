"""Sentences about payments of drivers. None of them says who somebody is."""

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.web.shell.formats import money
from eosvolt.domain.kernel import Event
from eosvolt.domain.payments import events as payment
from eosvolt.domain.payments.events import CancelReason
from eosvolt.domain.tokens.events import TokenCovered

_CANCELLED = {
    CancelReason.NOT_MADE: Text("The payment is given up: the driver did not pay in time."),
    CancelReason.REPLACED: Text("The payment is given up: the driver asked for another start."),
    CancelReason.START_REFUSED: Text("The payment is given up: the plug could not be started any more."),
    CancelReason.NO_SESSION: Text("The payment is given up: no session followed."),
    CancelReason.NOTHING_OWED: Text("The payment is given up: the session cost nothing."),
}


def payment_sentence(event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each event
    """What happened to a payment; empty for events of other things."""
    match event:
        case payment.PaymentRequested(amount=amount, charge_point=charger, connector=plug):
            return gettext(
                "A driver pays for a start at {charger}, plug {plug}: {amount} are to be held.",
                charger=charger,
                plug=plug,
                amount=money(amount),
            )
        case payment.PaymentOpened():
            return gettext("The payment waits for the driver at the provider.")
        case payment.PaymentAuthorised():
            return gettext("The amount is held at the provider.")
        case payment.PaymentDeclined(reason=""):
            return gettext("The provider refused the payment.")
        case payment.PaymentDeclined(reason=why):
            return gettext("The provider refused the payment: {reason}", reason=why)
        case payment.PaymentUsed(session=session):
            return gettext("The payment is for session {session}.", session=session)
        case payment.PaymentCaptureOrdered(amount=amount):
            return gettext("{amount} are to be captured.", amount=money(amount))
        case payment.PaymentCaptured(amount=amount):
            return gettext("{amount} captured.", amount=money(amount))
        case payment.PaymentCancelOrdered(reason=why):
            return str(_CANCELLED[why])
        case payment.PaymentCancelled():
            return gettext("The held amount was let go.")
        case payment.PaymentRefundOrdered(amount=amount):
            return gettext("{amount} are to go back to the driver.", amount=money(amount))
        case payment.PaymentRefunded(amount=amount):
            return gettext("{amount} went back to the driver.", amount=money(amount))
        case payment.PaymentFailed(reason=""):
            return gettext("The provider did not do what it was asked.")
        case payment.PaymentFailed(reason=why):
            return gettext("The provider did not do what it was asked: {reason}", reason=why)
        case TokenCovered():
            return gettext("What the token starts is paid for by a payment of the driver.")
        case _:
            return ""
