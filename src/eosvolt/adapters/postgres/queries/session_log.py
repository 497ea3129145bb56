"""Selects the OCPP frames of a charger that belong to one session.

Drivers share a charger, and follow each other on a plug. To show nothing about other drivers, a session's log
leaves out frames that are not certainly the session's own. An answer belongs to the session of its call.
"""

import json
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from eosvolt.application.ports import Frame
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import ConnectorFreed

AUTHORIZE, START, STOP, METER = "Authorize", "StartTransaction", "StopTransaction", "MeterValues"
# Actions about the charger as a whole and no driver.
OF_EVERYBODY = frozenset(("BootNotification", "Reset", "FirmwareStatusNotification"))
# Actions about a plug, or about the charger if the plug is 0 or missing.
OF_A_PLUG = frozenset(("StatusNotification", "ChangeAvailability", "TriggerMessage"))
# Actions about a plug or about a driver.
OF_A_DRIVER = frozenset(("RemoteStartTransaction", "ReserveNow", "UnlockConnector"))
OF_A_TRANSACTION = frozenset((METER, STOP, "RemoteStopTransaction", "SetChargingProfile"))
_FIELD = r'"%s"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)'
_SUBJECTS = {
    name: re.compile(_FIELD % name) for name in ("transactionId", "connectorId", "idTag", "timestamp")
}

# Frames are included this long before the first event, because a driver is authorized before the start.
_BEFORE = timedelta(minutes=2)
_AFTER = timedelta(minutes=1)
_NOT_OVER = datetime(9999, 1, 1, tzinfo=UTC)


class Subject(NamedTuple):
    """The session whose frames are wanted.

    ``tokens`` started or ended it; ``digests`` are the SHA-256 of the frames that led to its events.
    """

    connector: int
    transaction: int
    tokens: frozenset[str]
    digests: frozenset[str]


class _Message(NamedTuple):
    """The driver, plug and transaction that a call names; each may be missing."""

    transaction: int | None
    connector: int | None
    token: str
    timestamp: str


def window(facts: Sequence[Fact], *, over: bool) -> tuple[datetime, datetime]:
    """When frames of a session came, by its facts; ``over``: its plug is free.

    Frames are dated by our clock; the session's own times are the charger's, which may be hours off.
    Receipts, refunds and invoices may come weeks after the last frame, and other drivers in between.
    """
    heard = [
        fact.recorded_at
        for fact in facts
        if fact.why.by.startswith("charger:") or isinstance(fact.event, ConnectorFreed)
    ]
    return facts[0].recorded_at - _BEFORE, heard[-1] + _AFTER if over and heard else _NOT_OVER


async def of_session(frames: AsyncIterator[Frame], subject: Subject) -> AsyncIterator[Frame]:
    """The frames, oldest first, that are about ``subject``, each answer with its call."""
    reader = _Reader(subject)
    async for frame in frames:
        if reader.belongs(frame):
            yield frame


class _Reader:
    """Reads frames in order and keeps track of the session on the plug."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        # For each call, by connection, sender and message id: whether it is about the session.
        self._calls: dict[tuple[str, str, str], bool] = {}
        self._start: _Message | None = None
        # The transaction of another session on the same plug, 0 while its id is unknown.
        self._other: int | None = None

    def belongs(self, frame: Frame) -> bool:
        """Whether the frame is about the session; to be called in the order of the frames."""
        if not _is_call(frame.text):
            asked_by = "in" if frame.direction == "out" else "out"
            return self._calls.get((frame.connection, asked_by, frame.message_id), False)
        own = self._is_own(frame)
        self._calls[frame.connection, frame.direction, frame.message_id] = own
        return own

    def _is_own(self, frame: Frame) -> bool:
        message, certain = _read(frame.text), _digest(frame.text) in self._subject.digests
        if frame.action == START:
            return self._starts(message, certain=certain)
        if frame.action in OF_A_TRANSACTION and message.transaction is not None:
            return self._names(message, frame.action, certain=certain)
        return certain or self._concerns(frame.action, message)

    def _concerns(self, action: str, message: _Message) -> bool:
        """Whether a message that names no transaction is about the session's driver, plug or charger."""
        subject = self._subject
        on_the_plug = message.connector == subject.connector and self._other is None
        if action == AUTHORIZE or (message.token and action in OF_A_DRIVER):
            return message.token in subject.tokens
        if action in OF_A_PLUG and message.connector in (None, 0):
            return True
        if action in OF_A_PLUG | OF_A_DRIVER | {METER, "SetChargingProfile"}:
            return on_the_plug
        return action in OF_EVERYBODY

    def _starts(self, message: _Message, *, certain: bool) -> bool:
        """Whether a start, maybe repeated, is the session's; any other on its plug is another session's."""
        subject = self._subject
        same = message.connector == subject.connector and message.token in subject.tokens
        own = certain or message == self._start or (same and self._start is None and not subject.digests)
        if own:
            self._start, self._other = message, None
        elif message.connector == subject.connector:
            self._other = 0
        return own

    def _names(self, message: _Message, action: str, *, certain: bool) -> bool:
        """Whether a message with a transaction is the session's, also if the charger never got the id."""
        subject, number = self._subject, message.transaction
        if number == subject.transaction:
            return True
        if number is not None and number > 0:
            if action == METER and message.connector == subject.connector:
                self._other = number
            elif action == STOP and number == self._other:
                self._other = None
            return certain
        if action == METER:
            return certain or (message.connector == subject.connector and self._other is None)
        return certain or message.token in subject.tokens


def _digest(text: str) -> str:
    """The digest by which events name a frame."""
    return sha256(text.encode()).hexdigest()


def _is_call(text: str) -> bool:
    return re.match(r"\s*\[\s*2\s*,", text) is not None


def _read(text: str) -> _Message:
    """What a call names. Invalid JSON is searched for it, because the gateway may have repaired it."""
    try:
        found = json.loads(text, strict=False)
        payload: Any = found[3] if isinstance(found, list) and len(found) > 3 else {}
    except ValueError:
        payload = {name: _found(pattern, text) for name, pattern in _SUBJECTS.items()}
    if not isinstance(payload, dict):
        payload = {}
    transaction = payload.get("transactionId")
    profile = payload.get("csChargingProfiles")
    if transaction is None and isinstance(profile, dict):
        transaction = profile.get("transactionId")
    return _Message(
        _number(transaction),
        _number(payload.get("connectorId")),
        _text(payload.get("idTag")).strip().upper(),
        _text(payload.get("timestamp")),
    )


def _found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return None if match is None else match[1].strip('"')


def _number(value: object) -> int | None:
    """A whole number, also one that the charger sent as a text."""
    try:
        return int(str(value)) if value is not None and not isinstance(value, bool) else None
    except ValueError:
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
