"""A row as of an earlier position of the log: its facts are folded again by its own projection."""

from collections.abc import Iterable
from typing import TypeVar

from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.read_model import ReadModel, Row

R = TypeVar("R", bound=Row)


def refolded(model: ReadModel[R], key: str, facts: Iterable[Fact]) -> R | None:
    """The row after ``facts``, given in the order of the log; ``None`` where they lead to none."""
    row: R | None = None
    for fact in facts:
        if tag(type(fact.event)) in model.reads and key in model.keys(fact):
            row = model.apply(row, fact, key)
    return row
