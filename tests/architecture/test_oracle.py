"""The oracle owes nothing to the program that it judges."""

import ast
from pathlib import Path

from tests.architecture.source_tree import ROOT, text, tracked

ORACLE = [path for path in tracked() if path.is_relative_to("tests/oracle") and path.suffix == ".py"]


def imported(source: str) -> set[str]:
    """The modules that a module names in its imports, those imported from a package included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {each.name for each in names}
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module, *(f"{module}.{each.name}" for each in names)}
            case _:
                pass
    return found


def reached(path: Path, seen: dict[Path, set[str]]) -> dict[Path, set[str]]:
    """What a module imports, and what modules of the tests that it imports import, by file."""
    if path in seen:
        return seen
    seen[path] = imported(text(path))
    for name in seen[path]:
        file = Path(*name.split(".")).with_suffix(".py")
        if name.startswith("tests.") and (ROOT / file).is_file():
            reached(file, seen)
    return seen


def test_the_oracle_imports_nothing_of_the_program() -> None:
    assert len(ORACLE) > 10
    seen: dict[Path, set[str]] = {}
    for path in ORACLE:
        reached(path, seen)
    guilty = {
        str(path): name for path, names in seen.items() for name in names if name.split(".")[0] == "eosvolt"
    }
    assert guilty == {}


def test_an_import_would_be_found() -> None:
    assert "eosvolt.domain.money" in imported("def f():\n    from eosvolt.domain import money")
    through = reached(Path("tests/unit/test_money.py"), {})
    assert any(name.startswith("eosvolt") for names in through.values() for name in names)
