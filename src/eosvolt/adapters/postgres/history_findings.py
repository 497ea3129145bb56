"""The findings about the history, and the comparison of sealed with stored events."""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import msgspec

from eosvolt.adapters.postgres.hash_chain import Leaf, leaf

# Moved events are looked for among at most this many differences.
COMPARED = 3_000


class Kind(StrEnum):
    """The kinds of findings about the history."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    REORDERED = "reordered"
    BROKEN_SEAL = "broken seal"
    UNSEALED = "unsealed"
    UNREADABLE = "unreadable"
    OTHER_HEAD = "other head"
    FRAMES = "frames"
    FILE = "file"
    DATABASE = "database"


class HistoryFinding(NamedTuple):
    """One finding at a position of the log (0: at none), as a sentence."""

    kind: Kind
    position: int
    text: str


class StoredRow(NamedTuple):
    """A stored event."""

    position: int
    originator_id: UUID
    version: int
    topic: str
    state: bytes
    company: int

    @property
    def leaf(self) -> bytes:
        """The event's digest at its own position."""
        return self.at(self.position)

    def at(self, position: int) -> bytes:
        """The digest that the event would have at another position."""
        return leaf(position, self.originator_id, self.version, self.topic, self.state).digest

    @property
    def named(self) -> str:
        """The event's type, version and stream, as text."""
        return f'"{self.topic}", version {self.version} of {stream_of(self.state) or self.originator_id}'


class Differences:
    """The differences between seals and events: removed, added and changed events."""

    def __init__(self) -> None:
        """No differences yet."""
        self.missing: dict[int, bytes] = {}
        self.added: dict[int, StoredRow] = {}
        self.changed: dict[int, tuple[bytes, StoredRow]] = {}

    def compare(self, sealed: list[Leaf], stored: list[StoredRow]) -> None:
        """Add the differences between a seal's leaves and the stored events of its range."""
        expected = dict(sealed)
        for event in stored:
            digest = expected.pop(event.position, None)
            if digest is None:
                self.added[event.position] = event
            elif digest != event.leaf:
                self.changed[event.position] = (digest, event)
        self.missing.update(expected)

    def findings(self) -> list[HistoryFinding]:
        """The differences as findings; a removed event that was added elsewhere is one moved event."""
        gaps = self.missing | {position: digest for position, (digest, _) in self.changed.items()}
        strays = [*self.added.values(), *(event for _, event in self.changed.values())]
        moved: dict[int, StoredRow] = {}
        if (
            len(gaps) <= COMPARED
            and len(strays) <= COMPARED
            and len(gaps) * len(strays) <= COMPARED * COMPARED
        ):
            for position, digest in gaps.items():
                moved.update((position, event) for event in strays if event.at(position) == digest)
        homes = {event.position for event in moved.values()}
        found = [
            HistoryFinding(
                Kind.REORDERED, position, f"the event sealed here is now at {event.position}: {event.named}"
            )
            for position, event in moved.items()
        ]
        found += [
            HistoryFinding(Kind.CHANGED, position, event.named)
            for position, (_, event) in self.changed.items()
            if position not in moved and position not in homes
        ]
        found += [
            HistoryFinding(Kind.MISSING, position, "the event that was sealed here is gone")
            for position in (*self.missing, *(p for p in self.changed if p in homes))
            if position not in moved
        ]
        found += [
            HistoryFinding(
                Kind.ADDED, position, f"this event was not here when the stretch was sealed: {event.named}"
            )
            for position, event in self.added.items()
            if position not in homes
        ]
        return found


def stream_of(state: bytes) -> str:
    """The stream named in an event's bytes; empty if they name none."""
    try:
        return str(msgspec.json.decode(state).get("stream", ""))
    except (msgspec.MsgspecError, UnicodeDecodeError, AttributeError):
        return ""
