"""The events of an exclusion. Who recorded or withdrew it is in the provenance of its facts."""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.kernel import Event


class ExclusionKind(StrEnum):
    """Why a plug was out of order. Each definition of uptime says which kinds it leaves out."""

    UTILITY = "utility"
    NETWORK = "network"
    VEHICLE = "vehicle"
    VANDALISM = "vandalism"
    DISASTER = "disaster"
    MAINTENANCE = "plannedMaintenance"


class ExcludedScope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an exclusion is about: a location, one charger there, or one plug of the charger (0: all)."""

    location: str
    charge_point: str = ""
    connector: int = 0


class ExclusionRecorded(Event, frozen=True, tag="exclusion-recorded"):
    """An operator explained the down time from ``since`` up to ``until``."""

    exclusion: str
    company: int
    scope: ExcludedScope
    kind: ExclusionKind
    since: datetime
    until: datetime
    reason: str
    at: datetime


class ExclusionWithdrawn(Event, frozen=True, tag="exclusion-withdrawn"):
    """The exclusion does not count any more. It stays in the history."""

    at: datetime
    reason: str = ""


ExclusionEvent = ExclusionRecorded | ExclusionWithdrawn
