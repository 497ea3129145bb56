"""How commands are carried out: all or nothing, again after a conflict, and never on what is no longer so."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.application.commit import AnotherCompany
from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Alongside, StreamAppend
from eosvolt.domain.kernel import CommandEnvelope, Fact, Provenance
from eosvolt.domain.tokens.commands import PutToken, ReleaseToken, UseToken
from eosvolt.domain.tokens.decider import Token, UnknownToken, tokens
from eosvolt.domain.tokens.events import TokenInUse, TokenStatus
from tests.examples import COMPANY, MORNING
from tests.scenario import WHY, Scenario

PUT = PutToken(company=COMPANY, uid="T", at=MORNING, status=TokenStatus.ACCEPTED)


def application() -> tuple[Application, MemoryEventStore]:
    store = MemoryEventStore(SteppedClock(MORNING))
    return Application(store, new_turn=asyncio.Lock), store


async def test_writers_of_one_stream_all_get_their_turn() -> None:
    app, store = application()
    await app.execute(tokens, "T", PUT, WHY)
    await asyncio.gather(
        *(app.execute(tokens, "T", UseToken(session=str(n), at=MORNING), WHY) for n in range(50))
    )
    state = await app.state(tokens, "T")
    assert isinstance(state, Token)
    assert len(state.sessions) == 50
    assert [fact.version for fact in store.facts] == list(range(1, 52))


async def test_a_plan_whose_streams_have_moved_on_since_it_read_them_is_made_again() -> None:
    app, store = application()
    await app.execute(tokens, "T", PUT, WHY)

    async def claim(session: str) -> str:
        async def plan() -> Plan[str]:
            state = await app.state(tokens, "T")
            assert isinstance(state, Token)
            if state.sessions:
                return Plan((), min(state.sessions))
            # Something takes its time, such as a number from the database; for some more than for others.
            for _ in range(10 * int(session)):
                await asyncio.sleep(0)
            return Plan((CommandEnvelope(tokens, "T", UseToken(session=session, at=MORNING)),), session)

        return await app.perform(plan, WHY)

    assert len(set(await asyncio.gather(*(claim(str(n)) for n in range(5))))) == 1
    assert len([fact for fact in store.facts if isinstance(fact.event, TokenInUse)]) == 1


async def test_what_was_recalled_is_what_is_known_and_the_next_command_goes_on_from_there() -> None:
    first, store = application()
    for uid in ("A", "B"):
        await first.execute(tokens, uid, PUT, WHY)
    app = Application(store)
    await app.recall(tokens, ["A", "B", "C"])
    _, version = await app.execute(tokens, "B", UseToken(session="1", at=MORNING), WHY)
    assert version == 2
    assert await app.state(tokens, "C") == await first.state(tokens, "C")


async def test_many_states_are_read_at_once_and_a_plan_depends_on_all_of_them() -> None:
    app, store = application()
    for uid in ("A", "B"):
        await app.execute(tokens, uid, PUT, WHY)
    other = Application(store, 0)
    known = await other.states(tokens, ("B", "A", "NONE", "B"))
    assert [type(each) for each in known] == [Token, Token, UnknownToken, Token]
    assert await other.states(tokens, ()) == []
    faster = UseToken(session="1", at=MORNING)

    async def plan() -> Plan[frozenset[str]]:
        first, _ = await other.states(tokens, ("A", "B"))
        # Somebody else is faster, once.
        await app.execute(tokens, "A", faster, WHY)
        assert isinstance(first, Token)
        use = UseToken(session="2", at=MORNING)
        return Plan((CommandEnvelope(tokens, "A", use),), frozenset(first.sessions))

    assert await other.perform(plan, WHY) == {"1"}


async def test_a_guarded_plan_does_nothing_once_its_first_order_has_nothing_to_decide() -> None:
    app, store = application()
    await app.execute(tokens, "T", PUT, WHY)

    async def plan() -> Plan[str]:
        release = CommandEnvelope(tokens, "T", ReleaseToken(session="1", at=MORNING))
        return Plan((release, CommandEnvelope(tokens, "OTHER", PUT)), "answer", guarded=True)

    assert await app.perform(plan, WHY) == "answer"
    assert len(store.facts) == 1
    await app.execute(tokens, "T", UseToken(session="1", at=MORNING), WHY)
    await app.perform(plan, WHY)
    assert [fact.stream for fact in store.facts[2:]] == ["token:T", "token:OTHER"]


async def test_states_that_are_not_kept_in_memory_are_read_again() -> None:
    _, store = application()
    forgetful, other = Application(store, streams_in_memory=0), Application(store)
    await forgetful.execute(tokens, "T", PUT, WHY)
    await other.execute(tokens, "T", UseToken(session="1", at=MORNING), WHY)
    state = await forgetful.state(tokens, "T")
    assert isinstance(state, Token)
    assert state.sessions == {"1"}
    assert isinstance(store.facts[-1].event, TokenInUse)


async def test_what_did_not_exist_is_looked_for_again() -> None:
    app, store = application()
    other = Application(store)
    before = await app.state(tokens, "T")
    await other.execute(tokens, "T", PUT, WHY)
    now = await app.state(tokens, "T")
    assert (type(before), type(now)) == (UnknownToken, Token)


class CountingReads(MemoryEventStore):
    """Counts what it is asked, as a database would."""

    asked = 0

    async def read(self, stream: str, until: int | None = None) -> list[Fact]:
        self.asked += 1
        return await super().read(stream, until)

    async def read_together(self, streams: Sequence[str]) -> list[Fact]:
        before = self.asked
        facts = await super().read_together(streams)
        self.asked = before + 1
        return facts


async def test_a_plan_and_its_commit_look_once_for_what_does_not_exist() -> None:
    store = CountingReads(SteppedClock(MORNING))
    app = Application(store)

    async def plan() -> Plan[None]:
        await app.recall(tokens, ["A", "B"])
        assert [type(await app.state(tokens, uid)) for uid in ("A", "B", "C")] == [UnknownToken] * 3
        return Plan([CommandEnvelope(tokens, uid, PUT) for uid in ("A", "B", "C")], None)

    await app.perform(plan, WHY)
    assert len(store.facts) == 3
    # A and B together, and C.
    assert store.asked == 2


class SlowToAnswer(MemoryEventStore):
    """The log shows what is stored before whoever stored it hears of it."""

    heard: asyncio.Event

    async def append(
        self, entries: Sequence[StreamAppend], why: Provenance, alongside: Sequence[Alongside] = ()
    ) -> int:
        position = await super().append(entries, why, alongside)
        await self.heard.wait()
        return position


async def test_what_the_log_shows_is_so_before_its_writer_learns_that_it_is_stored() -> None:
    store = SlowToAnswer(SteppedClock(MORNING))
    store.heard = asyncio.Event()
    app = Application(store)
    before = await app.state(tokens, "T")
    writing = asyncio.create_task(app.execute(tokens, "T", PUT, WHY))
    while not store.facts:
        await asyncio.sleep(0)
    app.learnt("token:T", store.facts[-1].version)
    shown = await app.state(tokens, "T")
    assert (type(before), type(shown)) == (UnknownToken, Token)
    store.heard.set()
    assert (await writing)[1] == 1


class SlowToRead(MemoryEventStore):
    """What was read arrives late."""

    arrives: asyncio.Event

    async def read(self, stream: str, until: int | None = None) -> list[Fact]:
        found = await super().read(stream, until)
        await self.arrives.wait()
        return found

    async def read_together(self, streams: Sequence[str]) -> list[Fact]:
        found = await super().read_together(streams)
        await self.arrives.wait()
        return found


@pytest.mark.parametrize("together", [False, True])
async def test_what_was_read_before_the_log_showed_more_is_not_kept(*, together: bool) -> None:
    store = SlowToRead(SteppedClock(MORNING))
    store.arrives = asyncio.Event()
    store.arrives.set()
    reader, writer = Application(store), Application(store)
    await writer.execute(tokens, "T", PUT, WHY)
    store.arrives.clear()
    reading = asyncio.create_task(reader.recall(tokens, ["T"]) if together else reader.known(tokens, "T"))
    await asyncio.sleep(0)
    await writer.execute(tokens, "T", UseToken(session="1", at=MORNING), WHY)
    reader.learnt("token:T", 2)
    store.arrives.set()
    await reading
    assert (await reader.known(tokens, "T")).version == 2


@pytest.mark.parametrize(("back_first", "left"), [(True, []), (False, ["recovered"])])
async def test_a_charger_that_came_back_in_the_very_moment_is_no_fault_that_stays(
    *, back_first: bool, left: list[str]
) -> None:
    s = await Scenario().opened()
    await s.disconnects(10)
    s.clock.step(timedelta(minutes=6))
    both = (s.connects(16), s.looks()) if back_first else (s.looks(), s.connects(16))
    await asyncio.gather(*both)
    assert [row.state for row in s.faults()] == left


async def test_a_stream_of_another_company_is_refused_with_all_that_goes_with_it() -> None:
    app, store = application()
    await app.execute(tokens, "T", PUT, WHY)
    other = Provenance(company=COMPANY + 1, by="admin:other")
    use = UseToken(session="1", at=MORNING)

    async def plan() -> Plan[None]:
        return Plan((CommandEnvelope(tokens, "OWN", PUT), CommandEnvelope(tokens, "T", use)), None)

    for forgotten in (False, True):
        if forgotten:
            app.learnt("token:T", store.facts[-1].version + 1)
        with pytest.raises(AnotherCompany):
            await app.perform(plan, other)
        with pytest.raises(AnotherCompany):
            await app.execute(tokens, "T", use, other)
    assert len(store.facts) == 1
    await app.execute(tokens, "T", use, WHY)


async def test_what_is_planned_with_a_history_is_planned_again_where_it_has_grown() -> None:
    first, store = application()
    second = Application(store)
    await first.execute(tokens, "T", PUT, WHY)
    await second.state(tokens, "T")
    await first.execute(tokens, "T", UseToken(session="1", at=MORNING), WHY)
    seen: list[int] = []

    async def plan() -> Plan[int]:
        seen.append(len(await second.history(tokens, "T")))
        if len(seen) == 1:
            await first.execute(tokens, "T", UseToken(session="2", at=MORNING), WHY)
        return Plan((CommandEnvelope(tokens, "T", UseToken(session="3", at=MORNING)),), seen[-1])

    assert await second.perform(plan, WHY) == 3
    assert seen[0] == 2
    assert len(store.facts) == 4
