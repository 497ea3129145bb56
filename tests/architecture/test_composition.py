"""The composition puts parts together and runs nothing: what goes on by itself is in the runtime."""

import ast

import pytest

from tests.architecture.source_tree import SOURCE

RUNS = {"create_task", "ensure_future", "gather", "sleep", "TaskGroup", "Thread", "run_in_executor"}


def what_runs(text: str) -> list[str]:
    """The lines of a module in which something goes on by itself."""
    return [
        f"{node.lineno}: {ast.unparse(node).splitlines()[0]}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.While) or (isinstance(node, ast.Attribute | ast.Name) and name(node) in RUNS)
    ]


def name(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def test_the_composition_only_wires() -> None:
    found = {path.name: what_runs(path.read_text()) for path in sorted((SOURCE / "composition").glob("*.py"))}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text",
    [
        "while True: pass",
        "asyncio.create_task(work())",
        "await asyncio.sleep(1)",
        "threading.Thread(target=f)",
    ],
)
def test_a_loop_or_a_task_of_its_own_is_found(text: str) -> None:
    assert what_runs(text) != []
