"""The stored form of an event: its tag as the topic, a compact JSON envelope as the state.

The envelope contains everything but position and version, so that one decode gives the whole fact. Tags never
change; events of a replaced tag are upcast here from their plain JSON form, and old sentences become codes
(``explained_events``).
"""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar, cast

import msgspec
from eventsourcing.persistence import Mapper, Notification, StoredEvent, Transcoder

from eosvolt.application.explained_events import SENTENCE_FIELDS, explained
from eosvolt.domain.kernel import Event, Fact, Provenance

E = TypeVar("E")
Upcast = Callable[[dict[str, Any]], dict[str, Any]]

_STREAMS = uuid.UUID("6c1b1e0e-6f1c-5d43-9a4e-6f736e657673")
_NUMBERS = 1 << 62
# A NUL character in JSON; a backslash of the text itself may precede it.
NUL = b"\\u0000"
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


class Unstorable(Exception):  # noqa: N818 - a statement about the event, named like the domain's refusals
    """The event would not decode to an equal one. Nothing was stored."""


class UnknownEvent(Exception):  # noqa: N818 - a statement about the history, named like the domain's refusals
    """The history holds a tag that this program does not know. The text names the tag and its position."""


class Envelope(msgspec.Struct, Generic[E], frozen=True, omit_defaults=True, gc=False):
    """The state of a stored event. ``company`` comes first so that it can be checked without decoding."""

    company: int
    stream: str
    recorded_at: datetime
    by: str
    event: E
    cause: str = ""
    frame: str = ""


class Moment(msgspec.Struct, frozen=True, gc=False):
    """The part of an envelope that a search by time and the company's feed need."""

    company: int
    recorded_at: datetime


_MOMENTS = msgspec.json.Decoder(Moment)


def moment(state: bytes) -> Moment:
    """When and for which company the event of this state was recorded."""
    return _MOMENTS.decode(state)


class Stored(NamedTuple):
    """One event as the append function takes it."""

    originator_id: uuid.UUID
    version: int
    topic: str
    state: bytes
    company: int


@lru_cache(maxsize=65_536)
def originator_id(stream: str) -> uuid.UUID:
    """The library's id of a stream, always the same for the same name.

    The id of a numbered stream (``session:170001``) has its category in the high half and its number in the
    low half, so that concurrent sessions are neighbours in the index. Others get a hash of their name.
    """
    category, _, key = stream.partition(":")
    if (
        len(key) < 20
        and key.isascii()
        and key.isdigit()
        and key[0] != "0"
        and (number := int(key)) < _NUMBERS
    ):
        high = uuid.uuid5(_STREAMS, category).int >> 64 & ~0xF000 | 0x8000
        return uuid.UUID(int=high << 64 | 0b10 << 62 | number)
    return uuid.uuid5(_STREAMS, stream)


def without_nul(state: bytes) -> bytes:
    """The JSON with U+0000, which PostgreSQL's text cannot hold, replaced by U+FFFD."""
    return _NUL.sub(rb"\1\\ufffd", state)


def _decoder(event: type[E]) -> msgspec.json.Decoder[Envelope[E]]:
    kind = Envelope[event]  # type: ignore[valid-type]  # the class is known only here
    return msgspec.json.Decoder(kind)


class MsgspecTranscoder(Transcoder):
    """The library's interface to the JSON of ``msgspec``."""

    def encode(self, obj: object) -> bytes:
        """Compact JSON."""
        return msgspec.json.encode(obj)

    def decode(self, data: bytes) -> object:
        """Plain dictionaries, lists and strings."""
        return msgspec.json.decode(data)


