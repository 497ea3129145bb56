"""What the API answers about load balancing zones."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.http.api.zone_shapes import (
    CapacityWindowShape,
    DistributionName,
    LinesShape,
    PlugWiringShape,
    SiteMeterName,
    ZoneChargerShape,
    charger_shape,
    input_of,
    lines_a,
)
from eosvolt.adapters.http.framework.api_types import View
from eosvolt.adapters.http.presentation.zone_candidates import Candidate
from eosvolt.adapters.http.presentation.zone_series import ZonePoint
from eosvolt.adapters.http.presentation.zones import AllocationState, PlugLine, ZoneState
from eosvolt.application.operations.zones import WHY_NOT
from eosvolt.application.zone_questions import ZoneDecision
from eosvolt.application.zone_what_if import WhatIf
from eosvolt.application.zones import NotChoosable
from eosvolt.domain.zones.values import LimitReason, PlugDecision
from eosvolt.projections.zone_power import watts
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
    is known. ``meterSilent``: the site meter has told nothing for 60 s. ``notTold`` are the chargers that may
    still have limits of the zone although it sets none for them any more.
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
    not_told: tuple[UntoldView, ...] = ()


class CandidateView(View, frozen=True, kw_only=True):
    """A charger that can be chosen for a zone, or ``whyNot`` with a sentence. ``zoneId`` is where it is."""

    charge_box_id: str
    location_id: str
    choosable: bool
    plugs: tuple[PlugWiringShape, ...]
    zone_id: str = ""
    why_not: NotChoosable | None = None
    detail: str = ""


class PlugDecisionView(View, frozen=True, kw_only=True):
    """What a decision says of a plug. Currents are for each of its phases.

    ``targetA`` is its share, ``limitA`` the limit after the decision and ``beforeA`` the one before, absent
    where there is none. ``demandA`` is what its car is taken to want, ``mayDrawA`` what the plug counts with.
    """

    charge_box_id: str
    plug: int
    zone_id: str
    session_id: str
    reason: LimitReason
    target_a: float
    demand_a: float
    may_draw_a: float
    changed: bool
    waiting: bool
    limit_a: float | None = None
    before_a: float | None = None
    measured_a: float | None = None


class ZoneDecisionView(View, frozen=True, kw_only=True):
    """A decision with its inputs.

    ``plugs`` are those whose limit changed or who wait, ``reserved`` those that cannot be limited, for which
    what they may draw is kept free, and ``fallbacks`` the chargers to which the fallback is sent. Currents of
    the zone are of L1, L2 and L3.
    """

    id: int
    number: int
    at: datetime
    zone_id: str
    plugs: tuple[PlugDecisionView, ...]
    reserved: tuple[PlugDecisionView, ...]
    capacity_a: LinesShape | None = None
    rest_a: LinesShape | None = None
    usable_a: LinesShape | None = None
    usable_w: int | None = None
    meter_silent: bool = False
    fallbacks: tuple[str, ...] = ()


class ChargerPointView(View, frozen=True, kw_only=True):
    """What a charger drew, and might draw at most."""

    charge_box_id: str
    measured_w: int | None = None
    may_draw_w: int | None = None


class ZonePointView(View, frozen=True, kw_only=True):
    """A zone at the end of a minute or a quarter of an hour; without ``usableW`` it was off."""

    at: datetime
    measured_w: int
    chargers: tuple[ChargerPointView, ...]
    usable_w: int | None = None
    rest_w: int | None = None
    may_draw_w: int | None = None


class ZoneSeriesView(View, frozen=True, kw_only=True):
    """The power of a zone over time; ``by`` says what a point is about."""

    by: str
    items: tuple[ZonePointView, ...]


class DivisionView(View, frozen=True, kw_only=True):
    """How many plugs charge and wait, and what a plug that charges gets at least and at most."""

    plugs: int
    charging: int
    waiting: int
    least_w: int
    most_w: int


class ZoneWhatIfView(View, frozen=True, kw_only=True):
    """What all plugs get at once, ``before`` and ``after`` new ones are added, and what the ``new`` ones get.

    ``largestFallbackA`` is the largest fallback that would fit; ``fallbackFits``: that of the zone does.
    """

    usable_w: int
    before: DivisionView
    after: DivisionView
    new: DivisionView
    largest_fallback_a: float
    fallback_fits: bool


def what_if_view(found: WhatIf) -> ZoneWhatIfView:
    """What all plugs get at once."""
    return ZoneWhatIfView(
        usable_w=found.usable_w,
        before=DivisionView(**found.before._asdict()),
        after=DivisionView(**found.after._asdict()),
        new=DivisionView(**found.new._asdict()),
        largest_fallback_a=found.fallback_ma / 1000,
        fallback_fits=found.fits,
    )


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
        not_told=tuple(
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


def allocation_view(line: PlugLine) -> AllocationView:
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


def candidate_view(candidate: Candidate) -> CandidateView:
    """A charger that can be chosen for a zone, or why not."""
    why_not = candidate.why_not
    return CandidateView(
        charge_box_id=candidate.charge_box_id,
        location_id=candidate.location,
        choosable=why_not is None,
        plugs=charger_shape(candidate.member).plugs,
        zone_id=candidate.zone,
        why_not=why_not,
        detail="" if why_not is None else WHY_NOT[why_not],
    )


def decision_view(decision: ZoneDecision) -> ZoneDecisionView:
    """A decision."""
    room = decision.room
    return ZoneDecisionView(
        id=decision.position,
        number=decision.number,
        at=decision.at,
        zone_id=decision.zone,
        plugs=_plugs(decision.plugs),
        reserved=_plugs(decision.reserved),
        capacity_a=None if room is None else lines_a(room.capacity_ma),
        rest_a=None if room is None else lines_a(room.rest_ma),
        usable_a=None if room is None else lines_a(room.usable_ma),
        usable_w=None if room is None else watts(room.usable_ma),
        meter_silent=room is not None and room.meter_silent,
        fallbacks=tuple(each.partition("/")[2] for each in decision.fallbacks),
    )


def series_view(by: str, points: Sequence[ZonePoint]) -> ZoneSeriesView:
    """The power of a zone over time."""
    return ZoneSeriesView(
        by=by,
        items=tuple(
            ZonePointView(
                at=each.at,
                measured_w=each.power_w,
                may_draw_w=each.may_draw_w,
                usable_w=each.usable_w,
                rest_w=each.rest_w,
                chargers=tuple(
                    ChargerPointView(
                        charge_box_id=one.charger, measured_w=one.power_w, may_draw_w=one.may_draw_w
                    )
                    for one in each.chargers
                ),
            )
            for each in points
        ),
    )


def _plugs(plugs: Sequence[PlugDecision]) -> tuple[PlugDecisionView, ...]:
    return tuple(
        PlugDecisionView(
            charge_box_id=each.charge_point.partition("/")[2],
            plug=each.plug,
            zone_id=each.zone,
            session_id=each.session,
            reason=each.reason,
            target_a=each.target_ma / 1000,
            limit_a=_amperes(each.limit_ma),
            before_a=_amperes(each.before_ma),
            demand_a=each.demand_ma / 1000,
            may_draw_a=each.assumed_ma / 1000,
            measured_a=_amperes(each.measured_ma),
            changed=each.changed,
            waiting=each.waiting,
        )
        for each in plugs
    )


def _amperes(current_ma: int | None) -> float | None:
    return None if current_ma is None else current_ma / 1000
