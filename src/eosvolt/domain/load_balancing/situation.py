"""What a decision is made by: the chargers of a tree of zones as they are now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from eosvolt.domain.load_balancing.demand import FRESH_FOR, Draw, Taking, tolerated_ma
from eosvolt.domain.smart_charging.events import FALLBACK
from eosvolt.domain.smart_charging.state import REACTS_WITHIN, PlugLimit, SmartCharging, assumed_ma, precedes
from eosvolt.domain.zones.capacity import LINES, NOTHING, VOLTS
from eosvolt.domain.zones.tree import ZoneTree, lines_of
from eosvolt.domain.zones.values import ChargingPriority, Lines, PlugWiring

# A car on two or three phases is measured with at least so many tenths of the power of one phase.
_TWO_PHASES, _THREE_PHASES = 17, 26


class CarSession(NamedTuple):
    """A session that is open on a plug."""

    session: str
    transaction: int
    began: datetime
    first: bool = False


class BalancedPlug(NamedTuple):
    """A plug, its open session, what it drew last, and what the session takes of its share."""

    wiring: PlugWiring
    car: CarSession | None = None
    draw: Draw | None = None
    taking: Taking | None = None


class BalancedCharger(NamedTuple):
    """A charger of a zone. ``online``: commands reach it."""

    zone: str
    charge_point: str
    state: SmartCharging
    plugs: tuple[BalancedPlug, ...]
    online: bool = True
    priority: ChargingPriority = ChargingPriority.NORMAL

    @property
    def fallback(self) -> PlugLimit:
        """What is known of the fallback."""
        return self.state.limits.get(FALLBACK, PlugLimit())

    def limit(self, plug: BalancedPlug) -> PlugLimit:
        """What is known of the limit of the plug's session; nothing where there is none."""
        known = self.state.limits.get(plug.wiring.plug)
        car = plug.car
        return PlugLimit() if known is None or car is None or known.session != car.session else known

    def have_ma(self, plug: BalancedPlug) -> int:
        """What the plug surely may draw: its session's confirmed limit, or else the fallback.

        Whether a fallback holds for a session that is older than it is up to the charger.
        """
        in_force = self.limit(plug).in_force_ma
        if in_force is not None:
            return in_force
        fallback = self.fallback.in_force_ma
        return plug.wiring.max_ma if fallback is None else min(fallback, plug.wiring.max_ma)

    def confirmed_ma(self, plug: BalancedPlug) -> int:
        """The most that the plug may draw by what was confirmed: all where a fallback may not hold for it."""
        limited = self.limit(plug).in_force_ma is not None
        if not limited and plug.car is not None and precedes(plug.car.began, self.fallback):
            return plug.wiring.max_ma
        return self.have_ma(plug)

    def assumed_ma(self, plug: BalancedPlug) -> int:
        """The most that the plug may draw."""
        if plug.car is None:
            return assumed_ma(self.state, plug.wiring)
        return assumed_ma(self.state, plug.wiring, plug.car.session, plug.car.began)

    def exceeding_ma(self, plug: BalancedPlug, now: datetime) -> int | None:
        """What the plug draws although it may not; ``None`` where it keeps within what it may draw.

        What was found stays true until a new measurement says otherwise.
        """
        limit, draw = self.limit(plug), plug.draw
        allowed = self.assumed_ma(plug)
        if draw is None or now - draw.at > FRESH_FOR or plug.car is None:
            return limit.exceeded_ma
        # However often it was lowered lately, it follows no limit that is older than that.
        if draw.least_ma > tolerated_ma(max(allowed, self._followed_ma(plug, draw.at))):
            return draw.least_ma
        confirmed = limit.confirmed_at or self.fallback.confirmed_at
        if confirmed is not None and draw.at < confirmed + REACTS_WITHIN:
            return limit.exceeded_ma
        return draw.least_ma if draw.least_ma > tolerated_ma(allowed) else None

    def _followed_ma(self, plug: BalancedPlug, at: datetime) -> int:
        """The highest of the earlier limits that the car may still have been following at an instant."""
        own = self.limit(plug)
        former = (own if own.in_force_ma is not None else self.fallback).former
        lately = [each.limit_ma for each in former if each.until > at - REACTS_WITHIN]
        return max((plug.wiring.max_ma if each is None else each for each in lately), default=0)

    def counted_ma(self, plug: BalancedPlug, now: datetime) -> int:
        """What the plug counts with for each phase: what it may draw, or draws although it may not."""
        return max(self.assumed_ma(plug), self.exceeding_ma(plug, now) or 0)


def lines_in_use(plug: BalancedPlug, now: datetime) -> Sequence[int]:
    """The lines that a plug counts on: those of its wiring, or all where it is measured on more than those.

    By a fresh measurement: more power than its current makes on the phases that it is said to have. Nobody
    knows on which lines the others are.
    """
    draw, wiring = plug.draw, plug.wiring
    fresh = draw is not None and now - draw.at <= FRESH_FOR
    if draw is not None and fresh and _phases(draw, LINES) > wiring.phases:
        return tuple(range(LINES))
    return lines_of(wiring)


def surely_on_lines(plug: BalancedPlug, now: datetime) -> Lines:
    """What a plug surely drew on each line, by a fresh measurement.

    A car may use fewer phases than its plug has: only what can be told counts.
    """
    draw, wiring = plug.draw, plug.wiring
    if draw is None or now - draw.at > FRESH_FOR:
        return NOTHING
    phases = _phases(draw, wiring.phases)
    if wiring.rotation:
        used = {line - 1 for line in wiring.rotation[:phases]}
    else:
        used = {0, 1, 2} if phases == LINES else set()
    first, second, third = (draw.least_ma if line in used else 0 for line in range(LINES))
    return first, second, third


def _phases(draw: Draw, most: int) -> int:
    """How many phases a car surely uses."""
    if draw.current_ma is None or draw.power_w is None or not draw.current_ma:
        return min(most, 1)
    tenths = draw.power_w * 10_000 // (draw.current_ma * VOLTS)
    return min(most, 3 if tenths >= _THREE_PHASES else 2 if tenths >= _TWO_PHASES else 1)


def drawn_in(tree: ZoneTree, zone: str, chargers: Iterable[BalancedCharger], now: datetime) -> Lines:
    """What the chargers of a zone and of its parts surely draw on each line."""
    together = [0] * LINES
    for charger in chargers:
        if zone in tree.chain(charger.zone):
            for plug in charger.plugs:
                for line, current in enumerate(surely_on_lines(plug, now)):
                    together[line] += current
    return together[0], together[1], together[2]
