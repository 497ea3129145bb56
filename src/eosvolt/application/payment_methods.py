"""How sessions are paid for."""

from enum import StrEnum


class PaymentMethod(StrEnum):
    """How a session is paid for.

    By ``INVOICE`` to the customer whose token it was, by ``CARD`` each time, at a payment provider, whatever
    means that takes, or ``NONE`` is known.
    """

    INVOICE = "invoice"
    CARD = "card"
    NONE = "none"


def payment_method(customer: str, payment: str) -> PaymentMethod:
    """How a session of this customer is paid for; an empty id for a token of nobody.

    ``payment`` is the id of the driver's payment for it, empty without one.
    """
    if payment:
        return PaymentMethod.CARD
    return PaymentMethod.INVOICE if customer else PaymentMethod.NONE
