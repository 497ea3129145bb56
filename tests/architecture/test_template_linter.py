"""The linter of templates is seen to find what it should."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.source_tree import ROOT

MISTAKES = {
    "H005": "<html><head><title>x</title></head></html>",
    "H013": '<img src="/logo.svg" height="1" width="1">',
    "H019": '<a href="javascript:alert(1)">x</a>',
    "H021": '<p style="color: red">x</p>',
    "H025": "<div><p>x</div>",
}


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            Path(sys.executable).with_name("djlint"),
            "--lint",
            "--quiet",
            "--configuration",
            ROOT / "pyproject.toml",
            path,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_mistakes_are_found(tmp_path: Path) -> None:
    """``make lint`` reads the templates of the pages themselves."""
    for rule, planted in MISTAKES.items():
        (tmp_path / f"{rule}.html").write_text(f"{planted}\n")
    verdict = lint(tmp_path)
    assert verdict.returncode == 1
    assert {rule for rule in MISTAKES if f"\n{rule} " in verdict.stdout} == set(MISTAKES)
