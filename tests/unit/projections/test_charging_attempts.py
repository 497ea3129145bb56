"""The attempts of a day are those of the sessions' rows, whatever became of the sessions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.charging_attempts import charging_attempts
from eosvolt.projections.fold import Fold
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.session_history import session_history
from tests.counted_attempts import counted, told
from tests.replay.test_golden_streams import GOLDEN, read


def rows(model: ReadModel[Any], facts: Sequence[Fact]) -> list[Any]:
    fold: Fold[Any] = Fold(model, lambda _row, _key: None)
    for fact in facts:
        if tag(type(fact.event)) in model.reads:
            keys = fold.keys(fact)
            for key in keys:
                fold.rows.setdefault(key, None)
            fold.apply(fact, keys)
    assert fold.dead == {}
    return [row for row in fold.rows.values() if row is not None]


@pytest.mark.parametrize("stream", GOLDEN, ids=lambda path: path.stem)
def test_attempts_of_every_released_history_are_those_of_its_sessions(stream: Path) -> None:
    facts = read(stream)
    assert told(rows(charging_attempts, facts)) == counted(rows(session_history, facts))
