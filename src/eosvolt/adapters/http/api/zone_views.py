"""What the API answers about load balancing zones."""

from datetime import datetime

from eosvolt.adapters.http.api.zone_shapes import (
    CapacityWindowShape,
    DistributionName,
    LinesShape,
    SiteMeterName,
    ZoneChargerShape,
    charger_shape,
    input_of,
    lines_a,
)
from eosvolt.adapters.http.framework.api_types import View
from eosvolt.adapters.http.presentation.zones import AllocationState, ZonePlugLine, ZoneState
from eosvolt.domain.zones.values import LimitReason
from eosvolt.projections.zones import ZoneRow


class AllocationView(View, frozen=True, kw_only=True):
    """A plug of a zone. Currents are for each of its phases.

    ``limitA`` is the newest limit that was asked for, of its session or, without one, the fallback; absent
    where there is none. ``confirmed``: the charger took it. ``mayDrawA`` is the most that the plug may draw
    by what is known: limits under way count with the higher one. ``measuredW`` is absent where it is not
    known. ``reason`` is why the last decision about it gave it this limit. ``zoneId`` is the sub-zone that it
    is in.
    """

    charge_box_id: str
    plug: int
    zone_id: str
    phases: int
    may_draw_a: float
    may_draw_w: int
    confirmed: bool
    state: AllocationState
    limit_a: float | None = None
    limit_w: int | None = None
    measured_w: int | None = None
    session_id: str = ""
    reason: LimitReason | None = None


class UntoldView(View, frozen=True, kw_only=True):
    """A charger that did not confirm that its limits were withdrawn. ``state`` is how far that came."""

    charge_box_id: str
    state: str
    at: datetime


class ZoneReadingView(View, frozen=True, kw_only=True):
    """A reading of a site meter. ``receivedAt`` is when it reached us."""

    at: datetime
    power_w: int
    received_at: datetime
    current_a: LinesShape | None = None


class ZoneView(View, frozen=True, kw_only=True):
    """A zone with its settings.

    ``usableKw`` is what its chargers may use now: its capacity by the time of day without the buffer and what
    the building takes. ``measuredW`` is what they draw, ``mayDrawW`` the most that they may draw by all that
    is known. ``meterSilent``: the site meter has been silent for 60 s. ``notWithdrawn`` are the chargers that
    may still have limits of the zone although it sets none for them any more.
    """

    id: str
    name: str
    enabled: bool
    usable_kw: float
    measured_w: int
    may_draw_w: int
    waiting: int
    capacity_kw: float
    buffer_percent: str
    minimum_session_kw: float
    distribution: DistributionName
    site_meter: SiteMeterName
    meter_includes_chargers: bool
    unmanaged_kw: float
    worst_case_kw: float
    fallback_a: float
    time_zone: str
    schedule: tuple[CapacityWindowShape, ...]
    first_tokens: tuple[str, ...]
    parts: tuple[str, ...]
    created_at: datetime
    meter_number: str = ""
    capacity_a: LinesShape | None = None
    parent_id: str = ""
    since: datetime | None = None
    meter_silent: bool = False
    reading: ZoneReadingView | None = None
    chargers: tuple[ZoneChargerShape, ...] = ()
    allocations: tuple[AllocationView, ...] = ()
    not_withdrawn: tuple[UntoldView, ...] = ()


def zone_view(state: ZoneState, *, whole: bool = True) -> ZoneView:
    """A zone; ``whole`` with its chargers and allocations."""
    row = state.row
    given = input_of(row.settings)
    return ZoneView(
        id=row.zone,
        name=row.name,
        enabled=row.enabled,
        since=row.since,
        usable_kw=state.usable_w / 1000,
        measured_w=state.measured_w,
        may_draw_w=state.may_draw_w,
        waiting=len(state.waiting),
        capacity_kw=given.capacity_kw,
        capacity_a=given.capacity_a,
        buffer_percent=given.buffer_percent,
        minimum_session_kw=given.minimum_session_kw,
        distribution=given.distribution,
        site_meter=given.site_meter,
        meter_includes_chargers=given.meter_includes_chargers,
        unmanaged_kw=given.unmanaged_kw,
        worst_case_kw=given.worst_case_kw,
        fallback_a=given.fallback_a,
        time_zone=given.time_zone,
        schedule=given.schedule,
        first_tokens=given.first_tokens,
        parts=row.parts,
        parent_id=given.parent_id,
        meter_number=given.meter_number,
        created_at=row.created_at,
        meter_silent=state.meter_silent,
        reading=reading_view(row),
        chargers=tuple(charger_shape(each) for each in row.chargers) if whole else (),
        allocations=tuple(allocation_view(each) for each in state.plugs) if whole else (),
        not_withdrawn=tuple(
            UntoldView(charge_box_id=each.charge_box_id, state=each.withdrawal.state, at=each.withdrawal.at)
            for each in state.untold
        ),
    )


def reading_view(row: ZoneRow) -> ZoneReadingView | None:
    """The last reading of a zone's site meter."""
    if row.reading is None or row.read_at is None:
        return None
    lines = row.reading.current_ma
    return ZoneReadingView(
        at=row.reading.at,
        power_w=row.reading.power_w,
        received_at=row.read_at,
        current_a=None if lines is None else lines_a(lines),
    )


def allocation_view(line: ZonePlugLine) -> AllocationView:
    """A plug of a zone."""
    limit = line.limit_ma
    return AllocationView(
        charge_box_id=line.charge_box_id,
        plug=line.plug,
        zone_id=line.zone,
        phases=line.wiring.phases,
        limit_a=None if limit is None else limit / 1000,
        limit_w=None if limit is None else line.in_watts(limit),
        may_draw_a=line.may_draw_ma / 1000,
        may_draw_w=line.in_watts(line.may_draw_ma),
        confirmed=line.confirmed,
        measured_w=line.power_w,
        state=line.state,
        session_id=line.session,
        reason=None if line.decided is None or not line.session else line.decided.reason,
    )
