"""How sessions are paid for."""

from enum import StrEnum


class PaymentMethod(StrEnum):
    """How a session is paid for: by ``INVOICE`` to the customer whose token it was, or ``NONE`` is known."""

    INVOICE = "invoice"
    NONE = "none"


def payment_method(customer: str) -> PaymentMethod:
    """How a session of this customer is paid for; an empty id for a token of nobody."""
    return PaymentMethod.INVOICE if customer else PaymentMethod.NONE
