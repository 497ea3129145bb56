"""What a reaction is: a pure function from an event, and what it needs to know, to commands."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast

from eosvolt.domain.kernel import Command, CommandEnvelope, Decider

S = TypeVar("S")


class Need(NamedTuple):
    """A stream that a reaction has to know beside that of its event."""

    decider: Decider[Any, Any, Any]
    key: str


class ReactionContext(NamedTuple):
    """What a reaction may know beside its event.

    ``key`` names the aggregate to which it happened, ``before`` and ``after`` are that aggregate's states
    around ``command``, which led to the event. ``now`` is when the change is recorded. ``others`` are the
    streams that the reaction needs, as they were before the change.
    """

    key: str
    command: Command
    before: Any
    after: Any
    now: datetime
    others: Mapping[str, Any] = {}

    def other(self, decider: Decider[Any, S, Any], key: str) -> S:
        """The state of a stream that the reaction needs, before anything of this change happened to it.

        Raises ``KeyError`` for a stream that the reaction did not name.
        """
        return cast("S", self.others[decider.stream(key)])


def needs_nothing(_event: Any, _context: ReactionContext) -> Iterable[Need]:  # noqa: ANN401 - of any event
    """The event and its own aggregate are enough."""
    return ()


class Reaction(NamedTuple):
    """One subscriber of an event.

    ``needs`` names the other streams; they are loaded before ``envelopes`` is asked, each before the next is
    asked for, so that it may depend on those before. Both are pure. The commands
    are carried out at once after the command that led to the event or, where they come ``last``, after all
    that was planned otherwise.
    """

    envelopes: Callable[[Any, ReactionContext], Iterable[CommandEnvelope]]
    needs: Callable[[Any, ReactionContext], Iterable[Need]] = needs_nothing
    last: bool = False
