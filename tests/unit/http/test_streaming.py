"""Server-sent events: what they say, and that their ids never skip anything."""

from collections.abc import AsyncIterator, Sequence

from eosvolt.adapters.http.presentation.changed_rows import Touched, messages, touched
from eosvolt.domain.kernel import Fact
from tests.examples import FLAT_TARIFF
from tests.scenario import Scenario


async def batches(*known: Sequence[Fact]) -> AsyncIterator[Sequence[Fact]]:
    yield []
    for batch in known:
        yield batch


async def streamed(*known: Sequence[Fact]) -> list[dict[str, str]]:
    async def shown(change: Touched) -> object | None:
        return {"state": change.kind} if change.kind != "fault" else None

    text = b"".join([part async for part in messages(batches(*known), shown)]).decode()
    return [
        dict(line.split(": ", 1) for line in block.split("\n"))
        for block in text.split("\n\n")
        if "data: " in block
    ]


async def a_session() -> Sequence[Fact]:
    scenario = await Scenario().opened(FLAT_TARIFF)
    started = await scenario.starts(1)
    await scenario.meters(5, 3000)
    await scenario.stops(10, started.transaction, 9000)
    await scenario.reports(11, "Faulted", error="GroundFailure")
    return scenario.store.facts


async def test_a_thing_that_changed_twice_in_a_batch_is_shown_once() -> None:
    changes = touched(await a_session())
    assert len({(change.kind, change.key) for change in changes}) == len(changes)
    assert [change.position for change in changes] == sorted(change.position for change in changes)
    assert {change.kind for change in changes} == {"plug", "session", "fault"}


async def test_an_id_is_only_said_after_everything_up_to_it_was_shown() -> None:
    facts = await a_session()
    both_plugs_in_one_fact = [fact for fact in facts if "connected" in type(fact.event).__name__.lower()]
    shown = await streamed(both_plugs_in_one_fact)
    assert [("id" in message) for message in shown] == [False, True]
    assert shown[-1]["id"] == str(both_plugs_in_one_fact[-1].position)


async def test_a_removed_fault_is_streamed_as_removed() -> None:
    shown = await streamed(await a_session())
    faults = [message for message in shown if message["event"] == "fault"]
    assert all('"removed":true' in message["data"] for message in faults)
    assert faults


async def test_batches_in_which_nothing_is_shown_keep_the_connection_alive() -> None:
    async def shown(_: Touched) -> None:
        raise AssertionError("there is nothing to show")

    text = b"".join([part async for part in messages(batches([]), shown)]).decode()
    assert [line for line in text.split("\n") if line.startswith(":")] == [": welcome", ": nothing new"]
