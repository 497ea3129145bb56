"""What a message's timestamp proves about the clock of its charger."""

from datetime import datetime, timedelta

# A smaller difference may be a slow connection or a clock that drifts.
CLOCKS_DIFFER_S = 60
CLOCKS_DIFFER = timedelta(seconds=CLOCKS_DIFFER_S)


def certain_clock_offset_s(at: datetime, received_at: datetime) -> int:
    """By how many seconds the charger's clock must be ahead: no message is received before it is sent.

    0 where the difference is within ``CLOCKS_DIFFER_S``.
    """
    clock_offset_s = int((at - received_at).total_seconds())
    return clock_offset_s if clock_offset_s > CLOCKS_DIFFER_S else 0


def came_late(at: datetime, received_at: datetime) -> bool:
    """Whether a report waited before it was received, rather than came as it happened."""
    return received_at - at > CLOCKS_DIFFER


def true_at(at: datetime, received_at: datetime, clock_offset_s: int) -> datetime:
    """A charger's timestamp as a time by our clock; never later than the message was received."""
    return min(at - timedelta(seconds=clock_offset_s), received_at)
