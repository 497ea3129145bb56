"""A session that shares in the capacity of its zones: what it has, what it wants, and what becomes of it."""

from datetime import datetime

from eosvolt.domain.load_balancing.situation import BalancedCharger, BalancedPlug, CarSession
from eosvolt.domain.smart_charging.state import PlugLimit
from eosvolt.domain.zones.values import ChargingPriority, LimitReason, PlugDecision


class Sharer:
    """A session that takes part.

    ``uses`` are its rooms (a line of a zone each). ``asked_ma`` is the limit that is asked for now.
    """

    def __init__(
        self, charger: BalancedCharger, plug: BalancedPlug, car: CarSession, uses: tuple[int, ...]
    ) -> None:
        """What it has; what it wants and gets is set by those who divide."""
        self.charger, self.plug, self.car = charger, plug, car
        self.uses = uses
        self.limit: PlugLimit = charger.limit(plug)
        self.have_ma, self.confirmed_ma = charger.have_ma(plug), charger.confirmed_ma(plug)
        self.minimum_ma = self.demand_ma = self.target_ma = self.counted_ma = 0
        self.asleep = self.exceeding = False
        self.reason = LimitReason.SHARE
        self.waits = False
        self.asked_ma: int | None = None

    @property
    def newest_ma(self) -> int:
        """The limit that was asked for last, or else what it surely has."""
        pending = self.limit.pending
        return self.have_ma if pending is None else pending.limit_ma

    @property
    def highest_ma(self) -> int:
        """The highest of the limits that may be in force for the session."""
        return max((self.confirmed_ma, *(each.limit_ma for each in self.limit.outstanding)))

    @property
    def stuck(self) -> bool:
        """Whether the plug draws more than its limit, or was not lowered as far as is known."""
        if self.exceeding:
            return True
        failed = bool(self.limit.refusals) or self.limit.unanswered
        return failed and self.limit.pending is None and self.counted_ma > self.target_ma

    def order(self) -> tuple[bool, bool, datetime, str, int]:
        """Who is admitted before whom: not the sleeping, those with priority, those who came first."""
        first = self.car.first or self.charger.priority is ChargingPriority.FIRST
        number = self.plug.wiring.plug
        return self.asleep, not first, self.car.began, self.charger.charge_point, number

    def waits_for(self, reason: LimitReason) -> None:
        """It has less than its share for now, for a reason that matters where it has nothing."""
        if self.newest_ma < self.minimum_ma:
            self.waits, self.reason = True, reason

    def said(self) -> PlugDecision:
        """What the decision says of it."""
        limit, draw = self.limit.in_force_ma, self.plug.draw
        return PlugDecision(
            zone=self.charger.zone,
            charge_point=self.charger.charge_point,
            plug=self.plug.wiring.plug,
            session=self.car.session,
            reason=self.reason,
            target_ma=self.target_ma,
            limit_ma=limit if self.asked_ma is None else self.asked_ma,
            before_ma=limit,
            demand_ma=self.demand_ma,
            assumed_ma=self.counted_ma,
            measured_ma=None if draw is None else draw.least_ma,
            changed=self.asked_ma is not None,
            waiting=self.waits,
            transaction=self.car.transaction,
        )
