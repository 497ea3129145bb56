"""The demo's past, told to the real application."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.simulator.caretaker import LEFT_OVER, Operator, excuse_pause
from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.happenings import Status
from eosvolt.adapters.simulator.history import produce
from eosvolt.adapters.simulator.park import Park
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.adapters.simulator.station import Station
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ChargePointConnected
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.charge_points.state import Known
from eosvolt.domain.faults.decider import Entry, NoFault, faults, subject
from eosvolt.domain.faults.events import FaultSolved
from eosvolt.domain.reactions.faults import NO_CONTACT, no_contact
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Blocking, Charging, Closed
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.faults import apply as fault_after
from eosvolt.projections.faults import keys as fault_keys
from tests.unit.simulator.demo_system import WHY, DemoSystem
from tests.unit.simulator.listener import Listener
from tests.unit.simulator.real_time import time_from

UNTIL = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
OPERATOR = "admin:demo"
TOKENS = [token.uid for token in DEMO.drivers]


async def past(weeks: int = 1, seed: int = 7, until: datetime = UNTIL) -> tuple[DemoSystem, list[Station]]:
    system = DemoSystem(SteppedClock(until))
    await system.furnish(until - timedelta(weeks=weeks, days=1))
    stations = await produce(
        system.charging,
        list(DEMO.plans.values()),
        tokens=TOKENS,
        strangers=DEMO.strangers,
        until=until,
        weeks=weeks,
        seed=seed,
        operator=Operator(system.application, OPERATOR),
    )
    return system, stations


async def test_every_session_has_the_energy_that_was_delivered() -> None:
    system, stations = await past()
    ended = [one for station in stations for one in station.deliveries if one.ended_at is not None]
    assert len(ended) > 500
    for one in ended:
        session = await system.application.state(sessions, str(one.transaction))
        assert isinstance(session, Blocking | Closed), one
        last = session.last if isinstance(session, Closed) else session
        assert last.end.energy_wh == one.energy_wh, one
        assert isinstance(session, Closed) == (one.freed_at is not None), one


async def test_the_plugs_are_left_as_the_system_knows_them() -> None:
    system, stations = await past()
    for station in stations:
        state = await system.application.state(charge_points, station.plan.key)
        assert isinstance(state, Known)
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


async def test_the_past_has_all_that_a_demo_wants_to_show() -> None:
    system, _ = await past(weeks=2)
    happened = Counter(type(fact.event).__name__ for fact in system.store.facts)
    for event in (
        "SessionStarted",
        "EvSuspended",
        "EvseSuspended",
        "IdleDetected",
        "BlockingFeeCharged",
        "FaultOpened",
        "FaultRecovered",
        "FaultSolved",
        "ChargePointDisconnected",
        "ChargePointBooted",
    ):
        assert happened[event], (event, happened)


async def test_the_same_seed_makes_the_same_past() -> None:
    def heard(stations: list[Station]) -> list[tuple[str, int, datetime, int]]:
        every = [one for station in stations for one in station.deliveries]
        return [(one.charge_box_id, one.plug, one.started_at, one.energy_wh) for one in every]

    def solved(system: DemoSystem) -> list[tuple[str, FaultSolved]]:
        found = [(fact.key, fact.event) for fact in system.store.facts if isinstance(fact.event, FaultSolved)]
        return sorted(found, key=lambda each: (each[1].at, each[0]))

    (first, lived), (second, lived_again), (_, lived_otherwise) = (
        await past(),
        await past(),
        await past(seed=8),
    )
    assert heard(lived) == heard(lived_again)
    assert heard(lived) != heard(lived_otherwise)
    assert len(first.store.facts) == len(second.store.facts)
    assert solved(first) == solved(second)


@pytest.mark.parametrize("hours", [0, 7, 60])
async def test_an_operator_solved_all_but_the_newest_faults(hours: int) -> None:
    until = UNTIL + timedelta(hours=hours)
    system, _ = await past(weeks=3, until=until)
    rows: dict[str, FaultRow] = {}
    for fact in system.store.facts:
        for key in fault_keys(fact):
            row = fault_after(rows.get(key), fact, key)
            assert row is not None
            rows[key] = row
    solved = [row for row in rows.values() if row.state == "solved"]
    left = sorted((row for row in rows.values() if row.state != "solved"), key=lambda row: row.last_seen_at)
    assert len(rows) > 60
    assert len(left) == LEFT_OVER
    assert any(row.earlier for row in left), "one that came back is among them"
    newest = sorted(row.last_seen_at for row in rows.values())[1 - LEFT_OVER :]
    assert [row.last_seen_at for row in left[1:]] == newest
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
    await excuse_pause(system.application, plans, resumed, WHY)

    async def silent_since(plan: ChargerPlan, at: datetime) -> Entry | NoFault:
        state = await system.application.state(charge_points, plan.key)
        assert isinstance(state, Known)
        _, key, report = no_contact(state, at)
        await system.application.execute(faults, key, report, WHY)
        return await system.application.state(faults, subject(plan.key, 0, NO_CONTACT))

    for plan in plans:
        assert isinstance(await silent_since(plan, UNTIL + timedelta(minutes=5)), NoFault)
        assert isinstance(await silent_since(plan, resumed + timedelta(minutes=5)), Entry)


async def test_a_charger_with_a_password_gave_it() -> None:
    system, _ = await past()
    connected = [fact for fact in system.store.facts if isinstance(fact.event, ChargePointConnected)]
    open_ones = {charger.plan.key for charger in DEMO.chargers if charger.open}
    assert 0 < len(open_ones) <= 2
    for fact in connected:
        assert isinstance(fact.event, ChargePointConnected)
        assert fact.event.authenticated is (fact.key not in open_ones)


async def test_a_faulted_plug_is_not_charging() -> None:
    _, stations = await past()
    for station in stations:
        for plug in station.plugs.values():
            assert (plug.delivery is not None) == (
                plug.status in {Status.CHARGING, Status.SUSPENDED_EV, Status.SUSPENDED_EVSE}
            )


async def test_the_live_park_goes_on_where_the_past_ends() -> None:
    _, left = await past()
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
