"""The tests that the README of the tests names are there."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def test_every_scenario_is_proved_by_a_test_that_exists() -> None:
    named = NAMED.findall((TESTS / "README.md").read_text())
    assert len(named) > 60
    folder = TESTS / "e2e" / "ocpp"
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not (folder / file).exists() or f"def {test}(" not in (folder / file).read_text()
    ]
    assert missing == []
