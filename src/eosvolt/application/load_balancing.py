"""Balances the load of zones: reads what is and decides. The limits follow from the decision, in one commit.

Everything but measurements is in the streams, so this may stop and start at any time. The fence of all
decisions of a tree of zones is the stream of its root: of two that are made at once one is made again.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from eosvolt.application.executor import Application, Plan
from eosvolt.application.limit_upkeep import LimitUpkeep
from eosvolt.application.ports import Clock
from eosvolt.application.zone_situation import Measurements, ZoneSituation
from eosvolt.application.zones import zone_tree
from eosvolt.domain.kernel import CommandEnvelope, Provenance
from eosvolt.domain.load_balancing.balance import ZoneDecision, balance
from eosvolt.domain.load_balancing.situation import BalancedCharger, drawn_in
from eosvolt.domain.zones.capacity import NOTHING
from eosvolt.domain.zones.commands import DecideZone
from eosvolt.domain.zones.decider import said_of, zones
from eosvolt.domain.zones.limits import LOAD_BALANCING
from eosvolt.domain.zones.tree import ZoneTree
from eosvolt.domain.zones.values import Lines

# Of a reading that comes later nobody knows what chargers drew then.
JUST_READ = timedelta(seconds=5)

Aside = Callable[[Callable[[], ZoneDecision]], Awaitable[ZoneDecision]]


async def _here(decide: Callable[[], ZoneDecision]) -> ZoneDecision:
    return decide()


class LoadBalancing:
    """Decides for trees of zones."""

    def __init__(
        self,
        application: Application,
        clock: Clock,
        upkeep: LimitUpkeep,
        measurements: Measurements,
        aside: Aside = _here,
    ) -> None:
        """``aside`` computes a decision where it holds up nothing else."""
        self._application = application
        self._clock = clock
        self._upkeep = upkeep
        self._situation = ZoneSituation(application, measurements)
        self._aside = aside
        # What chargers drew when a zone was metered, with the time of the reading.
        self._drawn_at: dict[str, tuple[datetime, Lines]] = {}

    async def decide(self, root: str) -> datetime | None:
        """Decide for a tree of zones, where something has changed.

        Returns when another decision is due although nothing happens; ``None`` for a zone that is off.
        """
        tree = await self._tree(root)
        if tree is None:
            return None
        why = Provenance(tree.zones[tree.root].company, LOAD_BALANCING, f"zone:{tree.root}")
        await self._upkeep.note(await self._situation.of(tree), why)
        return await self._application.perform(lambda: self._deciding(root), why)

    async def _deciding(self, root: str) -> Plan[datetime | None]:
        tree = await self._tree(root)
        if tree is None:
            return Plan((), None)
        now, chargers = self._clock.now(), await self._situation.of(tree)
        # The executor finds out whether a stream that is written has changed meanwhile.
        drawn = self._drawn(tree, chargers, now)
        decision = await self._aside(lambda: balance(tree, chargers, now, drawn))
        zone = tree.zones[tree.root]
        if not decision.asks and said_of(decision.plugs, decision.reserved) == zone.said:
            return Plan((), decision.again_at)
        kept = DecideZone(
            at=now,
            after=zone.decisions,
            rooms=decision.rooms,
            plugs=decision.plugs,
            reserved=decision.reserved,
            fallbacks=decision.fallbacks,
        )
        return Plan((CommandEnvelope(zones, tree.root, kept),), decision.again_at)

    def _drawn(
        self, tree: ZoneTree, chargers: Sequence[BalancedCharger], now: datetime
    ) -> Mapping[str, Lines]:
        """What chargers drew when the meter of each zone was read.

        It is found once for each reading: with what they draw later, the same reading would seem to say that
        the building takes less. For a reading from before a restart nothing is known.
        """
        for name, zone in tree.zones.items():
            at = None if zone.reading is None else zone.reading.at
            if at is not None and self._drawn_at.get(name, (None, NOTHING))[0] != at:
                known = now - at <= JUST_READ
                self._drawn_at[name] = at, drawn_in(tree, name, chargers, now) if known else NOTHING
        return {name: self._drawn_at[name][1] for name in tree.zones if name in self._drawn_at}

    async def _tree(self, root: str) -> ZoneTree | None:
        """The tree of a root; ``None`` where it is off, or part of another one."""
        tree = await zone_tree(self._application, root)
        return tree if tree is not None and tree.root == root and tree.zones[root].enabled else None
