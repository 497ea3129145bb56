"""The OCPP messages of a life that is told afterwards, as they would have been on the wire.

They go to the same message log as those of live chargers; names of connections and messages follow from the
charger alone, so that the same past has the same messages.
"""

import dataclasses
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec

from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.application.ports import Frame, Frames

ANSWERED_WITHIN = timedelta(milliseconds=4)
ANSWERED, SENT = "answered", "sent"


class Transcript:
    """Writes what one charger and the system said to each other."""

    def __init__(self, plan: ChargerPlan, record: Frames) -> None:
        """Nothing was said yet."""
        self._plan = plan
        self._record = record
        self._connections = 0
        self._connection = ""
        self._messages = 0
        self._open: tuple[str, str, str, datetime] | None = None

    def connected(self) -> None:
        """A new connection: its messages are told from those of the one before."""
        self._connections += 1
        self._connection = _name(f"{self._plan.key} connection {self._connections}")

    def call(self, message: object, at: datetime, *, asks: str = "in") -> str:
        """A message, as a dataclass of the ``ocpp`` package; ``asks`` is ``out`` where the system sent it.

        Returns what events keep of the message that led to them: the SHA-256 of its frame in hex.
        """
        self._messages += 1
        id_ = _name(f"{self._plan.key} message {self._messages}")
        action = type(message).__name__
        text = msgspec.json.encode([2, id_, action, _on_wire(message)]).decode()
        self._open = id_, action, asks, at
        self._put(asks, at, text, id_, action, ANSWERED if asks == "in" else SENT)
        return sha256(text.encode()).hexdigest()

    def answer(self, payload: dict[str, Any]) -> None:
        """The answer to the last message. Raises ``ValueError`` where there was none."""
        if self._open is None:
            raise ValueError("nothing was asked")
        id_, action, asks, at = self._open
        text = msgspec.json.encode([3, id_, payload]).decode()
        back, outcome = ("out", SENT) if asks == "in" else ("in", ANSWERED)
        self._put(back, at + ANSWERED_WITHIN, text, id_, action, outcome)

    def _put(self, direction: str, at: datetime, text: str, id_: str, action: str, outcome: str) -> None:
        plan = self._plan
        self._record.put(
            Frame(plan.company, plan.key, self._connection, direction, at, text, id_, action, outcome)
        )


def _name(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _on_wire(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """A message or a part of it with OCPP's own field names, and without what was not said."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = vars(value)
    if isinstance(value, dict):
        return {_field(name): _on_wire(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_on_wire(part) for part in value]
    return value


@cache
def _field(name: str) -> str:
    """``meter_value`` is ``meterValue`` on the wire."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
