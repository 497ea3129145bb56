"""Floats never hold money: where prices and amounts are computed there is no float at all."""

import ast

import pytest

from tests.architecture.source_tree import SOURCE

PLACES = [
    SOURCE / "domain" / "money.py",
    *sorted((SOURCE / "domain" / "tariffs").glob("*.py")),
    SOURCE / "projections" / "revenue.py",
    SOURCE / "projections" / "blocking_fees.py",
]


def inexact(source: str) -> list[str]:
    """Where ``source`` makes or names a float, or rounds half to even, by line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=float() | complex()):
                found.append((node.lineno, repr(node.value)))
            case ast.Name(id="float" | "round" as name):
                found.append((node.lineno, name))
            case _:
                pass
    return [f"line {line}: {what}" for line, what in sorted(found)]


def test_prices_are_computed_without_floats() -> None:
    found = {place.name: inexact(place.read_text()) for place in PLACES}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("line", ["price = 0.5", "def f(x: float): ...", "round(x, 2)", "y = float('1')"])
def test_a_float_would_be_found(line: str) -> None:
    assert inexact(line)
