"""The estimated loss by a fault: the plug's average revenue for the time that it was down."""

from datetime import timedelta
from fractions import Fraction

from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.money import Money, round_half_up

LOOKED_BACK = timedelta(days=28)
# Less than this is no average.
LEAST_OBSERVED = timedelta(days=7)


def revenue_affected(earned: Money, observed: timedelta, down: timedelta) -> Money | None:
    """``earned`` within ``observed`` before the fault, at the same pace for ``down``, rounded once.

    ``None`` where the plug was observed for less than a week before: there is nothing to estimate from.
    """
    if observed < LEAST_OBSERVED:
        return None
    return round_half_up(
        Fraction(earned.amount) * Fraction(down // MICROSECOND, observed // MICROSECOND), earned.currency
    )
