"""The running system and the oracle agree. More sessions: ``python -m tests.oracle --sessions 1000``."""

from pathlib import Path

from tests.oracle.random_charger import PLACES
from tests.oracle.random_run import run
from tests.oracle.running_server import Stage

SESSIONS = 48


async def test_the_system_and_the_oracle_agree_on_random_sessions(database: str, tmp_path: Path) -> None:
    stage = Stage(database, tmp_path)
    stage.tell(PLACES[0][1])
    try:
        stage.start()
        trial = await run(stage, seed=3, sessions=SESSIONS)
    finally:
        stage.close()
    assert trial.disagreements == []
    assert trial.sessions == SESSIONS
    assert trial.sums > len(PLACES)
