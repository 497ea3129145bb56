"""Pages, API and command line ask for operations: they know no command and no decider."""

import ast
import re
from pathlib import Path

import pytest

from eosvolt.adapters.http.api import ENDPOINTS
from eosvolt.application.operations.table import OPERATIONS
from eosvolt.application.permissions import EVERYTHING
from tests.architecture.source_tree import SOURCE

# The parts of the API that have moved; their lists and views name the permission to look.
MOVED_TAGS = {"api-keys", "company", "faults", "locations", "notification-rules", "tokens"}

_OF_DECIDERS = re.compile(r"eosvolt\.domain\.(\w+)\.(commands|decider)")


def known_deciders(source: str) -> set[str]:
    """The modules with commands and deciders that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module, *(f"{module}.{each.name}" for each in names)}
            case ast.Import(names=names):
                found |= {each.name for each in names}
    return {name for name in found if _OF_DECIDERS.fullmatch(name)}


def modules() -> list[Path]:
    """What people and programs use: pages and API, and the command line."""
    return sorted(path for room in ("adapters/http", "console") for path in (SOURCE / room).rglob("*.py"))


def test_no_page_no_part_of_the_api_and_no_console_command_knows_commands_and_deciders() -> None:
    knowing = {str(path.relative_to(SOURCE)) for path in modules() if known_deciders(path.read_text())}
    assert knowing == set()


@pytest.mark.parametrize(
    "planted",
    [
        "from eosvolt.domain.tokens.commands import PutToken",
        "from eosvolt.domain.tokens import decider",
        "import eosvolt.domain.tokens.decider",
        "def later():\n    from eosvolt.domain.tokens.decider import tokens",
    ],
)
def test_a_module_that_knows_a_decider_is_found_however_it_imports_it(planted: str) -> None:
    assert known_deciders(planted)


def test_events_and_values_may_be_known() -> None:
    allowed = (
        "from eosvolt.domain.tokens.events import TokenStatus\nfrom eosvolt.domain.commands import events"
    )
    assert known_deciders(allowed) == set()


def test_every_operation_names_a_permission_of_the_table() -> None:
    assert [each.name for each in OPERATIONS if each.needs not in EVERYTHING] == []


def test_what_has_moved_names_the_permission_to_look() -> None:
    views = [each for each in ENDPOINTS if each.tag in MOVED_TAGS and each.method == "GET"]
    assert {each.tag for each in views} == MOVED_TAGS
    assert [each.path for each in views if each.needs not in EVERYTHING] == []
