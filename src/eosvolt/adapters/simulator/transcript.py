"""Writes the OCPP messages of the demo's past to the message log.

Names of connections and message ids depend on the charger only, so the same past has the same messages.
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
    """Writes the messages of one charger and the system."""

    def __init__(self, plan: ChargerPlan, record: Frames) -> None:
        """Start without messages."""
        self._plan = plan
        self._record = record
        self._connections = 0
        self._connection = ""
        self._messages = 0
        self._open: tuple[str, str, str, datetime] | None = None

    def connected(self) -> None:
        """A new connection begins."""
        self._connections += 1
        self._connection = _name(f"{self._plan.key} connection {self._connections}")

    def call(self, message: object, at: datetime, *, asks: str = "in") -> str:
        """Write a CALL, a dataclass of the ``ocpp`` package; ``asks`` is ``out`` where the system sent it.

        Returns the SHA-256 of its frame in hex, which events keep.
        """
        self._messages += 1
        id_ = _name(f"{self._plan.key} message {self._messages}")
        action = type(message).__name__
        text = msgspec.json.encode([2, id_, action, _encoded(message)]).decode()
        self._open = id_, action, asks, at
        self._put(asks, at, text, id_, action, ANSWERED if asks == "in" else SENT)
        return sha256(text.encode()).hexdigest()

    def answer(self, payload: dict[str, Any]) -> None:
        """Write the answer to the last CALL. Raises ``ValueError`` where there was none."""
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


def _encoded(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """A message, or a part of it, with OCPP's field names and without absent fields."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = vars(value)
    if isinstance(value, dict):
        return {_field(name): _encoded(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [_encoded(part) for part in value]
    return value


@cache
def _field(name: str) -> str:
    """Convert ``meter_value`` to ``meterValue``."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
