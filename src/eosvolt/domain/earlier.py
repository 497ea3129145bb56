"""What held before: values, oldest first, each with the instant until which it held."""

from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

Earlier = tuple[tuple[datetime, T], ...]


def held_at(earlier: Earlier[T], present: T, at: datetime) -> T:
    """What held at an instant by our clock; before the first value is known to have held, the first."""
    return next((value for until, value in earlier if at < until), present)
