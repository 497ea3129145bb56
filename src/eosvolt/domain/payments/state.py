"""The state of a payment, and what its provider is to be asked next."""

from enum import StrEnum

from msgspec import Struct

from eosvolt.domain.money import Money
from eosvolt.domain.payments.events import CancelReason, PaymentRequested


class PaymentStatus(StrEnum):
    """How far a payment is. The values are shown by the API and stored in read models.

    ``REQUESTED``: the provider was not heard yet; ``OPENED``: the driver has to act; ``FAILED``: the provider
    would neither capture nor cancel.
    """

    REQUESTED = "requested"
    OPENED = "opened"
    AUTHORISED = "authorised"
    DECLINED = "declined"
    CAPTURED = "captured"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    FAILED = "failed"


class PaymentStep(StrEnum):
    """What the provider is asked."""

    AUTHORISE = "authorise"
    LOOK = "look"
    CAPTURE = "capture"
    CANCEL = "cancel"
    REFUND = "refund"


class OrderedRefund(Struct, frozen=True):
    """A refund that the provider is to carry out. ``done``: it did. ``refused``: it finally would not."""

    number: int
    amount: Money
    done: bool = False
    refused: bool = False


class NoPayment(Struct, frozen=True):
    """Nothing was requested."""


class DriverPayment(Struct, frozen=True):
    """A payment. ``reference`` is the provider's id, ``session`` the one that it is for.

    ``capture`` is what is to be captured, ``None`` as long as nothing is; ``cancel`` is why it is to be
    cancelled, ``None`` if it is not.
    """

    request: PaymentRequested
    status: PaymentStatus = PaymentStatus.REQUESTED
    reference: str = ""
    session: str = ""
    capture: Money | None = None
    cancel: CancelReason | None = None
    refunds: tuple[OrderedRefund, ...] = ()

    @property
    def step(self) -> PaymentStep | None:
        """What the provider is to be asked next; ``None`` if nothing is due."""
        match self.status:
            case PaymentStatus.REQUESTED:
                return PaymentStep.AUTHORISE
            case PaymentStatus.OPENED:
                return PaymentStep.LOOK if self.cancel is None else PaymentStep.CANCEL
            case PaymentStatus.AUTHORISED if self.cancel is not None:
                return PaymentStep.CANCEL
            case PaymentStatus.AUTHORISED if self.capture is not None:
                return PaymentStep.CAPTURE
            case PaymentStatus.CAPTURED | PaymentStatus.REFUNDED if self.due_refund is not None:
                return PaymentStep.REFUND
            case _:
                return None

    @property
    def due_refund(self) -> OrderedRefund | None:
        """The first refund that is to be carried out."""
        return next((each for each in self.refunds if not (each.done or each.refused)), None)

    @property
    def waits(self) -> bool:
        """Whether it is neither authorised nor given up: another start may replace it."""
        return self.status in {PaymentStatus.REQUESTED, PaymentStatus.OPENED} and self.cancel is None

    @property
    def starts(self) -> bool:
        """Whether the amount is held for a session that has not begun yet."""
        return self.status is PaymentStatus.AUTHORISED and self.cancel is None and not self.session

    def left(self) -> Money:
        """What was or will be captured, less all refunds but those that the provider refused."""
        rest = Money.zero(self.request.amount.currency) if self.capture is None else self.capture
        for each in self.refunds:
            rest = rest if each.refused else rest - each.amount
        return rest


PaymentState = NoPayment | DriverPayment
