"""What a message's own time betrays of the clock that dated it."""

from datetime import datetime, timedelta

# What is less may be a slow line or a lazy clock.
CLOCKS_DIFFER_S = 60
CLOCKS_DIFFER = timedelta(seconds=CLOCKS_DIFFER_S)


def surely_ahead_s(at: datetime, received_at: datetime) -> int:
    """By how many seconds the clock that dated a message must be ahead: nothing is heard before it is."""
    ahead_s = int((at - received_at).total_seconds())
    return ahead_s if ahead_s > CLOCKS_DIFFER_S else 0


def true_at(at: datetime, received_at: datetime, ahead_s: int) -> datetime:
    """When by our clock something was so that a charger dated, as far as one can know."""
    return min(at - timedelta(seconds=ahead_s), received_at)
