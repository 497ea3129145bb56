"""Chargers in memory that keep charging profiles as the simulator does, and what befalls their commands."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from re import sub
from typing import Any

from eosvolt.adapters.simulator.events import Delivery
from eosvolt.adapters.simulator.limits import Limits, Outlet
from eosvolt.domain.zones.tree import lines_of
from eosvolt.domain.zones.values import PlugWiring
from tests.examples import COMPANY

VOLTS = 230


class Mishap(StrEnum):
    """What happens to the next command for a charger."""

    NONE = "none"
    REFUSED = "refused"
    LOST = "lost"
    """It never reaches the charger, and no answer comes."""
    ANSWER_LOST = "answerLost"
    """The charger carries it out; the answer is lost with the connection."""
    LATE = "late"
    """The charger carries it out at once and answers after the time-out."""
    SLOW = "slow"
    """The charger carries it out some seconds later."""
    REPEATED = "repeated"
    """The charger gets it twice."""


class Disobedience(StrEnum):
    """How a charger does not keep the limits that it confirms."""

    NONE = "none"
    IGNORES = "ignores"
    """Its cars take all they can."""
    OVERDRAWS = "overdraws"
    """It gives ``BEYOND_MA`` more than it may."""
    LATE = "late"
    """It lowers only after ``LATE_S`` seconds."""
    MORE_PHASES = "morePhases"
    """Its cars take as much on one phase more than it is wired for."""


BEYOND_MA, LATE_S = 4_000, 20


class Car:
    """A car on a plug. It draws as much as it may, up to ``most_ma`` on each of its ``phases``."""

    def __init__(self, most_ma: int, phases: int) -> None:
        self.most_ma, self.phases = most_ma, phases
        self.asleep = False


class SimPlug:
    """A plug with its wiring and what is on it."""

    def __init__(self, wiring: PlugWiring, lines: tuple[int, ...]) -> None:
        """``lines`` are those to which it is really connected."""
        self.wiring, self.lines = wiring, lines
        self.car: Car | None = None
        self.delivery: Delivery | None = None
        self.register_mwh = 1_000_000
        # What it offered in the last seconds, for its present session.
        self.offered: list[int] = []


class SimCharger:
    """A charger that keeps the profiles that it took, unless it is disobedient."""

    def __init__(self, key: str, plugs: list[SimPlug]) -> None:
        self.key, self.plugs = key, {plug.wiring.plug: plug for plug in plugs}
        self.limits = Limits()
        self.online = True
        self.disobedient = self.refuses_all = self.ignores_default = False
        self.disobedience = Disobedience.NONE
        self.mishaps: list[Mishap] = []
        # What it tells once it is connected again.
        self.untold: list[Callable[[], Any]] = []
        self.inbox: list[tuple[datetime, Callable[[], None]]] = []

    def outlets(self) -> dict[int, Outlet]:
        return {
            number: Outlet(VOLTS * plug.wiring.phases * plug.wiring.max_ma // 1000, plug.delivery)
            for number, plug in self.plugs.items()
        }

    def limit_ma(self, plug: SimPlug, at: datetime) -> int:
        """What the plug offers for each phase."""
        if self.ignores_default and not self._has_own_limit(plug):
            return plug.wiring.max_ma
        watts = self.limits.power_w(plug.wiring.plug, at, self.outlets())
        return min(watts * 1000 // (VOLTS * plug.wiring.phases), plug.wiring.max_ma)

    def _has_own_limit(self, plug: SimPlug) -> bool:
        kept = self.limits._kept
        return any(each.delivery is not None and each.delivery is plug.delivery for each in kept)

    def draws_ma(self, plug: SimPlug, at: datetime) -> int:
        """What the plug draws on each phase that its car uses."""
        if plug.car is None or plug.delivery is None or plug.car.asleep:
            return 0
        if self.disobedient or self.disobedience is Disobedience.IGNORES:
            return plug.car.most_ma
        offered = self.limit_ma(plug, at)
        if self.disobedience is Disobedience.OVERDRAWS:
            offered += BEYOND_MA
        elif self.disobedience is Disobedience.LATE:
            offered = max((offered, *plug.offered))
        return min(plug.car.most_ma, offered) if offered >= 6_000 else 0

    def remembers(self, at: datetime) -> None:
        """A second has passed: what each plug offers now, it may still give if it obeys late."""
        for plug in self.plugs.values():
            offered = [] if plug.delivery is None else [*plug.offered, self.limit_ma(plug, at)]
            plug.offered = offered[-LATE_S:]

    def on_lines(self, plug: SimPlug, at: datetime) -> list[int]:
        """What the plug draws on each line."""
        used = self.used_lines(plug)
        return [self.draws_ma(plug, at) if line in used else 0 for line in range(3)]

    def used_lines(self, plug: SimPlug) -> tuple[int, ...]:
        """The lines that the car on a plug uses."""
        if plug.car is None:
            return ()
        used = plug.lines[: plug.car.phases]
        if self.disobedience is not Disobedience.MORE_PHASES:
            return used
        others = [line for line in range(3) if line not in plug.lines]
        return (*plug.lines, others[0]) if others else used

    def carries_out(self, action: str, payload: dict[str, Any]) -> bool:
        if self.refuses_all:
            return False
        if action == "clearChargingProfile":
            self.limits.drop(payload["id"], None, None, None, self.outlets())
            return True
        profile = snake(payload["chargingProfile"])
        return self.limits.take(payload["plug"], profile, self.outlets()) == "Accepted"

    def catches_up(self, now: datetime, *, all_of_it: bool = False) -> None:
        """Carry out what came, in the order in which it came."""
        while self.inbox and (all_of_it or self.inbox[0][0] <= now):
            self.inbox.pop(0)[1]()

    def restarts(self) -> None:
        """Sessions' profiles are gone; the default profile is kept (OCPP 1.6 §5.16)."""
        kept = self.limits._kept
        self.limits._kept = [each for each in kept if each.delivery is None]


def a_charger(number: int, *wirings: PlugWiring) -> SimCharger:
    """A charger whose plugs are connected as they are described, from L1 on where that is unknown."""
    plugs = [
        SimPlug(wiring, tuple(lines_of(wiring)) if wiring.rotation else (0, 1, 2)[: wiring.phases])
        for wiring in wirings
    ]
    return SimCharger(f"{COMPANY}/CP-{number}", plugs)


def token_of(charger: SimCharger, number: int) -> str:
    return f"T{charger.key.partition('-')[2]}P{number}"


def snake(value: Any) -> Any:
    """JSON with the names of its fields as the ``ocpp`` package gives them."""
    if isinstance(value, dict):
        return {
            sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", key): snake(v) for key, v in value.items()
        }
    return [snake(each) for each in value] if isinstance(value, list) else value
