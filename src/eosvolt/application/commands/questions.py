"""Filters and results of queries about commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec


class CommandFilter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of commands. Empty fields do not restrict; ``charge_box_id`` is without the company."""

    state: str = ""
    charge_box_id: str = ""
    batch: str = ""
    action: str = ""


class AskedCommand(NamedTuple):
    """What was asked of a charger: the API's name of the command, and its fields without secrets."""

    action: str
    payload: Mapping[str, Any]


class BatchOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The progress of a batch: the number of its commands by state."""

    batch: str
    action: str
    by: str
    requested_at: datetime
    expires_at: datetime
    counts: Mapping[str, int]
