"""The demo's past, told to the real application."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import pytest_asyncio

from eosvolt.adapters.http.web.diagnostics.one.page import AROUND
from eosvolt.adapters.ocpp.schemas import schemas
from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.demo_operator import LEFT_OVER, suppress_pause
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.events import Status
from eosvolt.adapters.simulator.park import Park
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.demo.past import Past, PastSystem
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ChargePointConnected, ConnectorReported
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.faults.decider import faults, subject
from eosvolt.domain.faults.events import FaultOpened, FaultRecurred, FaultSolved
from eosvolt.domain.kernel import Fact
from eosvolt.domain.reactions.faults import NO_CONTACT, no_contact
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import ChargingEnded, SessionStarted
from eosvolt.domain.sessions.state import Blocking, Charging, Closed
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.faults import apply as fault_after
from eosvolt.projections.faults import keys as fault_keys
from tests.unit.simulator.demo_system import OPERATOR, WHY, lived
from tests.unit.simulator.listener import Listener
from tests.unit.simulator.real_time import time_from

UNTIL = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)

pytestmark = pytest.mark.slow


Lived = tuple[PastSystem, Past]


async def past(weeks: int = 1, seed: int = 7, until: datetime = UNTIL) -> Lived:
    return await lived(until, weeks, seed)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def week() -> Lived:
    """A week, for tests that only look at it."""
    return await past()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two_weeks() -> Lived:
    """Two weeks, for tests that only look at them."""
    return await past(weeks=2)


async def test_every_session_has_the_energy_that_was_delivered(week: Lived) -> None:
    system, made = week
    stations = made.stations
    ended = [one for station in stations for one in station.deliveries if one.ended_at is not None]
    assert len(ended) > 500
    # Who leaves while a plug is faulted is known when it has recovered.
    unheard = {
        plug.deliveries[-1].transaction
        for station in stations
        for plug in station.plugs.values()
        if plug.status is Status.FAULTED and plug.deliveries
    }
    for one in ended:
        session = await system.application.state(sessions, str(one.transaction))
        assert isinstance(session, Blocking | Closed), one
        last = session.last if isinstance(session, Closed) else session
        assert last.end.energy_wh == one.energy_wh, one
        reported = one.freed_at is not None and one.transaction not in unheard
        assert isinstance(session, Closed) == reported, one


async def test_the_plugs_are_left_as_the_system_knows_them(week: Lived) -> None:
    system, made = week
    stations = made.stations
    for station in stations:
        state = await system.application.state(charge_points, station.plan.key)
        assert isinstance(state, Registered)
        opened = {transaction.opened.session for transaction in state.open()}
        running = {str(plug.delivery.transaction) for plug in station.plugs.values() if plug.delivery}
        assert opened == running
        assert not state.online
        if station.away_until is None:
            for number, plug in station.plugs.items():
                assert state.plugs[number].status is ConnectorStatus(plug.status.value)
    charging = [plug for station in stations for plug in station.plugs.values() if plug.delivery]
    assert charging, "somebody charges at the moment at which the live park takes over"
    for plug in charging:
        assert plug.delivery is not None
        session = await system.application.state(sessions, str(plug.delivery.transaction))
        assert isinstance(session, Charging)


async def test_the_past_has_all_that_a_demo_wants_to_show(two_weeks: Lived) -> None:
    _, made = two_weeks
    happened = Counter(type(fact.event).__name__ for fact in made.facts)
    for event in (
        "SessionStarted",
        "EvSuspended",
        "EvseSuspended",
        "IdleDetected",
        "BlockingFeeCharged",
        "CommandAnswered",
        "FaultOpened",
        "FaultRecovered",
        "FaultSolved",
        "FaultAcknowledged",
        "FaultAssigned",
        "FaultSnoozed",
        "ChargePointSilent",
        "ChargePointDisconnected",
        "ChargePointBooted",
    ):
        assert happened[event], (event, happened)


async def test_the_same_seed_makes_the_same_past(week: Lived) -> None:
    (_, first), (_, second), (_, otherwise) = week, await past(), await past(seed=8)
    assert first.facts == second.facts
    assert first.frames == second.frames
    assert first.facts != otherwise.facts


async def test_later_on_the_same_day_there_is_only_more_of_the_same_past(week: Lived) -> None:
    end = UNTIL.replace(hour=7)
    (_, morning), (_, evening) = await past(until=end), week
    assert len(evening.facts) > len(morning.facts)
    assert [fact for fact in morning.facts if fact.recorded_at < end] == [
        fact for fact in evening.facts if fact.recorded_at < end
    ]


async def test_everything_is_recorded_when_it_happened(week: Lived) -> None:
    _, made = week
    recorded = [fact.recorded_at for fact in made.facts]
    assert recorded == sorted(recorded)
    assert [fact.position for fact in made.facts] == list(range(1, len(made.facts) + 1))
    versions: dict[str, int] = {}
    for fact in made.facts:
        assert fact.version == versions.get(fact.stream, 0) + 1
        versions[fact.stream] = fact.version
    late = [fact for fact in made.facts if fact.recorded_at - heard(fact) > timedelta(seconds=2)]
    assert late == []
    assert recorded[-1] <= UNTIL + timedelta(seconds=1)


def heard(fact: Fact) -> datetime:
    """When the system came to know of it, as far as the event says so."""
    event = fact.event
    reported = getattr(event, "received_at", None) or getattr(event, "at", None)
    # What a charger kept while it was away is dated by when it happened; so are presumptions.
    changes_status = isinstance(event, SessionStarted | FaultSolved | CommandRequested | ConnectorReported)
    return reported if changes_status and isinstance(reported, datetime) else fact.recorded_at


async def test_every_message_of_the_past_is_in_the_log_with_its_answer(week: Lived) -> None:
    _, made = week
    asked = [frame for frame in made.frames if frame.text.startswith("[2,")]
    answers = {(frame.connection, frame.message_id) for frame in made.frames if frame.text.startswith("[3,")}
    assert answers == {(frame.connection, frame.message_id) for frame in asked}
    assert len(answers) == len(asked) == len(made.frames) / 2
    digests = {sha256(frame.text.encode()).hexdigest() for frame in asked}
    assert {fact.why.frame for fact in made.facts if fact.why.frame} <= digests
    schemas_of_1_6 = schemas("1.6")
    for frame in asked[::7]:
        assert schemas_of_1_6[frame.action].valid(json.loads(frame.text)[3]), frame.text


async def test_a_session_of_the_past_has_its_own_messages(week: Lived) -> None:
    _, made = week
    ended = next(fact for fact in made.facts if isinstance(fact.event, ChargingEnded))
    own = [fact for fact in made.facts if fact.stream == ended.stream]
    texts = {sha256(frame.text.encode()).hexdigest(): frame for frame in made.frames}
    actions = [texts[fact.why.frame].action for fact in own if fact.why.frame]
    assert actions[0] == "StartTransaction"
    assert "StopTransaction" in actions
    assert "MeterValues" in actions


async def test_a_fault_of_the_past_has_its_message_within_five_minutes_of_when_it_was_recorded(
    two_weeks: Lived,
) -> None:
    _, made = two_weeks
    at = {sha256(frame.text.encode()).hexdigest(): frame for frame in made.frames}
    reported = [
        fact for fact in made.facts if isinstance(fact.event, FaultOpened | FaultRecurred) and fact.why.frame
    ]
    assert len(reported) > 60
    for fact in reported:
        frame = at[fact.why.frame]
        assert fact.key.startswith(f"{frame.charge_point}/"), fact
        assert abs(frame.at - fact.recorded_at) < AROUND, fact


@pytest.mark.parametrize("hours", [0, 7, 60])
async def test_an_operator_solved_all_but_the_newest_faults(hours: int, two_weeks: Lived) -> None:
    until = UNTIL + timedelta(hours=hours)
    today = until.replace(hour=0)
    _, made = await past(weeks=2, until=until) if hours else two_weeks
    rows: dict[str, FaultRow] = {}
    for fact in made.facts:
        for key in fault_keys(fact):
            row = fault_after(rows.get(key), fact, key)
            assert row is not None
            rows[key] = row
    solved = [row for row in rows.values() if row.state == "solved"]
    left = sorted((row for row in rows.values() if row.state != "solved"), key=lambda row: row.last_seen_at)
    assert len(rows) > 60
    of_before = [row for row in left if row.last_seen_at < today]
    assert len(of_before) == LEFT_OVER
    assert any(row.earlier for row in left), "one that came back is among them"
    newest = sorted(row.last_seen_at for row in rows.values() if row.last_seen_at < today)[1 - LEFT_OVER :]
    assert [row.last_seen_at for row in of_before[1:]] == newest
    for row in solved:
        assert row.recovered_at is not None
        assert row.solved_at is not None
        assert timedelta() < row.solved_at - row.recovered_at < timedelta(hours=30), row
        assert row.solved_at < until
        assert row.solved_by == OPERATOR
    assert {row.earlier for row in rows.values()} - {""} <= {row.id for row in solved}
    noted = [row.note for row in solved if row.note]
    assert len(solved) / 2 < len(noted) < len(solved)
    assert len(set(noted)) > 15


async def test_no_charger_is_to_blame_for_a_pause_of_the_demo() -> None:
    system, _ = await past()
    plans, resumed = list(DEMO.plans.values()), UNTIL + timedelta(hours=9)
    await suppress_pause(system.application, plans, resumed, WHY)

    async def entries(plan: ChargerPlan, silent_since: datetime) -> int:
        """How often the charger was found silent, with the silence that begins then."""
        state = await system.application.state(charge_points, plan.key)
        assert isinstance(state, Registered)
        _, key, report = no_contact(state, silent_since)
        await system.application.execute(faults, key, report, WHY)
        facts = await system.store.read(faults.stream(subject(plan.key, 0, NO_CONTACT)))
        return len([fact for fact in facts if isinstance(fact.event, FaultOpened | FaultRecurred)])

    for plan in plans:
        facts = await system.store.read(faults.stream(subject(plan.key, 0, NO_CONTACT)))
        before = len([fact for fact in facts if isinstance(fact.event, FaultOpened | FaultRecurred)])
        assert await entries(plan, UNTIL + timedelta(minutes=5)) == before
        assert await entries(plan, resumed + timedelta(minutes=5)) == before + 1


async def test_a_charger_with_a_password_gave_it(week: Lived) -> None:
    system, _ = week
    connected = [fact for fact in system.store.facts if isinstance(fact.event, ChargePointConnected)]
    open_ones = {charger.plan.key for charger in DEMO.chargers if charger.open}
    assert 0 < len(open_ones) <= 2
    for fact in connected:
        assert isinstance(fact.event, ChargePointConnected)
        assert fact.event.authenticated is (fact.key not in open_ones)


async def test_a_faulted_plug_is_not_charging(week: Lived) -> None:
    _, made = week
    stations = made.stations
    for station in stations:
        for plug in station.plugs.values():
            assert (plug.delivery is not None) == (
                plug.status in {Status.CHARGING, Status.SUSPENDED_EV, Status.SUSPENDED_EVSE}
            )


async def test_the_live_park_goes_on_where_the_past_ends() -> None:
    _, made = await past()
    left = made.stations
    running = {one.transaction for station in left for one in station.deliveries if one.ended_at is None}
    listener = Listener()
    async with listener.listening():
        clock = ParkClock(real_time=time_from(UNTIL))
        park = Park(left, listener.url, clock, started=True)
        await park.run(1.0)
    stops = {one["transactionId"]: one["meterStop"] for one in listener.all("StopTransaction")}
    assert running <= set(stops)
    by_transaction = {one.transaction: one for one in park.deliveries}
    assert all(by_transaction[number].meter_stop_wh == wh for number, wh in stops.items())
    away = [charger for charger in park.chargers if not charger.connections]
    assert len(away) < len(park.chargers)
    assert listener.all("BootNotification") == [], "nothing was switched off in between"
