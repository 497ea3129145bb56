"""The events of a zone. Its stream is ``zone:<id>``; who caused them is in the provenance of their facts."""

from datetime import datetime

from eosvolt.domain.kernel import Event
from eosvolt.domain.zones.values import MeterReading, PlugDecision, ZoneCharger, ZoneRoom, ZoneSettings


class ZoneCreated(Event, frozen=True, tag="zone-created"):
    """A zone was described. It is off until it is enabled."""

    zone: str
    company: int
    settings: ZoneSettings
    at: datetime


class ZoneChanged(Event, frozen=True, tag="zone-changed"):
    """The settings of the zone are others from now on."""

    zone: str
    settings: ZoneSettings
    at: datetime


class ZoneChargerAdded(Event, frozen=True, tag="zone-charger-added"):
    """A charger belongs to the zone, wired as described."""

    zone: str
    charger: ZoneCharger
    at: datetime


class ZoneChargerChanged(Event, frozen=True, tag="zone-charger-changed"):
    """A charger of the zone is wired otherwise, or has another priority."""

    zone: str
    charger: ZoneCharger
    at: datetime


class ZoneChargerRemoved(Event, frozen=True, tag="zone-charger-removed"):
    """A charger belongs to the zone no more."""

    zone: str
    charge_point: str
    at: datetime


class SubZoneAttached(Event, frozen=True, tag="sub-zone-attached"):
    """Another zone became a part of this one."""

    zone: str
    child: str
    at: datetime


class SubZoneDetached(Event, frozen=True, tag="sub-zone-detached"):
    """A part of this zone is no part of it any more."""

    zone: str
    child: str
    at: datetime


class ZoneEnabled(Event, frozen=True, tag="zone-enabled"):
    """From now on the chargers of the zone follow it."""

    zone: str
    at: datetime


class ZoneDisabled(Event, frozen=True, tag="zone-disabled"):
    """From now on the zone sets no limits; those that it has set are withdrawn."""

    zone: str
    at: datetime


class ZoneMetered(Event, frozen=True, tag="zone-metered"):
    """The site meter was read. ``received_at`` is when it reached us."""

    zone: str
    reading: MeterReading
    received_at: datetime


class ZoneDecided(Event, frozen=True, tag="zone-decided"):
    """What a tree of zones decided at ``at``: kept by its root.

    ``rooms`` are the zones of the tree, ``plugs`` those whose limit changes or who wait, ``reserved`` those
    that the zone cannot limit now and whose possible draw is kept free. ``fallbacks`` are chargers to which
    the fallback is sent. ``number`` counts the decisions.
    """

    zone: str
    at: datetime
    number: int
    rooms: tuple[ZoneRoom, ...]
    plugs: tuple[PlugDecision, ...] = ()
    reserved: tuple[PlugDecision, ...] = ()
    fallbacks: tuple[str, ...] = ()


class ZoneRemoved(Event, frozen=True, tag="zone-removed"):
    """There is no such zone any more; its history stays."""

    zone: str
    at: datetime


ZoneEvent = (
    ZoneCreated
    | ZoneChanged
    | ZoneChargerAdded
    | ZoneChargerChanged
    | ZoneChargerRemoved
    | SubZoneAttached
    | SubZoneDetached
    | ZoneEnabled
    | ZoneDisabled
    | ZoneMetered
    | ZoneDecided
    | ZoneRemoved
)
