"""What the system billed is what the chargers delivered. The park runs longer as a program of its own."""

from pathlib import Path

from tests.faults.park import printed, run


async def test_every_session_is_billed_once_and_to_the_cent_whatever_goes_wrong(tmp_path: Path) -> None:
    outcome = await run(tmp_path, chargers=18, minutes=7, speed=15, every=3, seed=3)
    assert not outcome.found.differences, printed(outcome)
    assert outcome.verified["same"], printed(outcome)
    assert outcome.found.sessions > 30
    assert outcome.faults["server killed"]
    assert outcome.faults["database killed"]
    assert outcome.faults["answer lost"]
    assert outcome.faults["wrong sample"]
    assert outcome.faults["sessions of days offline"]
