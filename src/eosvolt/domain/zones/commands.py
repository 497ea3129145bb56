"""The commands of a zone."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.zones.values import MeterReading, PlugDecision, ZoneCharger, ZoneRoom, ZoneSettings


class CreateZone(Command, frozen=True):
    """Describe a zone."""

    zone: str
    company: int
    settings: ZoneSettings
    at: datetime


class ChangeZone(Command, frozen=True):
    """Give it other settings."""

    settings: ZoneSettings
    at: datetime


class PutZoneCharger(Command, frozen=True):
    """Let a charger belong to it, or wire one of its chargers otherwise."""

    charger: ZoneCharger
    at: datetime


class RemoveZoneCharger(Command, frozen=True):
    """Let a charger belong to it no more."""

    charge_point: str
    at: datetime


class AttachSubZone(Command, frozen=True):
    """Let another zone be a part of it."""

    child: str
    at: datetime


class DetachSubZone(Command, frozen=True):
    """Let a part of it be no part of it any more."""

    child: str
    at: datetime


class EnableZone(Command, frozen=True):
    """Let its chargers follow it. ``fits_ma`` is the largest fallback that fits at any time of day."""

    at: datetime
    fits_ma: int


class DisableZone(Command, frozen=True):
    """Let it set no limits."""

    at: datetime


class MeterZone(Command, frozen=True):
    """Take a reading of its site meter; one that hardly differs is kept every 20 s only."""

    reading: MeterReading
    received_at: datetime


class DecideZone(Command, frozen=True):
    """Keep what was decided by the state after ``after`` decisions."""

    at: datetime
    after: int
    rooms: tuple[ZoneRoom, ...]
    plugs: tuple[PlugDecision, ...] = ()
    reserved: tuple[PlugDecision, ...] = ()
    fallbacks: tuple[str, ...] = ()


class RemoveZone(Command, frozen=True):
    """Use it no more."""

    at: datetime


ZoneCommand = (
    CreateZone
    | ChangeZone
    | PutZoneCharger
    | RemoveZoneCharger
    | AttachSubZone
    | DetachSubZone
    | EnableZone
    | DisableZone
    | MeterZone
    | DecideZone
    | RemoveZone
)
