"""The executor: load, decide, react, append, for every command of the system.

States of streams in use are cached; the primary key of the log detects concurrent writes. After a conflict
the streams are read and decided again (optimistic concurrency). Reactions to events are carried out in the
same commit, recursively.
"""

import contextlib
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from typing import Any, Generic, NamedTuple, TypeVar, cast
from weakref import WeakValueDictionary

from eosvolt.application.commit import Commit, Decided, LoadedStream
from eosvolt.application.ports import Alongside, Conflict, EventStore, StreamAppend
from eosvolt.domain.kernel import Command, CommandEnvelope, Decider, Fact, Provenance
from eosvolt.domain.reactions.registry import REACTIONS, Registry

A = TypeVar("A")
S = TypeVar("S")

ATTEMPTS = 12
STREAMS_IN_MEMORY = 200_000


class _Attempt(NamedTuple):
    """What a plan and its commit have read: the versions of streams, and those that did not exist."""

    reads: dict[str, int]
    absent: dict[str, LoadedStream]


_attempt: ContextVar[_Attempt | None] = ContextVar("attempt", default=None)


class Plan(NamedTuple, Generic[A]):
    """Commands to carry out, all or none, and the answer to return once they are durable.

    ``guarded``: if the first command decides nothing, because its stream has changed since the plan was made,
    the others are not carried out. ``alongside`` are changes outside the history in the same transaction.
    ``afterwards`` is called once all of it is durable; if the process dies before, followers of the log do
    the same work.
    """

    envelopes: Sequence[CommandEnvelope]
    answer: A
    guarded: bool = False
    alongside: Sequence[Alongside] = ()
    afterwards: Sequence[Callable[[], Awaitable[None]]] = ()


