"""Collects one commit: the events of some commands and of the reactions to them.

Each command is decided once. The reactions to its events are decided right after it, recursively. Reactions
that are marked to come last are decided after everything else.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from eosvolt.application.ports import Conflict
from eosvolt.domain.kernel import CommandEnvelope, Decider, Event
from eosvolt.domain.reactions.reaction import Reaction, ReactionContext
from eosvolt.domain.reactions.registry import Registry

# The longest chain of events of which each is a reaction to the previous one.
LONGEST_CHAIN = 8

Chain = tuple[type[Event], ...]


class AnotherCompany(Exception):  # noqa: N818 - a refusal, which no caller can have meant to provoke
    """A command was for a stream of another company than the actor's. Nothing was stored."""


class EndlessReactions(Exception):  # noqa: N818 - tells which reactions go round in circles
    """Reactions set each other off. The text names the chain of events; nothing was stored."""


class LoadedStream(NamedTuple):
    """The state of a stream, the version it was folded from, and the company of its first event.

    ``company`` is 0 for a stream without events.
    """

    state: Any
    version: int
    company: int = 0


class Decided(NamedTuple):
    """The new events of a stream that had ``after`` events, and its state after them."""

    after: int
    state: Any
    events: list[Event]


class Commit:
    """Collects decided events by stream, in the order in which the streams first occur."""

    def __init__(
        self,
        load: Callable[[Decider[Any, Any, Any], str], Awaitable[LoadedStream]],
        now: Callable[[], datetime],
        reactions: Registry,
        reads: dict[str, int],
        company: int,
    ) -> None:
        """``load`` gives a stored stream; ``reads`` are the stream versions that the plan has read.

        Only streams of ``company`` may be changed. ``now`` gives the time of reactions.
        """
        self._load = load
        self._now = now
        self._reactions = reactions
        self._reads = reads
        self._company = company
        self._last: list[tuple[CommandEnvelope, Chain]] = []
        # Only streams with new events.
        self.decided: dict[str, Decided] = {}

    async def carry_out(self, envelopes: Sequence[CommandEnvelope], *, guarded: bool) -> None:
        """Decide the commands in sequence; ``guarded``: stop if the first one decides nothing.

        Raises ``Conflict`` if a stream has changed since the plan read it, ``AnotherCompany`` for a stream of
        another company, ``EndlessReactions``, and ``Rejected``.
        """
        for envelope in envelopes:
            await self._decide(envelope, ())
            if guarded and not self.decided:
                return
        for envelope, chain in self._last:
            await self._decide(envelope, chain)

    async def _decide(self, envelope: CommandEnvelope, chain: Chain) -> None:
        """Decide one command, a reaction to the last event of ``chain``, and then the reactions to it."""
        decider, key, command = envelope
        stream = decider.stream(key)
        so_far = self.decided.get(stream)
        if so_far is None:
            known = await self._as_planned(decider, stream)
            if known.company not in {0, self._company}:
                raise AnotherCompany(f"{stream} is of company {known.company}, not of {self._company}")
            so_far = Decided(known.version, known.state, [])
        events = decider.decide(command, so_far.state)
        if not events:
            return
        state = decider.fold(events, so_far.state)
        self.decided[stream] = Decided(so_far.after, state, [*so_far.events, *events])
        for event in events:
            if reactions := self._reactions.get(type(event)):
                context = ReactionContext(key, command, so_far.state, state, self._now())
                await self._react(event, context, reactions, (*chain, type(event)))

    async def _react(
        self, event: Event, context: ReactionContext, reactions: Sequence[Reaction], chain: Chain
    ) -> None:
        """Carry out the reactions to one event, the last of ``chain``; defer those that come last."""
        if len(chain) > LONGEST_CHAIN:
            raise EndlessReactions(" → ".join(each.__name__ for each in chain))
        for reaction in reactions:
            others: dict[str, Any] = {}
            context = context._replace(others=others)
            for decider, key in reaction.needs(event, context):
                stream = decider.stream(key)
                others[stream] = (await self._as_planned(decider, stream)).state
            for envelope in reaction.envelopes(event, context):
                if reaction.last:
                    self._last.append((envelope, chain))
                else:
                    await self._decide(envelope, chain)

    async def _as_planned(self, decider: Decider[Any, Any, Any], stream: str) -> LoadedStream:
        """A stream as of before this commit. Raises ``Conflict`` if the plan read another version."""
        known = await self._load(decider, stream)
        if self._reads.setdefault(stream, known.version) != known.version:
            raise Conflict(stream)
        return known
