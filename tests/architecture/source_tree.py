"""The project's files, as the architecture tests look at them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "eosvolt"


@cache
def tracked() -> tuple[Path, ...]:
    """All files that are part of the project, by their paths from its root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    return tuple(Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def text(path: Path) -> str:
    """The text of a tracked file; empty for pictures and other bytes."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
