"""Reads what a decision of load balancing is made by: the chargers of a tree of zones as they are now."""

from collections.abc import Sequence
from typing import Protocol

from eosvolt.application.executor import Application
from eosvolt.application.zones import wiring_of
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.load_balancing.demand import Draw, Taking
from eosvolt.domain.load_balancing.situation import BalancedCharger, BalancedPlug, CarSession
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.smart_charging.state import SmartCharging
from eosvolt.domain.tokens.uid import folded
from eosvolt.domain.zones.tree import ZoneTree
from eosvolt.domain.zones.values import PlugWiring, ZoneCharger


class Measurements(Protocol):
    """What plugs drew last, and what their sessions take of their shares."""

    def draw(self, charge_point: str, plug: int, session: str) -> Draw | None:
        """The last measurement of a session."""
        ...

    def taking(self, charge_point: str, plug: int) -> Taking | None:
        """What the session on a plug takes."""
        ...


class ZoneSituation:
    """Reads the chargers of trees of zones."""

    def __init__(self, application: Application, measurements: Measurements) -> None:
        """``measurements`` are those of all plugs."""
        self._application = application
        self._measurements = measurements

    async def of(self, tree: ZoneTree) -> Sequence[BalancedCharger]:
        """The chargers of a tree; their streams are read together."""
        keys = [charger.charge_point for _, charger in tree.chargers()]
        for decider in (smart_charging, charge_points):
            await self._application.recall(decider, keys)
        first = {name: _first_tokens(tree, name) for name in tree.zones}
        found = [await self._charger(name, charger, first[name]) for name, charger in tree.chargers()]
        return [each for each in found if each is not None]

    async def _charger(
        self, zone: str, charger: ZoneCharger, first: frozenset[str]
    ) -> BalancedCharger | None:
        key = charger.charge_point
        state = await self._application.state(smart_charging, key)
        if not isinstance(state, SmartCharging) or state.zone != zone:
            return None
        registered = known(await self._application.state(charge_points, key))
        return BalancedCharger(
            zone,
            key,
            state,
            tuple(self._plug(key, wiring, registered, first) for wiring in _wired(state, registered)),
            online=registered is not None and is_reachable(registered),
            priority=charger.priority,
        )

    def _plug(
        self, key: str, wiring: PlugWiring, charger: Registered | None, first: frozenset[str]
    ) -> BalancedPlug:
        transaction = None if charger is None else charger.open_on(wiring.plug)
        if transaction is None:
            return BalancedPlug(wiring)
        opened = transaction.opened
        car = CarSession(opened.session, opened.transaction, transaction.began, folded(opened.token) in first)
        return BalancedPlug(
            wiring,
            car,
            self._measurements.draw(key, wiring.plug, opened.session),
            self._measurements.taking(key, wiring.plug),
        )


def _wired(state: SmartCharging, charger: Registered | None) -> Sequence[PlugWiring]:
    """All plugs of a charger: also those that it has got since it joined, on lines that nobody knows."""
    described = {each.plug for each in state.plugs}
    known_since = () if charger is None or described.issuperset(charger.numbers()) else wiring_of(charger)
    return (*state.plugs, *(each for each in known_since if each.plug not in described))


def is_reachable(charger: Registered) -> bool:
    """Whether commands reach a charger: it is connected, and not waiting for its release at a boot."""
    return charger.online and not charger.waits and not charger.removed


def _first_tokens(tree: ZoneTree, zone: str) -> frozenset[str]:
    """The tokens with priority in a zone: its own, and those of the zones that it is part of."""
    return frozenset(
        folded(token) for name in tree.chain(zone) for token in tree.zones[name].settings.first_tokens
    )
