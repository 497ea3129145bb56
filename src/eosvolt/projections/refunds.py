"""What was given back, of the cost of a session and of the fee of a booking alike."""

from datetime import datetime

from msgspec import Struct

from eosvolt.domain.money import Taxed


class Refund(Struct, frozen=True):
    """A part of an amount that was given back; ``number`` counts the refunds of the amount from 1.

    ``invoice`` is the number of the invoice that the amount was on then, empty where it was on none.
    """

    number: int
    at: datetime
    refunded: Taxed
    reason: str
    credit_note: str
    invoice: str = ""
