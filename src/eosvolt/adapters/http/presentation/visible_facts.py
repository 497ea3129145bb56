"""The facts for whoever works at some locations only: for live pages and event streams."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from eosvolt.domain.charge_points.events import ChargePointAdded, ChargePointChanged, ChargePointRemoved
from eosvolt.domain.kernel import Fact
from eosvolt.projections.charge_points import ChargePointRow

# Of the company, whatever the locations of whoever looks: neither of these says what happens where.
_OF_THE_COMPANY = frozenset(("company", "customer", "token"))
_MOST_KNOWN = 10_000


class LocatedQueries(Protocol):
    """Questions that find nothing at other locations."""

    async def charge_points(self, company: int) -> Sequence[ChargePointRow]:
        """The chargers that were not removed."""
        ...

    async def session(self, company: int, session: str) -> object | None:
        """One session."""
        ...

    async def zone(self, company: int, zone: str) -> object | None:
        """One load balancing zone."""
        ...


class VisibleFacts:
    """The facts of one company at some locations."""

    def __init__(self, queries: LocatedQueries, company: int, within: frozenset[str] | None) -> None:
        """``queries`` are narrowed to the locations ``within``; with ``None`` every fact is visible."""
        self._queries = queries
        self._company = company
        self._within = within
        # The keys of the chargers there, and the sessions that were asked for.
        self._chargers: set[str] | None = None
        self._sessions: dict[str, bool] = {}

    async def through(self, batches: AsyncIterator[Sequence[Fact]]) -> AsyncIterator[Sequence[Fact]]:
        """The same batches with the visible facts alone; a batch may become empty."""
        async for batch in batches:
            yield batch if self._within is None or not batch else await self.of(batch, self._within)

    async def of(self, batch: Sequence[Fact], within: frozenset[str]) -> Sequence[Fact]:
        """The visible ones of the facts, in their order."""
        if self._chargers is None:
            rows = await self._queries.charge_points(self._company)
            self._chargers = {row.charge_point for row in rows}
        return [fact for fact in batch if await self._shows(fact, self._chargers, within)]

    async def _shows(self, fact: Fact, chargers: set[str], within: frozenset[str]) -> bool:
        category, _, key = fact.stream.partition(":")
        match category:
            case "location":
                shown = key in within
            case "charge-point":
                shown = _moved(fact, chargers, within)
            case "maintenance" | "smart-charging":
                shown = key in chargers
            case "fault":
                shown = key.rsplit("/", 2)[0] in chargers
            case "command":
                shown = getattr(fact.event, "charge_point", "") in chargers
            case "session":
                shown = await self._shows_session(key)
            case "zone":
                shown = await self._queries.zone(self._company, key) is not None
            case _:
                shown = category in _OF_THE_COMPANY
        return shown

    async def _shows_session(self, session: str) -> bool:
        known = self._sessions.get(session)
        if known is None:
            if len(self._sessions) >= _MOST_KNOWN:
                self._sessions.clear()
            known = await self._queries.session(self._company, session) is not None
            self._sessions[session] = known
        return known


def _moved(fact: Fact, chargers: set[str], within: frozenset[str]) -> bool:
    """Whether a charger is there, or was until this fact; ``chargers`` follows it."""
    before = fact.key in chargers
    match fact.event:
        case ChargePointAdded(location=location) | ChargePointChanged(location=location):
            if location in within:
                chargers.add(fact.key)
                return True
            chargers.discard(fact.key)
        case ChargePointRemoved():
            chargers.discard(fact.key)
        case _:
            pass
    return before
