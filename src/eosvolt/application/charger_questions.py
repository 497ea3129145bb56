"""The filters and results of the queries about chargers, beside rows of read models."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

import msgspec

T = TypeVar("T")

CHARGER_SORTS = ("chargeBoxId", "location", "model", "firmware", "connection")


class ChargerFilter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of chargers. Empty fields do not restrict.

    ``connection`` is ``online``, ``offline``, ``never`` (seen) or ``insecure``; ``state`` is one that a plug
    shows; ``faults`` is ``open`` for those with an open fault. ``search`` is a part of id, vendor, model or
    serial number.
    """

    location: str = ""
    connection: str = ""
    state: str = ""
    model: str = ""
    faults: str = ""
    search: str = ""


class ChargerPage(NamedTuple, Generic[T]):
    """The rows of one page of chargers, and the number of all matching ones."""

    items: Sequence[T]
    total: int


class PlugUse(NamedTuple):
    """The use of a plug: today, by its location's calendar, and the time in use over the last days."""

    sessions: int
    energy_wh: int
    in_use_s: float


class AnomalyCounts(NamedTuple):
    """A charger's number of messages that broke their schema, and how far its clock is ahead of ours."""

    clock_ahead_s: int
    repaired: int
    unreadable: int


class DayBegin(NamedTuple):
    """A charger, and the beginning of the day at its location."""

    charge_box_id: str
    today: datetime


PlugKey = tuple[str, int]
Uses = Mapping[PlugKey, PlugUse]
