"""The state of the log of OCPP frames for operators: its first day, size and losses."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple


class FramesLost(NamedTuple):
    """Frames of one charger that were not kept; ``last_day`` (UTC) is the day of the last one.

    ``reason``: ``budget`` (the charger or its company used up its bytes of the day), ``memory`` (the database
    was unavailable for long) or ``refused`` (the database refused it). ``size`` is in bytes.
    """

    charge_box_id: str
    reason: str
    frames: int
    size: int
    last_day: date


class LogOfFrames(NamedTuple):
    """The first day (UTC) with frames, if any, and the losses, the largest first.

    ``size`` is the size of the log of all companies on disk, in bytes.
    """

    since: date | None
    size: int
    lost: Sequence[FramesLost]


def dropped_on(since: date, kept_days: int) -> date:
    """The day (UTC) on which retention drops the frames of ``since``, ``kept_days`` after its end."""
    return since + timedelta(days=kept_days + 1)
