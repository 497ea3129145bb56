"""Folds pages of the log into the tables of several read models; rows in use are cached in memory."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from eosvolt.adapters.postgres.connections import Db
from eosvolt.adapters.postgres.event_store import Broken
from eosvolt.adapters.postgres.row_tables import RowTable
from eosvolt.domain.kernel import Event, Fact
from eosvolt.projections.fold import Fold
from eosvolt.projections.read_model import ReadModel

EVERYTHING = 2**63 - 1
ROWS_IN_MEMORY = 20_000
FACTS_PER_TURN = 100
_BURY: LiteralString = (
    "INSERT INTO projection_dead_letters (model, version, position, error)"
    " SELECT %b::text, %b::integer, * FROM unnest(%b::bigint[], %b::text[])"
    " ON CONFLICT (model, version, position) DO UPDATE SET error = excluded.error"
)


class ProjectionTarget:
    """One table that is being filled: its fold, and its position.

    Rows are cached in two generations: a used row moves to the young one; when that is full, the old one is
    dropped. ``complete``: the cache holds every row of the table, so an unknown key needs no query.
    """

    def __init__(
        self, table: RowTable[Any], after: int, *, until: int = EVERYTHING, complete: bool = False
    ) -> None:
        """The table holds everything up to ``after``; facts after ``until`` are ignored."""
        self.table = table
        self.after = after
        self.until = until
        self.complete = complete
        self.applied = 0
        self.fold: Fold[Any] = Fold(table.model, table.accepts)
        self._old: dict[str, Any] = {}

    @property
    def model(self) -> ReadModel[Any]:
        """The model whose rows these are."""
        return self.table.model

    @property
    def bookmark(self) -> str:
        """The name of a live target's bookmark in the library's tracking table."""
        return f"{self.model.name}:v{self.model.version}"

    def wants(self, keys: tuple[str, ...], missing: dict[str, None]) -> None:
        """Add those of ``keys`` that must be loaded to ``missing``."""
        rows = self.fold.rows
        for key in keys:
            if key not in rows:
                if key in self._old:
                    rows[key] = self._old[key]
                elif self.complete:
                    rows[key] = None
                else:
                    missing[key] = None

    def written(self) -> None:
        """The changed rows are stored in the table."""
        self.fold.changed.clear()
        if len(self.fold.rows) > ROWS_IN_MEMORY:
            self.complete = self.complete and not self._old
            self._old = self.fold.rows
            self.fold.rows = {}

    def forget(self) -> None:
        """Drop all cached and changed rows; they are loaded from the table again."""
        self.fold.rows.clear()
        self.fold.changed.clear()
        self._old.clear()
        self.complete = False


class ProjectionBatch:
    """The rows that were folded but not yet written, for a set of targets."""

    def __init__(self, targets: Sequence[ProjectionTarget], events: Mapping[str, type[Event]]) -> None:
        """``events`` is the vocabulary by tag."""
        self.targets = targets
        self._readers: dict[type[Event], list[ProjectionTarget]] = {
            event: [target for target in targets if tag in target.model.reads]
            for tag, event in events.items()
        }
        self.tags = frozenset(tag for target in targets for tag in target.model.reads)

    @property
    def changed(self) -> int:
        """The number of rows that wait to be written."""
        return sum(len(target.fold.changed) for target in self.targets)

    async def fold(self, connection: Db, facts: Sequence[Fact], broken: Sequence[Broken] = ()) -> None:
        """Apply ``facts``, in log order, to all targets; ``broken`` events become dead letters."""
        self._set_aside(broken)
        readers = self._readers
        missing: dict[ProjectionTarget, dict[str, None]] = {target: {} for target in self.targets}
        plan: list[tuple[Fold[Any], Fact, tuple[str, ...]]] = []
        for count, fact in enumerate(facts, 1):
            for target in readers[type(fact.event)]:
                if target.after < fact.position <= target.until:
                    target.applied += 1
                    if keys := target.fold.keys(fact):
                        target.wants(keys, missing[target])
                        plan.append((target.fold, fact, keys))
            if count % FACTS_PER_TURN == 0:
                await asyncio.sleep(0)
        await self._load(connection, missing)
        for count, (fold, fact, keys) in enumerate(plan, 1):
            fold.apply(fact, keys)
            if count % FACTS_PER_TURN == 0:
                await asyncio.sleep(0)

    def _set_aside(self, broken: Sequence[Broken]) -> None:
        for position, topic, error in broken:
            for target in self.targets:
                if topic in target.model.reads and target.after < position <= target.until:
                    target.fold.dead[position] = error

    async def write(self, connection: Db) -> None:
        """Write changed rows and dead letters in the caller's transaction."""
        for target in self.targets:
            fold = target.fold
            if fold.changed:
                await target.table.write(connection, fold.rows, fold.changed)

    async def bury(self, connection: Db) -> None:
        """Write the dead letters in the caller's transaction; call ``buried`` after its commit."""
        for target in self.targets:
            if target.fold.dead:
                model, dead = target.model, target.fold.dead
                await connection.execute(_BURY, (model.name, model.version, [*dead], [*dead.values()]))

    def buried(self) -> None:
        """The dead letters are stored."""
        for target in self.targets:
            target.fold.dead.clear()

    def written(self, up_to: int) -> None:
        """The transaction is committed: the tables hold everything up to a position."""
        for target in self.targets:
            target.after = max(target.after, up_to)
            target.written()

    def forget(self) -> None:
        """Drop all rows that are in memory."""
        for target in self.targets:
            target.forget()

    async def _load(self, connection: Db, missing: Mapping[ProjectionTarget, Mapping[str, None]]) -> None:
        answers = []
        async with connection.pipeline():
            for target, keys in missing.items():
                if keys:
                    answers.append((target, keys, await target.table.load(connection, list(keys))))
        for target, keys, answer in answers:
            found = await answer()
            for key in keys:
                target.fold.rows[key] = found.get(key)
