"""The port to chargers' connections: it sends a command and returns the answer, or raises the reason."""

from datetime import timedelta
from typing import Any, NamedTuple, Protocol

NOT_CONNECTED = "The charger is not connected."
HELD = "The charger is held: release it first."


class Answered(NamedTuple):
    """The charger's answer: whether it accepted, and the payload."""

    accepted: bool
    response: dict[str, Any]


class NotConnected(Exception):  # noqa: N818 - an outcome of a command
    """The charger is not connected to this process, or disconnected before its answer."""


class TimedOut(Exception):  # noqa: N818 - an outcome of a command
    """There was no answer in time."""


class CallFailed(Exception):  # noqa: N818 - an outcome of a command
    """The charger answered with a CALLERROR, or its protocol has no such command.

    The text is a sentence.
    """


class Gateway(Protocol):
    """The connections of chargers to this process."""

    def holds(self, charge_point: str) -> bool:
        """Whether the charger is connected to this process."""
        ...

    async def send(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,  # noqa: ASYNC109 - the gateway knows best how to wait for a charger
        reference: str = "",
    ) -> Answered:
        """Send and wait for the answer. Raises ``NotConnected``, ``TimedOut`` or ``CallFailed``.

        ``reference`` identifies the command of an answer that comes too late.
        """
        ...

    async def disconnect(self, charge_point: str) -> None:
        """Close a charger's connection, if this process has it."""
        ...
