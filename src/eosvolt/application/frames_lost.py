"""What operators are told of the log of OCPP frames: how far it goes back, and what was not kept."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple


class FramesLost(NamedTuple):
    """Frames of one charger that were not kept, ``last_day`` (UTC) the last time.

    ``reason``: ``budget`` (the charger or its company used up its bytes of the day), ``memory`` (the database
    was away for long) or ``refused`` (the database could not hold it). ``size`` in bytes.
    """

    charge_box_id: str
    reason: str
    frames: int
    size: int
    last_day: date


class LogOfFrames(NamedTuple):
    """The first day (UTC) of which frames are kept, if any; what was not kept, the most first.

    ``size`` is what the log of all companies takes on disk, in bytes.
    """

    since: date | None
    size: int
    lost: Sequence[FramesLost]


def dropped_on(since: date, kept_days: int) -> date:
    """The day (UTC) that retention drops the frames of ``since`` on: it is over for ``kept_days`` then."""
    return since + timedelta(days=kept_days + 1)
