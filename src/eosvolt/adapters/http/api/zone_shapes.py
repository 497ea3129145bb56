"""The settings and chargers of load balancing zones in the API, and their conversion to the domain's."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from eosvolt.adapters.http.api.location_types import TimeZone
from eosvolt.adapters.http.api.tariffs import Clock
from eosvolt.adapters.http.framework.api_types import ApiInput
from eosvolt.application.operations.zones import ZoneChargerInput
from eosvolt.domain.zones.values import (
    CapacityWindow,
    ChargingPriority,
    Distribution,
    PlugWiring,
    SiteMeter,
    ZoneCharger,
    ZoneSettings,
)

DistributionName = Literal["static", "dynamic", "sequential"]
SiteMeterName = Literal["none", "chargers", "external"]
PriorityName = Literal["normal", "first"]
ZoneName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
MeterNumber = Annotated[str, Meta(max_length=100)]
Kilowatts = Annotated[float, Meta(ge=0, le=1_000_000, description="kW of all phases together.")]
Capacity = Annotated[float, Meta(gt=0, le=1_000_000, description="kW of all phases together.")]
Amperes = Annotated[float, Meta(ge=0, le=1_000, description="A for each phase.")]
Percent = Annotated[str, Meta(pattern=r"^[0-9]{1,2}$", description="A whole number as text: 10 means 10 %.")]
PlugNumber = Annotated[int, Meta(ge=1, le=10_000)]
ChargeBoxId = Annotated[str, Meta(min_length=1, max_length=48)]
LinesShape = Annotated[
    tuple[Amperes, Amperes, Amperes],
    Meta(description="The currents of L1, L2 and L3 of the grid."),
]
FirstTokens = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=36)], ...], Meta(max_length=1_000)]


class CapacityWindowShape(ApiInput, frozen=True, kw_only=True):
    """Another capacity at a time of every local day; it wraps past midnight if it ends before it starts."""

    starts: Clock = field(name="from")
    ends: Clock = field(name="to")
    capacity_kw: Capacity


class PlugWiringShape(ApiInput, frozen=True, kw_only=True):
    """How a plug is connected.

    ``rotation`` are the lines (1 to 3) at its L1, L2 and L3, as many as it has ``phases``; left out where it
    is not known: it counts on all lines then. ``maxA`` is what it can deliver for each phase.
    """

    number: PlugNumber
    phases: Literal[1, 2, 3] = 3
    rotation: Annotated[tuple[Literal[1, 2, 3], ...], Meta(max_length=3)] = ()
    max_a: Annotated[float, Meta(ge=6, le=1_000)] = 32.0


class ZoneChargerShape(ApiInput, frozen=True, kw_only=True):
    """A charger of a zone. Without ``plugs`` they are wired as their power suggests.

    ``priority`` ``first``: its sessions are admitted before others where the capacity is not enough for all.
    """

    charge_box_id: ChargeBoxId
    priority: PriorityName = "normal"
    plugs: Annotated[tuple[PlugWiringShape, ...], Meta(max_length=100)] = ()


_LINES: Mapping[int, Literal[1, 2, 3]] = {1: 1, 2: 2, 3: 3}
Chargers = Annotated[
    tuple[ChargeBoxId | ZoneChargerShape, ...],
    Meta(max_length=2_000, description="Charge box ids, or chargers with their priority and wiring."),
]
Schedule = Annotated[tuple[CapacityWindowShape, ...], Meta(max_length=24)]


class ZoneInput(ApiInput, frozen=True, kw_only=True):
    """A load balancing zone.

    ``capacityKw`` is the maximum of the grid connection, of which ``bufferPercent`` are kept back; with
    ``capacityA`` no line has more than that either. A session gets at least ``minimumSessionKw`` (and 6 A for
    each phase) or waits. ``unmanagedKw`` is kept for the building; with an ``external`` site meter what it
    measures counts instead, and ``worstCaseKw`` while it is silent. ``meterIncludesChargers``: its readings
    contain what the chargers draw. ``fallbackA`` is what a plug may draw for each phase where the zone has
    set no limit: 0, or at least 6 A. Sessions of ``firstTokens`` are admitted first. ``parentId`` is the zone
    that this one is a part of. Without ``timeZone`` that of the first charger's location is taken.
    """

    name: ZoneName
    capacity_kw: Capacity
    meter_number: MeterNumber = ""
    capacity_a: LinesShape | None = None
    buffer_percent: Percent = "0"
    minimum_session_kw: Kilowatts = 0.0
    distribution: DistributionName = "dynamic"
    site_meter: SiteMeterName = "none"
    meter_includes_chargers: bool = True
    unmanaged_kw: Kilowatts = 0.0
    worst_case_kw: Kilowatts = 0.0
    schedule: Schedule = ()
    parent_id: Annotated[str, Meta(max_length=100)] = ""
    fallback_a: Amperes = 0.0
    first_tokens: FirstTokens = ()
    time_zone: TimeZone | Literal[""] = ""
    chargers: Chargers = ()


class ZoneChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396). ``null`` takes the default; lists are replaced as a whole.

    ``chargers`` are all chargers of the zone from then on.
    """

    name: ZoneName | UnsetType = UNSET
    capacity_kw: Capacity | UnsetType = UNSET
    meter_number: MeterNumber | UnsetType | None = UNSET
    capacity_a: LinesShape | UnsetType | None = UNSET
    buffer_percent: Percent | UnsetType | None = UNSET
    minimum_session_kw: Kilowatts | UnsetType | None = UNSET
    distribution: DistributionName | UnsetType | None = UNSET
    site_meter: SiteMeterName | UnsetType | None = UNSET
    meter_includes_chargers: bool | UnsetType | None = UNSET
    unmanaged_kw: Kilowatts | UnsetType | None = UNSET
    worst_case_kw: Kilowatts | UnsetType | None = UNSET
    schedule: Schedule | UnsetType | None = UNSET
    parent_id: Annotated[str, Meta(max_length=100)] | UnsetType | None = UNSET
    fallback_a: Amperes | UnsetType | None = UNSET
    first_tokens: FirstTokens | UnsetType | None = UNSET
    time_zone: TimeZone | UnsetType | None = UNSET
    chargers: Chargers | UnsetType | None = UNSET


