"""The routing decorators of the ``ocpp`` package, with types."""

from collections.abc import Callable
from typing import TypeVar, cast

from ocpp import routing

Method = TypeVar("Method", bound=Callable[..., object])


def on(action: str) -> Callable[[Method], Method]:
    """Mark the method that answers calls of ``action``."""
    return cast("Callable[[Method], Method]", routing.on(action))


def after(action: str) -> Callable[[Method], Method]:
    """Mark the method that acts after the answer to a call of ``action`` was sent."""
    return cast("Callable[[Method], Method]", routing.after(action))
