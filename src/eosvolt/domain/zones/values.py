"""What a zone is described by, and what its decisions say.

Currents are in mA for each line (phase) of the grid connection; ``Lines`` has L1, L2 and L3 in this order.
Powers are in W for all lines together, at 230 V between each line and neutral.
"""

from datetime import datetime, time
from enum import StrEnum

import msgspec

Lines = tuple[int, int, int]


class Distribution(StrEnum):
    """How the capacity is divided: equal fixed shares, max-min fair by what is used, or first come first."""

    STATIC = "static"
    DYNAMIC = "dynamic"
    SEQUENTIAL = "sequential"


class SiteMeter(StrEnum):
    """What measures the grid connection: nothing, the chargers' own meters, or readings from outside."""

    NONE = "none"
    CHARGERS = "chargers"
    EXTERNAL = "external"


class ChargingPriority(StrEnum):
    """Whose sessions are admitted first where the capacity is not enough for all."""

    NORMAL = "normal"
    FIRST = "first"


class CapacityWindow(msgspec.Struct, frozen=True, omit_defaults=True):
    """Another capacity from ``since`` up to ``until``, by the zone's clock; it may go over midnight."""

    since: time
    until: time
    capacity_w: int


class ZoneSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The settings of a zone.

    ``capacity_w`` is the maximum of the grid connection, a third of it for each line; with ``capacity_ma`` no
    line has more than that either. ``buffer_percent`` of it is kept back. A session gets at least
    ``minimum_session_w`` (and 6 A for each phase) or waits at 0. ``unmanaged_w`` is kept for the building; of
    an external meter the measured rest counts instead, and ``worst_case_w`` while it is silent.
    ``meter_includes_chargers``: its readings contain what the chargers draw. ``fallback_ma`` is what a plug
    may draw for each phase where the zone has set no limit for its session: 0, or at least 6 A.
    ``first_tokens`` are tokens whose sessions have priority. ``parent`` is the zone that this one is part of.
    """

    name: str
    capacity_w: int
    time_zone: str
    distribution: Distribution = Distribution.DYNAMIC
    meter_number: str = ""
    capacity_ma: Lines | None = None
    buffer_percent: int = 0
    minimum_session_w: int = 0
    site_meter: SiteMeter = SiteMeter.NONE
    meter_includes_chargers: bool = True
    unmanaged_w: int = 0
    worst_case_w: int = 0
    schedule: tuple[CapacityWindow, ...] = ()
    parent: str = ""
    fallback_ma: int = 0
    first_tokens: tuple[str, ...] = ()


class PlugWiring(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a plug of a charger is connected.

    ``rotation`` are the lines (1 to 3) at the plug's L1, L2, L3, as many as it has ``phases``; empty where it
    is not known, which counts on all three lines. ``max_ma`` is what the plug can deliver for each phase.
    """

    plug: int
    phases: int = 3
    rotation: tuple[int, ...] = ()
    max_ma: int = 32_000


class ZoneCharger(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A charger of a zone. ``charge_point`` is ``company/charge box id``."""

    charge_point: str
    plugs: tuple[PlugWiring, ...] = ()
    priority: ChargingPriority = ChargingPriority.NORMAL


class MeterReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reading of the site meter. ``current_ma`` are the lines' currents, where the meter has them."""

    at: datetime
    power_w: int
    current_ma: Lines | None = None


class LimitReason(StrEnum):
    """Why a limit is what it is, or why a plug gets nothing."""

    SHARE = "share"
    """Its share of the capacity."""
    FULL = "full"
    """As much as the plug can deliver."""
    DEMAND = "demand"
    """As much as its car takes."""
    FIXED_SHARE = "fixedShare"
    """The equal share of each charger (static distribution)."""
    NO_ROOM = "noRoom"
    """It waits: the minimum does not fit beside the sessions before it."""
    SHARE_TOO_SMALL = "shareTooSmall"
    """It waits: the fixed share is less than the minimum."""
    ROOM_NOT_FREE = "roomNotFree"
    """Its share is still taken: others must be lower first, and confirm it."""
    PACE = "pace"
    """Its last limit was sent less than 10 s ago."""
    OFFLINE = "offline"
    """The charger is not connected."""
    UNCONTROLLABLE = "uncontrollable"
    """The charger refuses limits: what its plugs can deliver is reserved."""
    NOT_TAKEN = "notTaken"
    """Offered, not taken: its car has drawn nothing for 10 minutes."""
    EXCEEDED = "exceeded"
    """It draws more than its limit, which counts instead."""
    OUTSTANDING = "outstanding"
    """The charger has not answered yet."""


class ZoneRoom(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a zone could use at a decision.

    ``capacity_ma`` is its capacity by settings and schedule after the buffer, ``rest_ma`` what the building
    takes of it, ``usable_ma`` what is left for chargers, ``assumed_ma`` what its plugs may draw by all that
    is known, before the new limits. ``meter_silent``: no reading came for 60 s, the rest is the worst case.
    """

    zone: str
    capacity_ma: Lines
    rest_ma: Lines
    usable_ma: Lines
    assumed_ma: Lines
    meter_silent: bool = False


class PlugDecision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a decision says of a plug.

    ``target_ma`` is its share for each phase, ``limit_ma`` the limit after this decision, ``before_ma`` the
    one before; ``None`` where there is none (the fallback holds). ``demand_ma`` is what its car is taken to
    want, ``measured_ma`` what it drew, ``assumed_ma`` what it counts with. ``changed``: ``limit_ma`` is asked
    for now, for the OCPP ``transaction``.
    """

    zone: str
    charge_point: str
    plug: int
    session: str
    reason: LimitReason
    target_ma: int
    limit_ma: int | None = None
    before_ma: int | None = None
    demand_ma: int = 0
    assumed_ma: int = 0
    measured_ma: int | None = None
    changed: bool = False
    waiting: bool = False
    transaction: int = 0
