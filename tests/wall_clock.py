"""Where the date of the machine can be read, so that no unit or property test ever does.

A test that compares a date of its own with the machine's is green until the calendar says otherwise. So the
places that ask the machine are few and listed here. An architecture test keeps the list complete, and unit
and property tests run with all of them closed.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NoReturn

import pytest

# Every function of the program that reads the date. What has the time as an argument needs no place here.
READERS = (
    "eosvolt.adapters.certificates.authority.now",
    "eosvolt.adapters.clock.WallClock.now",
    "eosvolt.adapters.postgres.frame_partitions.Partitions.make",
    "eosvolt.adapters.simulator.clock.wall_time",
)

_OF_DATES = {"now", "today", "utcnow"}
_OF_TIME = {"asctime", "ctime", "gmtime", "localtime", "strftime", "time", "time_ns"}


def close(patch: pytest.MonkeyPatch) -> None:
    """Make every reader of the machine's date fail, under whatever name it was imported."""
    for name in READERS:
        patch.setattr(_found(name), "__code__", _refuse.__code__)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("A unit or property test asked for the date of the machine: give it a time.")


def _found(name: str) -> Any:
    place, _, last = name.rpartition(".")
    try:
        return getattr(import_module(place), last)
    except ModuleNotFoundError:
        module, _, owner = place.rpartition(".")
        return getattr(getattr(import_module(module), owner), last)


def readings(source: str) -> list[str]:
    """The functions of a module that read the machine's date, as ``Class.method``, in the order of the text.

    ``""`` stands for a reading outside all functions.
    """
    return list(dict.fromkeys(_readings(ast.parse(source), "")))


def _readings(node: ast.AST, within: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _readings(child, f"{within}.{name}" if within else name)
                continue
            case ast.Attribute(attr=attr, value=ast.Name(id="datetime" | "date" | "dt")) if attr in _OF_DATES:
                yield within
            case ast.Attribute(attr=attr, value=ast.Attribute(attr="datetime" | "date")) if attr in _OF_DATES:
                yield within
            case ast.Attribute(attr=attr, value=ast.Name(id="time")) if attr in _OF_TIME:
                yield within
            case ast.ImportFrom(module="time", names=names) if _OF_TIME & {each.name for each in names}:
                yield within
            case _:
                pass
        yield from _readings(child, within)
