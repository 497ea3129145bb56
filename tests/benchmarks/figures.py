"""How benchmarks print what they measured, next to the raw limit of the same run."""

import json
import platform
import sys
from typing import Any

import psycopg


def machine(dsn: str) -> dict[str, Any]:
    """What the figures were measured on."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version'), current_setting('fsync')"
        ).fetchone()
    assert row is not None
    return {
        "python": platform.python_version(),
        "postgresql": row[0],
        "fsync": row[1],
        "machine": platform.machine(),
    }


def show(name: str, figures: dict[str, Any]) -> None:
    """Print as lines, or as JSON with ``--json``."""
    if "--json" in sys.argv:
        print(json.dumps({"benchmark": name, **figures}))
        return
    print(name)
    for label, value in figures.items():
        print(f"  {label:<58} {value:>14,.2f}" if isinstance(value, float) else f"  {label:<58} {value:>14}")
