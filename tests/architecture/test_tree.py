"""The tree as a newcomer finds it: short files, plain names, and nothing of the machine it was written on."""

import re
from pathlib import Path

from tests.architecture.source_tree import ROOT, text, tracked

# A file that is longer than 300 lines stays one idea, and here is why.
LONG_FOR_A_REASON: dict[str, str] = {
    "src/eosvolt/domain/sessions/events.py": "all that can have happened in a session stands in one list",
}

# Written in pieces, so that this file is not found itself.
MACHINE = re.compile("/(" + "|".join(("tm" + "p", "wor" + "k", "roo" + "t", "far" + "m")) + ")/")
REGISTRY = re.compile(
    "|".join(("pypi" + r"\.org", "npm" + "js", "python" + "hosted", "deb" + r"\.debian")), re.IGNORECASE
)
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + r"ME)\b|NotImplemented" + "Error")
UNEXPLAINED = re.compile(
    r"#\s*(noqa|type:\s*ignore)\s*$|#\s*noqa:\s*[A-Z0-9, ]+$|#\s*type:\s*ignore\[[\w, -]+\]\s*$", re.MULTILINE
)
DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "service",
    "services",
    "misc",
}
LOCKS = {Path("ui/package-lock.json")}

PYTHON = [path for path in tracked() if path.suffix == ".py"]


def test_a_file_is_one_idea_of_at_most_300_lines() -> None:
    assert {str(path) for path in PYTHON if text(path).count("\n") > 300} == set(LONG_FOR_A_REASON)


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    assert [path for path in tracked() if DRAWERS & {part.split(".")[0] for part in path.parts}] == []


def findings(pattern: re.Pattern[str], *, among: list[Path]) -> list[str]:
    return [
        f"{path}:{text(path).count(chr(10), 0, found.start()) + 1}: {found[0]}"
        for path in among
        for found in pattern.finditer(text(path))
    ]


def test_no_path_of_a_machine_is_written_down() -> None:
    assert findings(MACHINE, among=list(tracked())) == []


def test_no_registry_is_named() -> None:
    assert findings(REGISTRY, among=list(tracked())) == []


def test_nothing_is_left_unfinished() -> None:
    assert findings(UNFINISHED, among=PYTHON) == []


def test_a_silenced_warning_has_a_code_and_a_sentence() -> None:
    assert findings(UNEXPLAINED, among=PYTHON) == []


def test_every_locked_package_has_a_hash_and_no_address() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        packages = re.split(r"^(?=\S)", lock.read_text(), flags=re.MULTILINE)[1:]
        assert packages
        for package in packages:
            assert "--hash=sha256:" in package, f"{lock.name}: {package}"
            assert "://" not in package, f"{lock.name}: {package}"
    assert '"resolved"' not in (ROOT / "ui" / "package-lock.json").read_text()


def test_the_reasons_for_long_files_belong_to_files_that_exist() -> None:
    assert set(LONG_FOR_A_REASON) <= set(map(str, tracked()))