class EventMapper(Mapper[uuid.UUID]):
    """Maps facts to stored events and back, for a closed set of event types.

    ``upcasts`` maps an old tag to its present one and to the function that turns the old event's plain JSON
    form (without the tag) into the new one's. They may be chained and must be pure.
    """

    def __init__(
        self, events: Mapping[str, type[Event]], upcasts: Mapping[str, tuple[str, Upcast]] | None = None
    ) -> None:
        """``events`` maps every present tag to its class."""
        super().__init__(MsgspecTranscoder())
        self._upcasts = dict(upcasts or {})
        if both := sorted(set(self._upcasts) & set(events)):
            raise ValueError(f"These tags are both present and upcast: {', '.join(both)}")
        self._tags = {event: tag for tag, event in events.items()}
        self._decoders: dict[str, msgspec.json.Decoder[Envelope[Any]]] = {
            tag: _decoder(event) for tag, event in events.items()
        }
        self._explained = {tag for tag, event in events.items() if event in SENTENCE_FIELDS}
        self._tag_field = next((str(event.__struct_config__.tag_field) for event in events.values()), "type")
        self._plain: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])
        self._encoder = msgspec.json.Encoder()

    def stored(
        self, stream: str, version: int, event: Event, recorded_at: datetime, why: Provenance
    ) -> Stored:
        """The row of one event. Raises ``Unstorable`` if it would not decode to an equal event."""
        tag = self._tags.get(type(event))
        if tag is None:
            raise Unstorable(f"{type(event).__name__} is not in the vocabulary of events")
        envelope = Envelope(why.company, stream, recorded_at, why.by, event, why.cause, why.frame)
        try:
            state = self._encoder.encode(envelope)
            same = self._decoders[tag].decode(state) == envelope
        except (msgspec.MsgspecError, ValueError, TypeError, OverflowError) as error:
            raise Unstorable(f"{tag}: {error}") from error
        if not same:
            raise Unstorable(f"{tag}: what would be stored is not equal to the event")
        return Stored(originator_id(stream), version, tag, state, why.company)

    def fact(self, position: int, version: int, topic: str, state: bytes) -> Fact:
        """The fact of one row. Raises ``UnknownEvent``."""
        decoder = self._decoders.get(topic)
        found = self._upcast(position, topic, state) if decoder is None else decoder.decode(state)
        return Fact(
            position,
            found.stream,
            version,
            explained(found.event) if topic in self._explained else found.event,
            found.recorded_at,
            Provenance(found.company, found.by, found.cause, found.frame),
        )

    def topics(self, tags: frozenset[str] | None) -> dict[str, bool]:
        """For each topic that the history may hold, present or old, whether it belongs to one of ``tags``."""
        known = [*self._decoders, *self._upcasts]
        return {topic: tags is None or self._present(topic) in tags for topic in known}

    def to_stored_event(self, domain_event: object) -> StoredEvent:
        """The library's interface for storing: maps a ``Fact``; the table assigns the position."""
        fact = cast("Fact", domain_event)
        row = self.stored(fact.stream, fact.version, fact.event, fact.recorded_at, fact.why)
        return StoredEvent(row.originator_id, row.version, row.topic, row.state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:  # noqa: ANN401 - a Fact; the library expects its own protocol
        """The library's interface for reading: gives a ``Fact``; position 0 if the row has none."""
        position = stored_event.id if isinstance(stored_event, Notification) else 0
        return self.fact(position, stored_event.originator_version, stored_event.topic, stored_event.state)

    def _present(self, topic: str) -> str:
        while topic in self._upcasts:
            topic = self._upcasts[topic][0]
        return topic

    def _upcast(self, position: int, topic: str, state: bytes) -> Envelope[Any]:
        plain = self._plain.decode(state)
        if topic not in self._upcasts:
            raise UnknownEvent(
                f'The history holds the event "{topic}" at position {position} ({plain.get("stream")}),'
                " which this program does not know."
            )
        tag = topic
        event = {name: value for name, value in plain["event"].items() if name != self._tag_field}
        while tag in self._upcasts:
            new, change = self._upcasts[tag]
            event = change(event)
            tag = new
        return self._decoders[tag].decode(
            msgspec.json.encode(plain | {"event": {self._tag_field: tag, **event}})
        )
