"""What follows from an event is carried out with it: in the same commit, in order, and not for ever."""

from collections.abc import Sequence

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.application.commit import EndlessReactions
from eosvolt.application.executor import Application, Plan
from eosvolt.domain.kernel import CommandEnvelope, Decider
from eosvolt.domain.reactions.reaction import Need, Reaction, ReactionContext
from eosvolt.domain.reactions.registry import Registry
from eosvolt.domain.tokens.commands import PutToken, ReleaseToken, TokenCommand, UseToken
from eosvolt.domain.tokens.decider import Token, TokenState, tokens
from eosvolt.domain.tokens.events import TokenEvent, TokenInUse, TokenIssued, TokenReleased, TokenStatus
from tests.examples import COMPANY, MORNING, after
from tests.scenario import WHY

PUT = PutToken(company=COMPANY, uid="T", at=MORNING, status=TokenStatus.ACCEPTED)


def use(key: str, session: str) -> CommandEnvelope:
    return CommandEnvelope(tokens, key, UseToken(session=session, at=MORNING))


def release(key: str, session: str) -> CommandEnvelope:
    return CommandEnvelope(tokens, key, ReleaseToken(session=session, at=MORNING))


async def carried_out(reactions: Registry, *envelopes: CommandEnvelope) -> MemoryEventStore:
    """The history after two tokens, A and B, were put and ``envelopes`` carried out together."""
    store = MemoryEventStore(SteppedClock(MORNING))
    for key in ("A", "B"):
        await Application(store, reactions={}).execute(tokens, key, PUT, WHY)

    async def plan() -> Plan[None]:
        return Plan(envelopes, None)

    await Application(store, reactions=reactions).perform(plan, WHY)
    return store


def happened(store: MemoryEventStore) -> list[tuple[str, str]]:
    """What happened after the tokens were put, by stream."""
    return [(fact.key, type(fact.event).__name__) for fact in store.facts[2:]]


async def test_what_follows_is_stored_with_the_event_even_where_it_follows_in_turn() -> None:
    appended: list[int] = []
    store = MemoryEventStore(SteppedClock(MORNING))
    store.subscribe(lambda: appended.append(len(store.facts)))
    app = Application(
        store,
        reactions={
            TokenIssued: [Reaction(lambda _, context: [use(context.key, "1")])],
            TokenInUse: [Reaction(lambda _, context: [release(context.key, "1")])],
        },
    )
    state, version = await app.execute(tokens, "A", PUT, WHY)
    assert [type(fact.event) for fact in store.facts] == [TokenIssued, TokenInUse, TokenReleased]
    assert appended == [3]
    assert isinstance(state, Token)
    assert (state.sessions, version) == (frozenset(), 3)


async def test_what_follows_comes_before_the_next_order() -> None:
    reaction = Reaction(lambda event, context: [release(context.key, event.session)])
    reactions: Registry = {TokenInUse: [reaction]}
    store = await carried_out(reactions, use("A", "1"), use("B", "1"))
    assert happened(store) == [
        ("A", "TokenInUse"),
        ("A", "TokenReleased"),
        ("B", "TokenInUse"),
        ("B", "TokenReleased"),
    ]


async def test_what_comes_last_is_stored_after_what_was_ordered_otherwise() -> None:
    reactions: Registry = {
        TokenInUse: [
            Reaction(lambda _, context: [release("B", "0")] if context.key == "A" else [], last=True)
        ]
    }
    store = await carried_out(reactions, use("A", "1"), use("B", "0"), use("B", "1"))
    assert happened(store) == [
        ("A", "TokenInUse"),
        ("B", "TokenInUse"),
        ("B", "TokenInUse"),
        ("B", "TokenReleased"),
    ]


async def test_a_reaction_knows_the_states_around_its_command_and_the_streams_that_it_needs() -> None:
    seen: list[tuple[TokenState, TokenState, TokenState]] = []

    def envelopes(_event: TokenInUse, context: ReactionContext) -> list[CommandEnvelope]:
        seen.append((context.before, context.after, context.other(tokens, "B")))
        assert context.now == MORNING
        return []

    reaction = Reaction(envelopes, lambda _event, _context: [Need(tokens, "B")])
    await carried_out({TokenInUse: [reaction]}, use("B", "1"), use("A", "1"))
    _, (before, then, other) = seen
    assert isinstance(before, Token)
    assert isinstance(then, Token)
    assert isinstance(other, Token)
    # B as it was before this commit, whatever happens to it meanwhile.
    assert (before.sessions, then.sessions, other.sessions) == (
        frozenset(),
        frozenset({"1"}),
        frozenset(),
    )


def test_a_reaction_does_not_get_what_it_did_not_name() -> None:
    context = ReactionContext("A", PUT, tokens.initial, tokens.initial, MORNING)
    with pytest.raises(KeyError):
        context.other(tokens, "B")


async def test_reactions_that_set_each_other_off_are_refused_and_leave_no_trace() -> None:
    reactions: Registry = {
        TokenInUse: [Reaction(lambda event, context: [release(context.key, event.session)])],
        TokenReleased: [Reaction(lambda event, context: [use(context.key, event.session)])],
    }
    store = MemoryEventStore(SteppedClock(MORNING))
    app = Application(store, reactions=reactions)
    await app.execute(tokens, "A", PUT, WHY)
    with pytest.raises(EndlessReactions, match="TokenInUse → TokenReleased → TokenInUse"):
        await app.execute(tokens, "A", UseToken(session="1", at=MORNING), WHY)
    assert len(store.facts) == 1
    state = await app.state(tokens, "A")
    assert isinstance(state, Token)
    assert state.sessions == frozenset()


async def test_each_command_is_decided_once() -> None:
    asked: list[TokenCommand] = []

    def decide(command: TokenCommand, token: TokenState) -> Sequence[TokenEvent]:
        asked.append(command)
        return tokens.decide(command, token)

    counted = Decider(tokens.category, tokens.initial, decide, tokens.evolve)
    reaction = Reaction(lambda _, context: [use(context.key, "1")._replace(decider=counted)])
    app = Application(MemoryEventStore(SteppedClock(MORNING)), reactions={TokenIssued: [reaction]})
    await app.execute(counted, "A", PUT, WHY)
    assert asked == [PUT, UseToken(session="1", at=MORNING)]


async def test_a_needed_stream_that_moved_on_since_the_plan_read_it_is_planned_again() -> None:
    store = MemoryEventStore(SteppedClock(MORNING))
    reaction = Reaction(lambda _event, _context: [], lambda _event, _context: [Need(tokens, "B")])
    app = Application(store, reactions={TokenInUse: [reaction]})
    for key in ("A", "B"):
        await app.execute(tokens, key, PUT, WHY)
    plans = 0

    async def plan() -> Plan[frozenset[str]]:
        nonlocal plans
        plans += 1
        state = await app.state(tokens, "B")
        assert isinstance(state, Token)
        if plans == 1:
            await app.execute(tokens, "B", UseToken(session="0", at=after(1)), WHY)
        return Plan((use("A", "1"),), frozenset(state.sessions))

    assert await app.perform(plan, WHY) == {"0"}
