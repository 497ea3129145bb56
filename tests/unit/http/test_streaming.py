"""Server-sent events: what they say, and that their ids never skip anything."""

from collections.abc import AsyncIterator, Sequence

from eosvolt.adapters.http.framework.open_streams import while_admitted
from eosvolt.adapters.http.presentation.changed_rows import Touched, messages, touched
from eosvolt.adapters.http.presentation.visible_facts import VisibleFacts
from eosvolt.domain.charge_points.events import ChargePointAdded, ChargePointChanged, ChargePointRemoved
from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.operators.events import AdminDeactivated
from tests.examples import COMPANY, FLAT_TARIFF, LOCATION, MORNING
from tests.scenario import Scenario
from tests.unit.operations.charging import a_session as a_session_of
from tests.web_in_memory import Site

EVERY_KIND = frozenset(("plug", "session", "fault"))


async def batches(*known: Sequence[Fact]) -> AsyncIterator[Sequence[Fact]]:
    yield []
    for batch in known:
        yield batch


async def streamed(*known: Sequence[Fact], kinds: frozenset[str] = EVERY_KIND) -> list[dict[str, str]]:
    async def shown(change: Touched) -> object | None:
        return {"state": change.kind} if change.kind != "fault" else None

    text = b"".join([part async for part in messages(batches(*known), shown, kinds)]).decode()
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

    text = b"".join([part async for part in messages(batches([]), shown, EVERY_KIND)]).decode()
    assert [line for line in text.split("\n") if line.startswith(":")] == [": welcome", ": nothing new"]


async def test_kinds_that_somebody_may_not_view_are_left_out() -> None:
    shown = await streamed(await a_session(), kinds=frozenset({"plug"}))
    assert {message["event"] for message in shown} == {"plug"}


async def heard(within: frozenset[str] | None, *batches_of: Sequence[Fact]) -> list[Fact]:
    """What somebody hears who works at these locations."""
    site = await Site().opened()
    queries = site.queries.narrowed(within)
    visible = VisibleFacts(queries, COMPANY, within)
    return [fact async for batch in visible.through(batches(*batches_of)) for fact in batch]


async def test_whoever_works_elsewhere_hears_of_nothing_that_happens_at_a_location() -> None:
    facts = await a_session()
    assert await heard(None, facts) == list(facts)
    elsewhere = await heard(frozenset({"airport"}), facts)
    assert {fact.stream.partition(":")[0] for fact in elsewhere} <= {"company", "token"}


async def test_whoever_works_there_hears_of_all_of_it() -> None:
    site = await Site().opened()
    await a_session_of(site)
    facts = site.store.facts
    visible = VisibleFacts(site.queries.narrowed(frozenset({LOCATION})), COMPANY, frozenset({LOCATION}))
    shown = [fact async for batch in visible.through(batches(facts)) for fact in batch]
    there = ("location", "charge-point", "session", "fault", "command")
    assert [fact for fact in facts if fact.stream.startswith(there)] == [
        fact for fact in shown if fact.stream.startswith(there)
    ]


async def test_a_charger_that_moves_away_or_is_removed_is_heard_of_once_more() -> None:
    def about(event: Event, position: int) -> Fact:
        why = Provenance(COMPANY, "admin:a1")
        return Fact(position, "charge-point:242/CP-9", position, event, MORNING, why)

    def added(location: str) -> ChargePointAdded:
        return ChargePointAdded(
            company=COMPANY, charge_box_id="CP-9", location=location, connectors=(), at=MORNING
        )

    away = ChargePointChanged(location="airport", connectors=(), at=MORNING)
    back = ChargePointChanged(location=LOCATION, connectors=(), at=MORNING)
    removed = ChargePointRemoved(at=MORNING, connectors=())
    facts = [
        about(event, n)
        for n, event in enumerate((added("airport"), back, away, away, back, removed, removed))
    ]
    shown = await heard(frozenset({LOCATION}), facts)
    assert [fact.position for fact in shown] == [1, 2, 4, 5]


async def test_a_stream_ends_with_the_access_of_whoever_reads_it() -> None:
    facts = await a_session()
    deactivated = Fact(
        9999, "operator:nina", 3, AdminDeactivated(at=MORNING), MORNING, Provenance(COMPANY, "admin:ana")
    )
    asked = 0

    async def admitted() -> bool:
        nonlocal asked
        asked += 1
        return asked < 2

    read = [
        batch async for batch in while_admitted(batches(facts, [], facts, [deactivated], facts), admitted)
    ]
    assert read == [[], facts, [], facts]
    assert asked == 2


async def test_a_stream_on_which_much_happens_ends_with_its_session_too() -> None:
    facts = await a_session()
    times = iter((0.0, 1.0, 6.0))

    async def ended() -> bool:
        return False

    following = while_admitted(batches(facts, facts, facts), ended, lambda: next(times))
    assert [batch async for batch in following] == [[], facts]
