"""Read models in dictionaries, always up to date with a memory event store."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.fold import Fold
from eosvolt.projections.read_model import ReadModel, Row

R = TypeVar("R", bound=Row)


class MemoryReadModels:
    """Folds what the store holds whenever a row is asked for."""

    def __init__(self, store: MemoryEventStore, models: Sequence[ReadModel[Any]]) -> None:
        """``models`` are those that can be asked for."""
        self.store = store
        self._folds: dict[str, Fold[Any]] = {model.name: Fold(model, _anything) for model in models}
        self._position = 0

    def rows(self, model: ReadModel[R], where: Callable[[R], bool] | None = None) -> list[R]:
        """The rows for which ``where`` holds, in the order of their keys."""
        self._catch_up()
        rows = cast("dict[str, R | None]", self._folds[model.name].rows)
        return [row for _, row in sorted(rows.items()) if row is not None and (where is None or where(row))]

    def row(self, model: ReadModel[R], key: str) -> R | None:
        """The row of one key."""
        self._catch_up()
        return cast("R | None", self._folds[model.name].rows.get(key))

    def changed(self, model: ReadModel[Any], key: str) -> int:
        """The position of the last fact that changed the row of ``key``."""
        self._catch_up()
        return self._folds[model.name].changed[key]

    def _catch_up(self) -> None:
        for fact in self.store.facts[self._position :]:
            for fold in self._folds.values():
                if tag(type(fact.event)) in fold.model.reads:
                    keys = fold.keys(fact)
                    for key in keys:
                        fold.rows.setdefault(key, None)
                    fold.apply(fact, keys)
        self._position = len(self.store.facts)


def _anything(row: Row, key: str) -> None:
    """A dictionary holds every row."""
