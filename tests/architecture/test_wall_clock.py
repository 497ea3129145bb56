"""No unit or property test depends on the day on which it runs."""

from pathlib import Path

import pytest

from eosvolt.adapters.clock import WallClock
from tests.architecture.source_tree import ROOT, text, tracked
from tests.wall_clock import READERS, close, readings

TIMELESS = ("unit", "properties", "replay", "architecture")

TESTS = [
    path
    for path in tracked()
    if path.suffix == ".py"
    and path.parts[0] == "tests"
    and (path.parts[1] in TIMELESS or len(path.parts) == 2)
]


def module(path: Path) -> str:
    return ".".join(path.relative_to("src").with_suffix("").parts)


def test_the_places_that_ask_for_the_date_are_known() -> None:
    """Give a time as an argument, or ask ``WallClock``; where that cannot be, list the place in READERS."""
    found = [
        f"{module(path)}.{place}"
        for path in tracked()
        if path.parts[:2] == ("src", "eosvolt") and path.suffix == ".py"
        for place in readings(text(path))
    ]
    assert sorted(found) == sorted(READERS)


def test_no_test_of_a_rule_asks_for_the_date() -> None:
    asking = {path: readings((ROOT / path).read_text()) for path in TESTS if path.suffix == ".py"}
    assert {path: found for path, found in asking.items() if found} == {}


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "x = dt.datetime.now(UTC)",
        "date.today()",
        "default_factory=datetime.utcnow",
        "time.time()",
        "from time import sleep, time",
        "class A:\n    async def b(self): return [datetime.now(tz) for tz in zones]",
    ],
)
def test_a_reading_would_be_found(line: str) -> None:
    assert len(readings(line)) == 1


@pytest.mark.parametrize("line", ["clock.now()", "time.monotonic()", "datetime.fromisoformat(text)"])
def test_other_clocks_may_be_read(line: str) -> None:
    assert readings(line) == []


def test_a_closed_reader_fails() -> None:
    with pytest.MonkeyPatch.context() as patch:
        close(patch)
        with pytest.raises(AssertionError, match="date of the machine"):
            WallClock().now()
    assert WallClock().now().utcoffset() is not None


@pytest.mark.parametrize("folder", ["unit", "properties"])
def test_unit_and_property_tests_run_without_a_date(folder: str) -> None:
    assert "close(monkeypatch)" in (ROOT / "tests" / folder / "conftest.py").read_text()
