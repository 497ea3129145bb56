"""What the API answers about the decisions of zones, their power, and chargers that may be chosen."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.http.api.zone_shapes import LinesShape, PlugWiringShape, charger_shape, lines_a
from eosvolt.adapters.http.framework.api_types import View
from eosvolt.adapters.http.presentation.zone_candidates import Candidate
from eosvolt.adapters.http.presentation.zone_series import ZonePoint
from eosvolt.application.operations.zones import WHY_NOT
from eosvolt.application.zone_questions import DecisionOnZone
from eosvolt.application.zone_what_if import ChargersToAdd
from eosvolt.application.zones import NotChoosable
from eosvolt.domain.zones.values import LimitReason, PlugDecision
from eosvolt.projections.zone_power import watts


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


def what_if_view(found: ChargersToAdd) -> ZoneWhatIfView:
    """What all plugs get at once."""
    return ZoneWhatIfView(
        usable_w=found.usable_w,
        before=DivisionView(**found.before._asdict()),
        after=DivisionView(**found.after._asdict()),
        new=DivisionView(**found.new._asdict()),
        largest_fallback_a=found.fallback_ma / 1000,
        fallback_fits=found.fits,
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


def decision_view(decision: DecisionOnZone) -> ZoneDecisionView:
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
