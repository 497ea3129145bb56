"""Applying facts to the rows of one read model, and setting aside what cannot be applied.

A fact counts for a model as a whole or not at all: when its keys or one of its rows raise, no row of that
fact changes and the fact becomes a dead letter. That depends on nothing but the history, so a replay does the
same.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from eosvolt.domain.kernel import Fact
from eosvolt.projections.read_model import ReadModel, Row

R = TypeVar("R", bound=Row)

LONGEST_ERROR = 500
LONGEST_KEY = 500


class Fold(Generic[R]):
    """The rows of one model that are known at the moment.

    ``rows`` holds what each key is now (``None``: known to be absent); every key of a fact must be in it
    before the fact is applied. ``changed`` names the keys that are other than they were, with the position
    that made them so; ``dead`` says for which positions the model could not take the fact, and why.
    """

    __slots__ = ("_accepts", "changed", "dead", "model", "rows")

    def __init__(self, model: ReadModel[R], accepts: Callable[[R, str], None]) -> None:
        """``accepts`` raises ``ValueError`` for a row that the table could not hold under that key."""
        self.model = model
        self.rows: dict[str, R | None] = {}
        self.changed: dict[str, int] = {}
        self.dead: dict[int, str] = {}
        self._accepts = accepts

    def keys(self, fact: Fact) -> tuple[str, ...]:
        """The rows that ``fact`` touches, each once; none when it became a dead letter."""
        try:
            keys = tuple(self.model.keys(fact))
            if len(keys) == 1 and keys[0] in self.rows:
                return keys
            keys = tuple(dict.fromkeys(keys))
            if keys and (longest := max(map(len, keys))) > LONGEST_KEY:
                self.bury(fact.position, ValueError(f"a key of {longest} characters"))
                return ()
        except Exception as error:  # noqa: BLE001 - whatever a fold raises concerns one fact only
            self.bury(fact.position, error)
            return ()
        return keys

    def apply(self, fact: Fact, keys: tuple[str, ...]) -> None:
        """Apply ``fact`` to the rows of ``keys``, or bury it."""
        rows, apply, together = self.rows, self.model.apply, self.model.together
        after: list[tuple[str, R | None]] = []
        try:
            made = None if together is None else together({key: rows[key] for key in keys}, fact)
            for key in keys if made is None else made:
                before = rows.get(key)
                row = apply(before, fact, key) if made is None else made[key]
                if row is before or row == before:
                    continue
                if row is not None:
                    self._accepts(row, key)
                after.append((key, row))
        except Exception as error:  # noqa: BLE001 - whatever a fold raises concerns one fact only
            self.bury(fact.position, error)
            return
        for key, row in after:
            rows[key] = row
            self.changed[key] = fact.position

    def bury(self, position: int, error: Exception) -> None:
        """Set a fact aside."""
        text = f"{type(error).__name__}: {error}".replace("\x00", "\ufffd")
        self.dead[position] = text[:LONGEST_ERROR]
