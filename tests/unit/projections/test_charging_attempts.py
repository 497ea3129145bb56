"""The attempts of a day are those of the sessions' rows, whatever became of the sessions."""

from pathlib import Path

import pytest

from eosvolt.projections.charging_attempts import charging_attempts
from eosvolt.projections.session_history import session_history
from tests.contracts.replayed_history import folded
from tests.counted_attempts import counted, told
from tests.replay.test_golden_streams import GOLDEN, read


@pytest.mark.parametrize("stream", GOLDEN, ids=lambda path: path.stem)
def test_attempts_of_every_released_history_are_those_of_its_sessions(stream: Path) -> None:
    facts = read(stream)
    attempts, sessions = folded(charging_attempts, facts), folded(session_history, facts)
    assert told(attempts.values()) == counted(sessions.values())
