"""What plugs in zones draw, in memory: after a restart it is learnt anew from the next measurements."""

from datetime import timedelta

from eosvolt.domain.charge_points.events import ConnectorReported
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.load_balancing.demand import Draw, Taking, draw, taking
from eosvolt.domain.sessions.events import EnergyMetered

# A measurement that took longer to arrive was kept back by the charger.
_DELAYED = timedelta(seconds=60)


class MeasuredPlugs:
    """The last measurement of each plug, and what its session takes of its share."""

    def __init__(self) -> None:
        """Nothing is measured yet."""
        self._draws: dict[tuple[str, int], tuple[str, Draw]] = {}
        self._takings: dict[tuple[str, int], Taking] = {}

    def draw(self, charge_point: str, plug: int, session: str) -> Draw | None:
        """The last measurement of a session on a plug."""
        known = self._draws.get((charge_point, plug))
        return None if known is None or known[0] != session else known[1]

    def taking(self, charge_point: str, plug: int) -> Taking | None:
        """What the session on a plug takes of its share."""
        return self._takings.get((charge_point, plug))

    def metered(
        self, charge_point: str, plug: int, session: str, event: EnergyMetered, phases: int, limit_ma: int
    ) -> bool:
        """Take the newest reading of a session, under a limit; whether it says what is drawn now."""
        if event.late or not event.readings:
            return False
        reading = event.readings[-1]
        at = event.received_at if event.received_at - reading.at < _DELAYED else reading.at
        current = None if reading.current_a is None else round(reading.current_a * 1000)
        seen = draw(at, reading.power_w, current, phases)
        if seen is None:
            return False
        self._saw(charge_point, plug, session, seen, limit_ma)
        return True

    def reported(self, charge_point: str, session: str, event: ConnectorReported, limit_ma: int) -> None:
        """Take what a plug's status says: a car that suspends takes nothing, one that charges asks again."""
        key = charge_point, event.connector
        if event.status is ConnectorStatus.SUSPENDED_EV:
            nothing = Draw(event.received_at, 0, 0)
            self._saw(charge_point, event.connector, session, nothing, limit_ma)
        elif event.status is ConnectorStatus.CHARGING and key in self._takings:
            self._takings[key] = Taking(session, event.received_at, 0)

    def forget(self, charge_point: str) -> None:
        """The charger is in no zone any more."""
        for key in [key for key in self._draws if key[0] == charge_point]:
            del self._draws[key]
            self._takings.pop(key, None)

    def _saw(self, charge_point: str, plug: int, session: str, seen: Draw, limit_ma: int) -> None:
        key = charge_point, plug
        last = self._draws.get(key)
        if last is not None and last[0] == session and seen.at < last[1].at:
            return
        self._draws[key] = session, seen
        self._takings[key] = taking(self._takings.get(key), session, seen, limit_ma)
