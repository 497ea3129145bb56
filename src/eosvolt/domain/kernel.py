"""The shapes that every aggregate shares: events, commands, refusals, deciders and facts.

An aggregate is one event stream with its decider. ``decide`` computes what happens, ``evolve`` only
copies it into the next state. Time, ids and chance are arguments: nothing in the domain asks for them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="event"):
    """Something that happened, kept for ever under its tag. New fields have defaults; tags never change."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody wants. Sent twice, it decides nothing the second time."""


class Rejected(Exception):  # noqa: N818 - the domain's word for it; it is an answer, not a failure
    """A refusal. Its text is a sentence for the operator's eyes."""


C = TypeVar("C", bound=Command)
S = TypeVar("S")
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S, E]):
    """One kind of aggregate: the name of its streams, its first state and its two functions."""

    category: str
    initial: S
    decide: Callable[[C, S], Sequence[E]]
    evolve: Callable[[S, E], S]

    def stream(self, key: str) -> str:
        """The name of the stream that holds the aggregate ``key``, e.g. ``session:170001``."""
        return f"{self.category}:{key}"

    def fold(self, events: Sequence[E], state: S | None = None) -> S:
        """The state that ``events`` lead to, from ``state`` or from the beginning."""
        result = self.initial if state is None else state
        for event in events:
            result = self.evolve(result, event)
        return result


class CommandEnvelope(NamedTuple):
    """A command with its address: the decider and the key of the aggregate that it is for."""

    decider: Decider[Any, Any, Any]
    key: str
    command: Command


class Provenance(msgspec.Struct, frozen=True, gc=False):
    """Where a change came from: which company it belongs to, who caused it and by what.

    ``by`` names an actor (``charger:CP-1``, ``admin:…``, ``api-key:…``, ``staff:…``, ``system:…``); ``cause``
    names the request, command or deadline; ``frame`` is the SHA-256 of the OCPP frame, in hex, where there
    was one.
    """

    company: int
    by: str
    cause: str = ""
    frame: str = ""


class Fact(msgspec.Struct, frozen=True, gc=False):
    """An event as the log holds it.

    ``position`` orders all facts, ``version`` those of one stream (from 1).
    """

    position: int
    stream: str
    version: int
    event: Event
    recorded_at: datetime
    why: Provenance

    @property
    def key(self) -> str:
        """The aggregate's key: the stream's name without its category."""
        return self.stream.partition(":")[2]
