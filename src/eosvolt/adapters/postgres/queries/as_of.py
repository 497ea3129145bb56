"""A read model's row as of an earlier position: its projection folds the facts up to there again."""

from collections.abc import Iterable
from typing import TypeVar

from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.read_model import ReadModel, Row

R = TypeVar("R", bound=Row)


def refolded(model: ReadModel[R], key: str, facts: Iterable[Fact]) -> R | None:
    """The row after ``facts``, which are in log order; ``None`` if they make no row."""
    row: R | None = None
    for fact in facts:
        if tag(type(fact.event)) in model.reads and key in model.keys(fact):
            row = model.apply(row, fact, key)
    return row
