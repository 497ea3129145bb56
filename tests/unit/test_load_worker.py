"""What a process of a load keeps in memory."""

from eosvolt.demo.load_worker import SESSIONS_KEPT, EndedSessions
from tests.examples import after
from tests.scenario import Scenario

SESSIONS = SESSIONS_KEPT + 2


async def charged(sessions: int) -> Scenario:
    """A plug that had so many sessions, one an hour."""
    scenario = await Scenario().opened()
    for number in range(sessions):
        began = 60 * number
        started = await scenario.starts(began, 1000 * number)
        await scenario.meters(began + 5, 1000 * number + 100, transaction=started.transaction)
        await scenario.stops(began + 10, started.transaction, 1000 * number + 200)
        await scenario.reports(began + 20, "Available")
    return scenario


async def test_sessions_that_are_over_are_dropped_with_the_messages_that_they_took() -> None:
    scenario = await charged(SESSIONS)
    ended = EndedSessions()
    ended.note(scenario.store.facts)
    dropped = ended.over(after(60 * SESSIONS))
    streams = dict.fromkeys(fact.stream for fact in scenario.store.facts)
    sessions = [each for each in streams if each.startswith("session:")]
    deliveries = [each for each in streams if each.startswith("delivery:")]
    assert len(deliveries) == len(sessions) == SESSIONS
    assert dropped == {*sessions[:-SESSIONS_KEPT], *deliveries[:-SESSIONS_KEPT]}
    assert ended.over(after(60 * SESSIONS)) == set()


async def test_what_is_not_old_enough_is_kept() -> None:
    ended = EndedSessions()
    ended.note((await charged(SESSIONS)).store.facts)
    assert ended.over(after(0)) == set()
