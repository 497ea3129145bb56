"""Load, decide, react, append: how every command of the system is carried out.

The state of streams in use is kept in memory; the primary key of the log is the fence. A command that met a
newer version forgets what it knew, reads the streams again and decides again. What follows from an event by
the registry of reactions is carried out in the same commit, until nothing follows any more.
"""

import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
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
# The versions of the streams that the plan in the making has read.
_reads: ContextVar[dict[str, int] | None] = ContextVar("reads", default=None)


class Plan(NamedTuple, Generic[A]):
    """What shall be done, all or nothing, and the answer to give once it is durable.

    ``guarded``: where the first command decides nothing, because things have changed since the plan was made,
    the others are not carried out either. ``alongside`` is what changes outside the history, in the same
    transaction. ``afterwards`` is done once all of that is durable; a process that dies just then leaves it
    to those who follow the log.
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
        """Keep at most ``streams_in_memory`` states; the least recently used are read again when needed.

        ``new_turn`` makes a lock with which writers of a contended stream wait for each other; by default
        none waits. ``reactions`` say what follows from which event.
        """
        self._store = store
        self._new_turn = new_turn
        self._contended: WeakValueDictionary[str, AbstractAsyncContextManager[Any]] = WeakValueDictionary()
        self._known: OrderedDict[str, LoadedStream] = OrderedDict()
        self._room = streams_in_memory
        self._reactions = reactions

    async def state(self, decider: Decider[Any, S, Any], key: str) -> S:
        """The present state of an aggregate; its initial state where it has no events."""
        return cast("S", (await self.known(decider, key)).state)

    async def known(self, decider: Decider[Any, Any, Any], key: str) -> LoadedStream:
        """The present state of an aggregate with its version and the company that it belongs to."""
        stream = decider.stream(key)
        known = await self._load(decider, stream)
        if (reads := _reads.get()) is not None:
            reads.setdefault(stream, known.version)
        return known

    async def history(self, decider: Decider[Any, Any, Any], key: str) -> Sequence[Fact]:
        """All facts of an aggregate, oldest first; what is planned with them holds for this version alone."""
        stream = decider.stream(key)
        facts = await self._store.read(stream)
        self._remember(stream, _folded(decider, facts))
        if (reads := _reads.get()) is not None:
            reads.setdefault(stream, len(facts))
        return facts

    async def recall(self, decider: Decider[Any, Any, Any], keys: Sequence[str]) -> None:
        """Read in one go what many aggregates are that are needed next."""
        streams = [stream for key in keys if (stream := decider.stream(key)) not in self._known]
        facts: dict[str, list[Fact]] = {stream: [] for stream in streams}
        for fact in await self._store.read_together(streams):
            facts[fact.stream].append(fact)
        for stream, those in facts.items():
            self._remember(stream, _folded(decider, those))

    async def execute(
        self, decider: Decider[Any, S, Any], key: str, command: Command, why: Provenance
    ) -> tuple[S, int]:
        """Carry out one command, with what follows, and return the aggregate's state and version after it.

        Raises ``Rejected`` when the decider refuses.
        """

        async def plan() -> Plan[None]:
            return Plan((CommandEnvelope(decider, key, command),), None)

        await self.perform(plan, why)
        known = await self._load(decider, decider.stream(key))
        return known.state, known.version

    async def perform(self, plan: Callable[[], Awaitable[Plan[A]]], why: Provenance) -> A:
        """Carry out what ``plan`` decides on, all or nothing, and return its answer once that is durable.

        ``plan`` is asked again when another writer came first, so it must only read. Raises ``Rejected``.
        """
        made = await self._carried_out(plan, why)
        for each in made.afterwards:
            await each()
        return made.answer

    async def _carried_out(self, plan: Callable[[], Awaitable[Plan[A]]], why: Provenance) -> Plan[A]:
        """Attempt it until no other writer comes first, at most ``ATTEMPTS`` times."""
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
        """Plan, decide and store once. Raises ``Conflict`` where another writer came first.

        A stream that many want at once is contended: they take turns and decide with what is true when it is
        theirs.
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
            # Whatever the outcome is: only the store's own content can say what these streams are now.
            for stream in {*decided, *(decider.stream(key) for decider, key, _ in made.envelopes)}:
                self._known.pop(stream, None)
            raise
        for stream, each in decided.items():
            self._remember(stream, LoadedStream(each.state, each.after + len(each.events), why.company))

    async def _plan(
        self, plan: Callable[[], Awaitable[Plan[A]]], company: int
    ) -> tuple[Plan[A], dict[str, Decided]]:
        """What is planned, and what it leads to."""
        reads: dict[str, int] = {}
        token = _reads.set(reads)
        try:
            made = await plan()
        finally:
            _reads.reset(token)
        commit = Commit(self._load, self._store.now, self._reactions, reads, company)
        await commit.carry_out(made.envelopes, guarded=made.guarded)
        return made, commit.decided

    def learnt(self, stream: str, version: int) -> None:
        """The log shows this version of a stream: a state from before is read again when it is needed next.

        Another process wrote it, or this one did: the log may show an event a moment before whoever stored
        it hears that it is stored.
        """
        known = self._known.get(stream)
        if known is not None and known.version < version:
            del self._known[stream]

    async def _load(self, decider: Decider[Any, Any, Any], stream: str) -> LoadedStream:
        known = self._known.get(stream)
        if known is None:
            known = _folded(decider, await self._store.read(stream))
            self._remember(stream, known)
        else:
            self._known.move_to_end(stream)
        return known

    def _remember(self, stream: str, known: LoadedStream) -> None:
        present = self._known.get(stream)
        if present is None or present.version < known.version:
            self._known[stream] = known
            self._known.move_to_end(stream)
            if len(self._known) > self._room:
                self._known.popitem(last=False)


def _folded(decider: Decider[Any, Any, Any], facts: Sequence[Fact]) -> LoadedStream:
    company = facts[0].why.company if facts else 0
    return LoadedStream(decider.fold([fact.event for fact in facts]), len(facts), company)
