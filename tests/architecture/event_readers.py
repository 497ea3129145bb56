"""Who reads which event: what counts as reading, and where it is looked for.

An event is read where something follows from it: in an arm of a ``match`` that does more than return what
was there before, by ``isinstance`` of this event alone, as a key of a table such as the registry of
reactions, or by the ``evolve`` of an aggregate that has this event alone. An import, an annotation, a list of
events, a union and an arm that leaves everything as it was are no reading.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.architecture.source_tree import SOURCE

NO_READERS = {"events", "plug_events", "commands", "vocabulary"}


@cache
def modules() -> tuple[Path, ...]:
    """Projections, and what of the domain may follow from events: deciders, reactions, and what they use."""
    return tuple(
        path
        for room in ("projections", "domain")
        for path in sorted((SOURCE / room).rglob("*.py"))
        if path.stem not in NO_READERS
    )


def read_by(source: str, alone: Mapping[str, str]) -> set[str]:
    """The names of the classes that a module reads.

    ``alone`` are the names that stand for one event each: those of families with a single event.
    """
    return set(_read(ast.parse(source), alone))


def _read(tree: ast.AST, alone: Mapping[str, str]) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.match_case(pattern=pattern, body=body):
                for each in ast.walk(pattern):
                    if isinstance(each, ast.MatchClass) and _does_something(body, _captured(pattern, each)):
                        yield _name(each.cls)
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, ast.Name() | ast.Attribute() as one]):
                yield _name(one)
            case ast.Dict(keys=keys, values=values):
                yield from (
                    _name(key) for key, value in zip(keys, values, strict=True) if key and not _nothing(value)
                )
            case ast.FunctionDef(name="evolve", args=ast.arguments(args=[_, event]), body=body):
                used = {each.id for part in body for each in ast.walk(part) if isinstance(each, ast.Name)}
                if event.annotation is not None and event.arg in used:
                    yield alone.get(_name(event.annotation), "")
            case _:
                pass


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _captured(whole: ast.pattern, event: ast.MatchClass) -> set[str]:
    """The names under which an arm has the event or something of it."""
    inside = {name for each in ast.walk(event) if (name := getattr(each, "name", None))}
    return inside | {
        each.name
        for each in ast.walk(whole)
        if isinstance(each, ast.MatchAs) and each.name and each.pattern and event in ast.walk(each.pattern)
    }


def _does_something(body: list[ast.stmt], captured: set[str]) -> bool:
    match body:
        case [ast.Pass() | ast.Continue() | ast.Return(value=None)]:
            return False
        case [ast.Return(value=ast.expr() as value)] if _nothing(value):
            return False
        case [ast.Return(value=ast.Name(id=name))]:
            return name in captured
        case _:
            return True


def _nothing(value: ast.expr) -> bool:
    """Whether it is written down as ``None``, ``()`` or ``[]``."""
    match value:
        case ast.Constant(value=None) | ast.Tuple(elts=[]) | ast.List(elts=[]):
            return True
        case _:
            return False