def settings_of(body: ZoneInput) -> ZoneSettings:
    """The domain's settings."""
    return ZoneSettings(
        name=body.name.strip(),
        capacity_w=watts(body.capacity_kw),
        time_zone=body.time_zone,
        distribution=Distribution(body.distribution),
        meter_number=body.meter_number.strip(),
        capacity_ma=None if body.capacity_a is None else lines_ma(body.capacity_a),
        buffer_percent=int(body.buffer_percent),
        minimum_session_w=watts(body.minimum_session_kw),
        site_meter=SiteMeter(body.site_meter),
        meter_includes_chargers=body.meter_includes_chargers,
        unmanaged_w=watts(body.unmanaged_kw),
        worst_case_w=watts(body.worst_case_kw),
        schedule=tuple(
            CapacityWindow(_time(each.starts), _time(each.ends), watts(each.capacity_kw))
            for each in body.schedule
        ),
        parent=body.parent_id,
        fallback_ma=milliamperes(body.fallback_a),
        first_tokens=body.first_tokens,
    )


def input_of(settings: ZoneSettings) -> ZoneInput:
    """The settings as the API takes them."""
    return ZoneInput(
        name=settings.name,
        capacity_kw=settings.capacity_w / 1000,
        meter_number=settings.meter_number,
        capacity_a=None if settings.capacity_ma is None else lines_a(settings.capacity_ma),
        buffer_percent=str(settings.buffer_percent),
        minimum_session_kw=settings.minimum_session_w / 1000,
        distribution=settings.distribution.value,
        site_meter=settings.site_meter.value,
        meter_includes_chargers=settings.meter_includes_chargers,
        unmanaged_kw=settings.unmanaged_w / 1000,
        worst_case_kw=settings.worst_case_w / 1000,
        schedule=schedule_of(settings),
        parent_id=settings.parent,
        fallback_a=settings.fallback_ma / 1000,
        first_tokens=settings.first_tokens,
        time_zone=settings.time_zone,
    )


def schedule_of(settings: ZoneSettings) -> tuple[CapacityWindowShape, ...]:
    """The windows of a schedule."""
    return tuple(
        CapacityWindowShape(
            starts=f"{each.since:%H:%M}", ends=f"{each.until:%H:%M}", capacity_kw=each.capacity_w / 1000
        )
        for each in settings.schedule
    )


def charger_input(given: str | ZoneChargerShape) -> ZoneChargerInput:
    """A charger for the operations."""
    if isinstance(given, str):
        return ZoneChargerInput(charger=given)
    return ZoneChargerInput(
        charger=given.charge_box_id,
        priority=ChargingPriority(given.priority),
        plugs=tuple(
            PlugWiring(
                plug=each.number,
                phases=each.phases,
                rotation=each.rotation,
                max_ma=milliamperes(each.max_a),
            )
            for each in given.plugs
        ),
    )


def charger_shape(member: ZoneCharger) -> ZoneChargerShape:
    """A charger of a zone as the API shows it."""
    return ZoneChargerShape(
        charge_box_id=member.charge_point.partition("/")[2],
        priority=member.priority.value,
        plugs=tuple(wiring_shape(each) for each in member.plugs),
    )


def wiring_shape(wiring: PlugWiring) -> PlugWiringShape:
    """How a plug is connected, as the API shows it."""
    return PlugWiringShape(
        number=wiring.plug,
        phases=_LINES[wiring.phases],
        rotation=tuple(_LINES[each] for each in wiring.rotation),
        max_a=wiring.max_ma / 1000,
    )


def watts(kilowatts: float) -> int:
    """W of kW, rounded."""
    return round(kilowatts * 1000)


def milliamperes(amperes: float) -> int:
    """MA of A, rounded."""
    return round(amperes * 1000)


def lines_ma(lines: tuple[float, float, float]) -> tuple[int, int, int]:
    """MA of the A of three lines."""
    return milliamperes(lines[0]), milliamperes(lines[1]), milliamperes(lines[2])


def lines_a(lines: tuple[int, int, int]) -> tuple[float, float, float]:
    """A of the mA of three lines."""
    return lines[0] / 1000, lines[1] / 1000, lines[2] / 1000


def _time(text: str) -> time:
    # 24:00 is the end of the day, at which the next one begins.
    return time(0) if text == "24:00" else time.fromisoformat(text)
