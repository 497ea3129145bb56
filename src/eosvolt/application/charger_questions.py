"""What the pages about chargers ask, and the answers that are more than rows of a read model."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

import msgspec

T = TypeVar("T")

CHARGER_SORTS = ("chargeBoxId", "location", "model", "firmware", "connection")


class ChargerFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which chargers. Empty fields do not restrict.

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
    """Some chargers' rows, and how many match in all."""

    items: Sequence[T]
    total: int


class PlugUse(NamedTuple):
    """How a plug was used: today (by its location's calendar), and the time in use since some days ago."""

    sessions: int
    energy_wh: int
    in_use_s: float


class Oddness(NamedTuple):
    """What is odd about a charger's messages: how many broke their schema, and how far its clock is ahead."""

    clock_ahead_s: int
    repaired: int
    unreadable: int


class DayBegin(NamedTuple):
    """A charger and when the day began at its location."""

    charge_box_id: str
    today: datetime


PlugKey = tuple[str, int]
Uses = Mapping[PlugKey, PlugUse]
