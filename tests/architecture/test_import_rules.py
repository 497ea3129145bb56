"""The import rules hold, and each of them is seen to fail on a deliberate violation."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.source_tree import ROOT, SOURCE


class Violation(NamedTuple):
    """One module that breaks one contract."""

    contract: str
    path: str
    text: str


VIOLATIONS = {
    "a stray module beside the rooms": Violation("floors", "helpers.py", ""),
    "the domain looks up to the application": Violation(
        "floors", "domain/planted.py", "import eosvolt.application"
    ),
    "an import between the ground-floor rooms": Violation(
        "floors", "application/planted.py", "import eosvolt.projections.read_model"
    ),
    "the same the other way round": Violation(
        "floors", "projections/planted.py", "import eosvolt.application"
    ),
    "an adapter knows the settings": Violation(
        "floors", "adapters/memory/planted.py", "import eosvolt.config"
    ),
    "the runtime knows an adapter": Violation(
        "floors", "runtime/planted.py", "import eosvolt.adapters.postgres"
    ),
    "an adapter knows the runtime": Violation(
        "floors", "adapters/memory/planted.py", "import eosvolt.runtime.log_follower"
    ),
    "the runtime knows the settings": Violation("floors", "runtime/planted.py", "import eosvolt.config"),
    "the application knows the runtime": Violation(
        "floors", "application/planted.py", "import eosvolt.runtime.supervisor"
    ),
    "the runtime asks the database": Violation("runtime-no-io", "runtime/planted.py", "import psycopg"),
    "an adapter knows another one": Violation(
        "independent-adapters", "adapters/memory/planted.py", "import eosvolt.adapters.postgres"
    ),
    "the domain asks for the time": Violation("no-io", "domain/planted.py", "import time"),
    "a projection asks the database": Violation("no-io", "projections/planted.py", "import psycopg"),
    "the application starts a task": Violation("no-io", "application/planted.py", "import asyncio"),
    "the domain knows the event store's library": Violation(
        "no-io", "domain/sessions/planted.py", "import eventsourcing"
    ),
    "a projection decides": Violation(
        "facts-only", "projections/planted.py", "import eosvolt.domain.sessions.decider"
    ),
    "a projection commands": Violation(
        "facts-only", "projections/planted.py", "import eosvolt.domain.sessions.commands"
    ),
    "the API knows the pages": Violation(
        "http-floors", "adapters/http/api/planted.py", "import eosvolt.adapters.http.web.sessions.page"
    ),
    "the pages know the API": Violation(
        "http-floors", "adapters/http/web/planted.py", "import eosvolt.adapters.http.api.sessions"
    ),
    "the framework knows the API": Violation(
        "http-floors", "adapters/http/framework/planted.py", "import eosvolt.adapters.http.api.sessions"
    ),
    "the framework knows a question": Violation(
        "http-floors", "adapters/http/framework/planted.py", "import eosvolt.adapters.http.ports.chargers"
    ),
    "a stray module in the HTTP adapter": Violation("http-floors", "adapters/http/planted.py", ""),
    "the framework knows an operation": Violation(
        "http-framework", "adapters/http/framework/planted.py", "import eosvolt.application.operations.tokens"
    ),
    "the framework knows a read model": Violation(
        "http-framework", "adapters/http/framework/planted.py", "import eosvolt.projections.tokens"
    ),
    "a page commands": Violation(
        "http-operations", "adapters/http/web/tokens/planted.py", "import eosvolt.domain.tokens.commands"
    ),
    "an endpoint decides": Violation(
        "http-operations", "adapters/http/api/planted.py", "import eosvolt.domain.tokens.decider"
    ),
    "the frame around pages knows a page": Violation(
        "web-shell",
        "adapters/http/web/shell/planted.py",
        "import eosvolt.adapters.http.web.sessions.table",
    ),
    "two modules need each other": Violation(
        "no-cycles", "domain/ring/one.py", "import eosvolt.domain.ring.two"
    ),
    "two packages need each other": Violation(
        "no-cycles", "domain/tariffs/planted.py", "import eosvolt.domain.sessions.decider"
    ),
}


def lint(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", *arguments],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        SOURCE,
        tmp_path / "src" / "eosvolt",
        ignore=lambda folder, names: [
            name for name in names if not (name.endswith(".py") or Path(folder, name).is_dir())
        ],
    )
    return tmp_path


def test_the_import_rules_hold_as_the_code_stands(copied: Path) -> None:
    verdict = lint(copied)
    assert verdict.returncode == 0, verdict.stdout
    assert "0 broken" in verdict.stdout


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_breaks_its_contract(copied: Path, name: str) -> None:
    contract, path, text = VIOLATIONS[name]
    planted = copied / "src" / "eosvolt" / path
    if not planted.parent.exists():
        planted.parent.mkdir()
        (planted.parent / "__init__.py").touch()
        (planted.parent / "two.py").write_text("import eosvolt.domain.ring.one\n")
    planted.write_text(f"{text}\n")
    verdict = lint(copied, "--contract", contract)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert "0 kept, 1 broken" in verdict.stdout
    assert "eosvolt." in verdict.stdout.partition("Broken contracts")[2]


def test_every_contract_has_been_seen_to_fail() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["id"] for contract in contracts} == {
        violation.contract for violation in VIOLATIONS.values()
    }
