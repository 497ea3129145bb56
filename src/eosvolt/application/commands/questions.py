"""What is asked about commands to chargers, and the answers that are more than rows of a read model."""

from collections.abc import Mapping
from datetime import datetime

import msgspec


class CommandFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which commands. Empty fields do not restrict; ``charge_box_id`` is one of the company's chargers."""

    state: str = ""
    charge_box_id: str = ""
    batch: str = ""
    action: str = ""


class BatchOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How far commands that were asked for together have come: how many are in which state."""

    batch: str
    action: str
    by: str
    requested_at: datetime
    expires_at: datetime
    counts: Mapping[str, int]
