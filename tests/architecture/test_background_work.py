"""What goes on by itself is in the runtime, where the supervisor knows of it; one follower reads the log."""

import ast

import pytest

from tests.architecture.source_tree import SOURCE

BEGINS = {"create_task", "ensure_future", "TaskGroup", "Thread", "run_coroutine_threadsafe"}
# The simulator is a program of its own; the console begins the server and ends with it.
PROGRAMS = ("adapters/simulator/", "console/")
# Who else begins tasks, and why the supervisor does not: each ends with what it belongs to.
OTHERS = {
    "adapters/exports/table_files.py": "a step in a thread, which a file that is given up waits for",
    "adapters/http/framework/download.py": "sending one file, and noticing that its client is gone",
    "adapters/ocpp/connection_monitor.py": "what one connection tells others of",
    "adapters/ocpp/conversation.py": "the next message to one connection",
    "adapters/ocpp/endpoint.py": "the work of one connection",
    "adapters/ocpp/connection_registry.py": "an answer that came too late on one connection",
    "adapters/postgres/event_store.py": "appending and wake-ups, as long as the store is open",
    "adapters/postgres/projection_engine.py": "a rebuild within the job of the read models",
    "adapters/postgres/rebuild.py": "the next page, while this one is folded",
    "adapters/web_server/tls_arrival.py": "the handshake of one connection",
}
# Who reads the log in pages beside the follower, and why it does not follow.
READERS = {
    "adapters/postgres/background_queries.py": "what a start needs and no read model shows yet, once",
    "adapters/postgres/projected_log.py": "the log as far as read models show it, for the follower",
    "adapters/postgres/projection_engine.py": "its cursors move in the transaction that writes the rows",
    "adapters/postgres/rebuild.py": "from the beginning to the head, once",
    "runtime/log_follower.py": "the follower",
    "runtime/notification_dispatcher.py": "one event again whose messages failed",
}


def named(text: str, names: set[str]) -> bool:
    """Whether a module uses a function or class of one of these names."""
    return any(
        (node.attr if isinstance(node, ast.Attribute) else node.id) in names
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute | ast.Name)
    )


def users(names: set[str]) -> set[str]:
    """The modules of the system that use one of these names."""
    modules = {path.relative_to(SOURCE).as_posix(): path for path in SOURCE.rglob("*.py")}
    return {
        module
        for module, path in modules.items()
        if not module.startswith(PROGRAMS) and named(path.read_text(), names)
    }


def test_tasks_begin_in_the_runtime_alone() -> None:
    assert {module for module in users(BEGINS) if not module.startswith("runtime/")} == set(OTHERS)


def test_the_log_is_followed_by_one_follower() -> None:
    assert users({"read_log"}) == set(READERS)


@pytest.mark.parametrize(
    "planted",
    [
        "asyncio.create_task(tidy())",
        "async with asyncio.TaskGroup() as group: group.start(work())",
        "Thread(target=tidy).start()",
    ],
)
def test_a_task_that_begins_elsewhere_is_found(planted: str) -> None:
    assert named(planted.replace("async with", "with"), BEGINS)


def test_another_loop_over_the_log_is_found() -> None:
    assert named("while True:\n    page = store.read_log(after, 100)", {"read_log"})
