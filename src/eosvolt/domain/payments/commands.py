"""What one can ask of a payment."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.money import Money
from eosvolt.domain.payments.events import CancelReason


class RequestPayment(Command, frozen=True):
    """Have an amount authorised for a start; see ``PaymentRequested``."""

    company: int
    location: str
    charge_point: str
    connector: int
    driver: str
    token: str
    provider: str
    amount: Money
    at: datetime


class OpenPayment(Command, frozen=True):
    """The provider knows the payment and waits for the driver."""

    reference: str
    at: datetime
    address: str = ""


class AuthorisePayment(Command, frozen=True):
    """The provider holds the amount."""

    reference: str
    at: datetime


class DeclinePayment(Command, frozen=True):
    """The provider will not pay."""

    at: datetime
    reason: str = ""


class UsePayment(Command, frozen=True):
    """A session that the payment is for began; only the first one counts."""

    session: str
    at: datetime


class GiveUpPayment(Command, frozen=True):
    """Nothing will be captured, because no session follows. Not decided once a session began."""

    reason: CancelReason
    at: datetime


class SettlePayment(Command, frozen=True):
    """The session is over; ``owed`` is what it cost less what was refunded of it, gross."""

    session: str
    owed: Money
    at: datetime


class NoteCapture(Command, frozen=True):
    """The provider captured what was ordered."""

    at: datetime


class NoteCancel(Command, frozen=True):
    """The provider let the amount go."""

    at: datetime


class NoteRefund(Command, frozen=True):
    """The provider carried out the ``number``-th refund."""

    number: int
    at: datetime


class NoteProviderRefusal(Command, frozen=True):
    """The provider finally refused the step that was due."""

    at: datetime
    reason: str = ""


PaymentCommand = (
    RequestPayment
    | OpenPayment
    | AuthorisePayment
    | DeclinePayment
    | UsePayment
    | GiveUpPayment
    | SettlePayment
    | NoteCapture
    | NoteCancel
    | NoteRefund
    | NoteProviderRefusal
)
