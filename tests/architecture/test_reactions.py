"""What follows from an event is a line in the registry, and pure; nobody decides twice to look ahead."""

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from eosvolt.domain.reactions.registry import REACTIONS
from eosvolt.domain.vocabulary import EVENTS
from tests.architecture.source_tree import ROOT, SOURCE

APPLICATION = sorted((SOURCE / "application").rglob("*.py"))
TRIED = ROOT / "tests" / "unit" / "reactions"
WAITING = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
# Who asks a decider beside the executor, and why.
DECIDES = {"commit.py": "it decides what is carried out"}
# What modules take from ``domain/reactions`` although it is no line of the registry. A message can say that
# something is wrong without an event of its own: two chargers with one name, a meter in another unit, a stop
# that was caused by a loss of power. Notifications follow the log, not a commit. Nothing may be added here
# that follows from an event.
TAKEN = {
    "certification.py": {"CERTIFICATION"},
    "charger_authentication.py": {"identity_conflict"},
    "commit.py": {"ReactionContext", "Reaction", "Registry"},
    "executor.py": {"REACTIONS", "Registry"},
    "local_lists.py": {"listed"},
    "maintenance.py": {"after_meter_unit_check"},
    "notification_service.py": {"Beginning", "after_opening", "after_recovery", "beginnings"},
    "transactions.py": {"after_stop"},
}
# Modules that send commands to aggregates of several kinds, and why it is not an event from which the others
# follow. Whatever follows from an event is a line of the registry; nothing may be added here that does.
SEVERAL = {
    "charging.py": (
        {"charge_points", "sessions"},
        "the sessions of a plug hear of each status, also of one that does not change the plug",
    ),
    "certification.py": (
        {"charger_commands", "maintenance"},
        "the certificate that is delivered is in no event",
    ),
    "invoices.py": (
        {"bookings", "invoices", "sessions"},
        "what is on an invoice is a choice of days; each session and booking refuses a second one",
    ),
    "receipt_issuing.py": (
        {"bookings", "sessions"},
        "each receipt is of one of the two, in a commit of its own",
    ),
    "registration.py": (
        {"companies", "operators"},
        "what the owner may do is the table of permissions, which the domain does not know",
    ),
    "start_transaction.py": (
        {"charge_points", "sessions"},
        "one start is the charger's transaction and the session, at a location that only the use case knows",
    ),
    "payloads.py": (
        {"charger_commands", "maintenance"},
        "chance names the place for a file; the next part of a list is composed from a read model",
    ),
    "transactions.py": (
        {"charge_points", "sessions"},
        "the older session of a plug ends before the new one begins; readings go to one or to the other",
    ),
}


def awaits(source: str) -> list[str]:
    """What in it waits for something."""
    return [
        type(node).__name__
        for node in ast.walk(ast.parse(source))
        if isinstance(node, WAITING) or getattr(node, "is_async", False)
    ]


def decisions(source: str) -> list[int]:
    """The lines that ask a decider what would happen."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr == "decide"
    ]


def reactions_used(source: str) -> set[str]:
    """The names that a module takes from ``domain/reactions``."""
    return {
        name.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("eosvolt.domain.reactions")
        for name in node.names
    }


def use_cases(path: Path) -> list[str]:
    """The sources of its use cases: a module is one, but for operations, of which each function is."""
    source = path.read_text()
    if path.parent.name != "operations":
        return [source]
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.AsyncFunctionDef)]
    return [ast.unparse(each) for each in functions]


def ordered(source: str) -> set[str]:
    """The deciders that a use case sends commands to."""
    return {
        node.args[0].id
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "CommandEnvelope"
        and isinstance(node.args[0], ast.Name)
    }


def subscribers() -> set[Callable[..., object]]:
    """The functions that the registry names."""
    reactions = [each for those in REACTIONS.values() for each in those]
    return {each.envelopes for each in reactions} | {each.needs for each in reactions}


def test_a_reaction_never_awaits() -> None:
    waiting = {path.name: awaits(path.read_text()) for path in (SOURCE / "domain").rglob("*.py")}
    assert {name for name, lines in waiting.items() if lines} == set()
    assert [each for each in subscribers() if inspect.iscoroutinefunction(each)] == []


def test_only_the_running_commit_decides() -> None:
    deciding = {path.name for path in APPLICATION if decisions(path.read_text())}
    assert deciding == set(DECIDES)


def test_the_application_takes_nothing_else_from_the_reactions() -> None:
    taken = {path.name: reactions_used(path.read_text()) for path in APPLICATION}
    assert {name: names for name, names in taken.items() if names} == TAKEN


def test_a_use_case_orders_to_one_kind_of_aggregate_alone() -> None:
    found = {
        path.name: deciders
        for path in APPLICATION
        for source in use_cases(path)
        if len(deciders := ordered(source)) > 1
    }
    assert found == {name: deciders for name, (deciders, _why) in SEVERAL.items()}


def test_every_subscriber_is_of_an_event_that_exists_and_stands_in_the_reactions() -> None:
    assert set(REACTIONS) - set(EVENTS.values()) == set()
    assert {
        each for each in subscribers() if not each.__module__.startswith("eosvolt.domain.reactions")
    } == set()


def test_every_line_of_the_registry_is_tried_by_a_test_of_its_own() -> None:
    tried = " ".join(path.read_text() for path in TRIED.glob("test_*.py"))
    assert {event.__name__ for event in REACTIONS if not re.search(rf"\b{event.__name__}\b", tried)} == set()


@pytest.mark.parametrize(
    "planted",
    [
        "async def after(event, context):\n    return []",
        "def after(event, context):\n    return [order async for order in context]",
        "def after(event, context):\n    async def later():\n        await event",
    ],
)
def test_a_reaction_that_awaits_is_seen(planted: str) -> None:
    assert awaits(planted)


def test_a_use_case_that_peeks_or_chains_by_hand_is_seen() -> None:
    assert decisions("events = sessions.decide(command, state)") == [1]
    chained = "from eosvolt.domain.reactions.session_end import after_charging"
    assert reactions_used(chained) == {"after_charging"}
    by_hand = (
        "envelopes = [CommandEnvelope(charge_points, key, boot), CommandEnvelope(sessions, number, reboot)]"
    )
    assert ordered(by_hand) == {"charge_points", "sessions"}
