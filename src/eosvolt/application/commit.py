"""A commit in the making: the events of some commands, and what the registry of reactions makes follow.

Every command is decided once. What follows from its events is decided right after it, and what follows from
that, until nothing does; what shall come last is decided when everything else is.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from eosvolt.application.ports import Conflict
from eosvolt.domain.kernel import CommandEnvelope, Decider, Event
from eosvolt.domain.reactions.reaction import Reaction, ReactionContext
from eosvolt.domain.reactions.registry import Registry

# How long a chain of events may become of which each follows from the one before.
LONGEST_CHAIN = 8

Chain = tuple[type[Event], ...]


class AnotherCompany(Exception):  # noqa: N818 - a refusal, which no caller can have meant to provoke
    """Something was to happen to a stream of another company than the actor's. Nothing was stored."""


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
    """What happens to a stream that had ``after`` events, and what it is then."""

    after: int
    state: Any
    events: list[Event]


class Commit:
    """Collects what happens, by stream in the order in which it came up."""

    def __init__(
        self,
        load: Callable[[Decider[Any, Any, Any], str], Awaitable[LoadedStream]],
        now: Callable[[], datetime],
        reactions: Registry,
        reads: dict[str, int],
        company: int,
    ) -> None:
        """``load`` gives a stream as it is stored, ``reads`` are the versions that the plan has seen of some.

        Only streams of ``company`` may be changed. ``now`` dates what follows.
        """
        self._load = load
        self._now = now
        self._reactions = reactions
        self._reads = reads
        self._company = company
        self._last: list[tuple[CommandEnvelope, Chain]] = []
        # Streams to which nothing happens are not in it.
        self.decided: dict[str, Decided] = {}

    async def carry_out(self, envelopes: Sequence[CommandEnvelope], *, guarded: bool) -> None:
        """Decide the commands one after the other; ``guarded``: none, where the first decides nothing.

        Raises ``Conflict`` where a stream has moved on since the plan read it: it may have planned otherwise;
        ``AnotherCompany`` for a stream that is not of the company; ``EndlessReactions``; and ``Rejected``.
        """
        for envelope in envelopes:
            await self._decide(envelope, ())
            if guarded and not self.decided:
                return
        for envelope, chain in self._last:
            await self._decide(envelope, chain)

    async def _decide(self, envelope: CommandEnvelope, chain: Chain) -> None:
        """Decide one command, which follows from ``chain``, and then what follows from it."""
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
        """Carry out what follows from one event, the last of ``chain``; what comes last is put aside."""
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
        """A stream as it was before this commit. Raises ``Conflict`` where the plan saw another version."""
        known = await self._load(decider, stream)
        if self._reads.setdefault(stream, known.version) != known.version:
            raise Conflict(stream)
        return known