class Application:
    """Carries out commands against one event store."""

    def __init__(
        self,
        store: EventStore,
        streams_in_memory: int = STREAMS_IN_MEMORY,
        new_turn: Callable[[], AbstractAsyncContextManager[Any]] = contextlib.nullcontext,
        reactions: Registry = REACTIONS,
    ) -> None:
        """Cache at most ``streams_in_memory`` states; the least recently used are dropped.

        ``new_turn`` makes a lock that serializes the writers of a contended stream, by default none.
        ``reactions`` is the registry of reactions to events.
        """
        self._store = store
        self._new_turn = new_turn
        self._contended: WeakValueDictionary[str, AbstractAsyncContextManager[Any]] = WeakValueDictionary()
        self._known: OrderedDict[str, LoadedStream] = OrderedDict()
        # How often each stream is being read, and the newest version that the log has shown meanwhile.
        self._reads: Counter[str] = Counter()
        self._shown: dict[str, int] = {}
        self._room = streams_in_memory
        self._reactions = reactions

    async def state(self, decider: Decider[Any, S, Any], key: str) -> S:
        """The present state of an aggregate; its initial state if it has no events."""
        return cast("S", (await self.known(decider, key)).state)

    async def known(self, decider: Decider[Any, Any, Any], key: str) -> LoadedStream:
        """The present state of an aggregate with its version and company."""
        stream = decider.stream(key)
        known = await self._load(decider, stream)
        if (attempt := _attempt.get()) is not None:
            attempt.reads.setdefault(stream, known.version)
        return known

    async def history(self, decider: Decider[Any, Any, Any], key: str) -> Sequence[Fact]:
        """All facts of an aggregate, oldest first. A plan that reads them depends on this version."""
        stream = decider.stream(key)
        with self._reading((stream,)):
            facts = await self._store.read(stream)
            self._remember(stream, _folded(decider, facts))
        if (attempt := _attempt.get()) is not None:
            attempt.reads.setdefault(stream, len(facts))
        return facts

    async def recall(self, decider: Decider[Any, Any, Any], keys: Sequence[str]) -> None:
        """Load the states of many aggregates into the cache with one query."""
        streams = [stream for key in keys if (stream := decider.stream(key)) not in self._known]
        await self._read_together(decider, streams)

    async def states(self, decider: Decider[Any, S, Any], keys: Sequence[str]) -> list[S]:
        """The present states of many aggregates, in order; one query reads those that are not cached."""
        streams = [decider.stream(key) for key in keys]
        found = {stream: self._known[stream] for stream in streams if stream in self._known}
        found |= await self._read_together(decider, [each for each in streams if each not in found])
        if (attempt := _attempt.get()) is not None:
            for stream, known in found.items():
                attempt.reads.setdefault(stream, known.version)
        return [cast("S", found[stream].state) for stream in streams]

    async def execute(
        self, decider: Decider[Any, S, Any], key: str, command: Command, why: Provenance
    ) -> tuple[S, int]:
        """Carry out one command and its reactions; return the aggregate's new state and version.

        Raises ``Rejected`` if the decider refuses.
        """

        async def plan() -> Plan[None]:
            return Plan((CommandEnvelope(decider, key, command),), None)

        await self.perform(plan, why)
        known = await self._load(decider, decider.stream(key))
        return known.state, known.version

    async def perform(self, plan: Callable[[], Awaitable[Plan[A]]], why: Provenance) -> A:
        """Carry out the plan that ``plan`` returns, all or nothing; return its answer once it is durable.

        ``plan`` is called again after a conflict, so it must only read. Raises ``Rejected``.
        """
        made = await self._carried_out(plan, why)
        for each in made.afterwards:
            await each()
        return made.answer

    async def _carried_out(self, plan: Callable[[], Awaitable[Plan[A]]], why: Provenance) -> Plan[A]:
        """Attempt the plan until there is no conflict, at most ``ATTEMPTS`` times."""
        try:
            return await self._attempt(plan, why, wait=False)
        except Conflict:
            for _ in range(ATTEMPTS - 2):
                with contextlib.suppress(Conflict):
                    return await self._attempt(plan, why, wait=True)
            return await self._attempt(plan, why, wait=True)

    async def _attempt(
        self, plan: Callable[[], Awaitable[Plan[A]]], why: Provenance, *, wait: bool
    ) -> Plan[A]:
        """Plan, decide and store once. Raises ``Conflict`` if another writer came first.

        After a conflict (``wait``) the writers of a stream take turns, and each decides on its state then.
        """
        made, decided = await self._plan(plan, why.company)
        if not decided and not made.alongside:
            return made
        if wait or (self._contended and any(stream in self._contended for stream in decided)):
            return await self._attempt_in_turn(plan, decided, why)
        await self._store_decided(made, decided, why)
        return made

    async def _attempt_in_turn(
        self, plan: Callable[[], Awaitable[Plan[A]]], wanted: Iterable[str], why: Provenance
    ) -> Plan[A]:
        async with contextlib.AsyncExitStack() as turns:
            for stream in sorted(wanted):
                turn = self._contended.setdefault(stream, self._new_turn())
                await turns.enter_async_context(turn)
            made, decided = await self._plan(plan, why.company)
            if decided or made.alongside:
                await self._store_decided(made, decided, why)
        return made

    async def _store_decided(self, made: Plan[Any], decided: dict[str, Decided], why: Provenance) -> None:
        try:
            entries = [StreamAppend(stream, each.after, each.events) for stream, each in decided.items()]
            await self._store.append(entries, why, made.alongside)
        except BaseException:
            # The outcome is unknown, so drop these streams from the cache and read them again.
            for stream in {*decided, *(decider.stream(key) for decider, key, _ in made.envelopes)}:
                self._known.pop(stream, None)
            raise
        for stream, each in decided.items():
            self._remember(stream, LoadedStream(each.state, each.after + len(each.events), why.company))

    async def _plan(
        self, plan: Callable[[], Awaitable[Plan[A]]], company: int
    ) -> tuple[Plan[A], dict[str, Decided]]:
        """The plan, and the events that it leads to."""
        attempt = _Attempt({}, {})
        token = _attempt.set(attempt)
        try:
            made = await plan()
            commit = Commit(self._load, self._store.now, self._reactions, attempt.reads, company)
            await commit.carry_out(made.envelopes, guarded=made.guarded)
        finally:
            _attempt.reset(token)
        return made, commit.decided

    def learnt(self, stream: str, version: int) -> None:
        """The log shows this version of a stream: drop an older state from the cache.

        The event may be of this process, because the log can show it before its writer is acknowledged.
        """
        known = self._known.get(stream)
        if known is not None and known.version < version:
            del self._known[stream]
        if stream in self._reads:
            self._shown[stream] = max(version, self._shown.get(stream, 0))

    def forget(self, streams: Iterable[str]) -> bool:
        """Drop the states of streams from the cache; return whether there were any."""
        dropped = [self._known.pop(stream, None) for stream in streams]
        return any(each is not None for each in dropped)

    def forget_kinds(self, beginnings: tuple[str, ...]) -> None:
        """Drop the states of all streams with these beginnings from the cache."""
        self.forget([each for each in self._known if each.startswith(beginnings)])

    async def _load(self, decider: Decider[Any, Any, Any], stream: str) -> LoadedStream:
        known = self._known.get(stream)
        if known is not None:
            self._known.move_to_end(stream)
            return known
        attempt = _attempt.get()
        if attempt is not None and stream in attempt.absent:
            return attempt.absent[stream]
        with self._reading((stream,)):
            known = _folded(decider, await self._store.read(stream))
            self._remember(stream, known)
        return known

    async def _read_together(
        self, decider: Decider[Any, Any, Any], streams: Sequence[str]
    ) -> dict[str, LoadedStream]:
        facts: dict[str, list[Fact]] = {stream: [] for stream in streams}
        if not facts:
            return {}
        with self._reading(list(facts)):
            for fact in await self._store.read_together(list(facts)):
                facts[fact.stream].append(fact)
            found = {stream: _folded(decider, those) for stream, those in facts.items()}
            for stream, known in found.items():
                self._remember(stream, known)
        return found

    @contextlib.contextmanager
    def _reading(self, streams: Collection[str]) -> Iterator[None]:
        """Keep in mind what the log shows of streams while they are read: what was read may be older."""
        self._reads.update(streams)
        try:
            yield
        finally:
            for stream in streams:
                self._reads[stream] -= 1
                if not self._reads[stream]:
                    del self._reads[stream]
                    self._shown.pop(stream, None)

    def _remember(self, stream: str, known: LoadedStream) -> None:
        if not known.version:
            # What does not exist may begin to at any time, also in another process. Only within an attempt,
            # whose append finds out, it stays so.
            if (attempt := _attempt.get()) is not None:
                attempt.absent[stream] = known
            return
        present = self._known.get(stream)
        newer = present is not None and present.version >= known.version
        if newer or known.version < self._shown.get(stream, 0):
            return
        self._known[stream] = known
        self._known.move_to_end(stream)
        if len(self._known) > self._room:
            self._known.popitem(last=False)


def _folded(decider: Decider[Any, Any, Any], facts: Sequence[Fact]) -> LoadedStream:
    company = facts[0].why.company if facts else 0
    return LoadedStream(decider.fold([fact.event for fact in facts]), len(facts), company)
