"""The port to chargers' connections: it sends a command and returns the answer, or raises the reason."""

from datetime import timedelta
from typing import Any, NamedTuple, Protocol

NOT_CONNECTED = "The charger is not connected."
HELD = "The charger is held: release it first."


class Answered(NamedTuple):
    """The charger's answer: what it means and what it said."""

    accepted: bool
    response: dict[str, Any]


class NotConnected(Exception):  # noqa: N818 - an outcome of a command
    """The connection is not here, or was lost before the answer came."""


class TimedOut(Exception):  # noqa: N818 - an outcome of a command
    """No answer came in time."""


class CallFailed(Exception):  # noqa: N818 - an outcome of a command
    """The charger answered with an error, or the command cannot be said in its protocol.

    The text is a sentence.
    """


class Gateway(Protocol):
    """Who holds chargers' connections."""

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

        ``reference`` names the command to whoever wants to know of an answer that comes too late.
        """
        ...

    async def disconnect(self, charge_point: str) -> None:
        """Close a charger's connection, if this process has it."""
        ...
