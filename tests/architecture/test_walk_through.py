"""The walk through a capability names what is there: its files, and the three tables with a line of it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
WALK = (ROOT / "docs" / "adding-a-capability.md").read_text(encoding="utf-8")
PATHS = re.findall(r"`((?:src|tests|docs)/[\w./-]+|CHANGELOG\.md)`", WALK)
TABLES = re.findall(r"\*\*`([\w./]+)`\*\*", WALK)
LINES = (
    "from eosvolt.domain.tokens.events import",
    "from eosvolt.projections.tokens import",
    "from eosvolt.adapters.http.web.tokens",
)


def test_every_path_that_is_named_is_there() -> None:
    assert len(PATHS) > 20
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


def test_its_lines_stand_in_three_tables() -> None:
    assert len(TABLES) == len(LINES)
    for table, line in zip(TABLES, LINES, strict=True):
        assert line in (ROOT / table).read_text(encoding="utf-8"), table
