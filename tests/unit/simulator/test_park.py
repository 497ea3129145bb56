"""Whole parks: what they tell adds up to what they delivered, and the command line behaves."""

import asyncio
import json
import signal
import sys
from datetime import datetime, timedelta

import pytest

from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.fault_injection import FaultRates
from eosvolt.adapters.simulator.localhost_guard import NotHere, require_local_address
from eosvolt.adapters.simulator.park import Park, stations
from eosvolt.domain.tariffs.tariff import problems
from tests.park import PATIENCE_S, lead, live
from tests.unit.simulator.listener import Listener
from tests.unit.simulator.real_time import time_from
from tests.unit.simulator.scene import BEGUN

UNLUCKY = FaultRates(defect_h=10, link_h=2, power_h=12)
SIMULATE = "import sys; from eosvolt.adapters.simulator.console import simulate; sys.exit(simulate({}))"


async def test_a_park_with_faults_reports_every_session_exactly() -> None:
    listener = Listener()
    async with listener.listening():
        speed = 1_800.0
        real_time = time_from(BEGUN)
        clock = ParkClock(speed, lead(speed), real_time)
        wallet = Wallet([token.uid for token in DEMO.drivers])
        plans = list(DEMO.plans.values())[:8]
        park = Park(
            stations(plans, wallet, clock.now(), fault_rates=UNLUCKY, busyness=3),
            listener.url,
            clock,
            closes_within_s=PATIENCE_S,
        )
        await live(park, enough=lambda: len(park.deliveries) > 10)
        state = park.state()
    assert (state.waiting, state.given_up, state.connected, state.charging) == (0, 0, 0, 0)
    starts, stops = listener.distinct("StartTransaction"), listener.distinct("StopTransaction")
    reported = {one["transactionId"]: (one["meterStop"], one["reason"]) for one in stops}
    delivered = park.deliveries
    assert len(delivered) == len(starts) == len(stops) == len(reported)
    for one in delivered:
        assert one.transaction is not None
        assert reported[one.transaction] == (one.meter_stop_wh, one.reason)
    assert sum(charger.connections for charger in park.chargers) > len(park.chargers), "some links broke"
    now = real_time()
    assert all(datetime.fromisoformat(one["timestamp"]) <= now for one in [*starts, *stops])


def test_a_fast_clock_catches_up_and_is_never_ahead() -> None:
    real_time = time_from(BEGUN)
    clock = ParkClock(10.0, timedelta(seconds=900), real_time)
    assert timedelta(seconds=850) < real_time() - clock.now() <= timedelta(seconds=901)
    assert clock.seconds_until(clock.now() - timedelta(seconds=1)) == 0
    assert clock.seconds_until(clock.now() + timedelta(seconds=500)) == pytest.approx(50, abs=1)
    # It catches up after 100 s, which are 1,000 simulated ones; the other 100 s take as long as they are.
    assert clock.seconds_until(clock.now() + timedelta(seconds=1_100)) == pytest.approx(200, abs=3)
    assert ParkClock(100.0, real_time=real_time).now() <= real_time()
    with pytest.raises(ValueError, match="1 or more"):
        ParkClock(0.5, real_time=real_time)


@pytest.mark.parametrize(
    "url",
    [
        "ws://192.0.2.7:8000/ocpp/242",
        "http://127.0.0.1/ocpp",
        "ws:///ocpp",
        "ws://0.0.0.0/x",
        "ws://no-such-host.invalid/x",
    ],
)
def test_it_refuses_to_trouble_other_machines(url: str) -> None:
    with pytest.raises(NotHere):
        require_local_address(url)


@pytest.mark.parametrize(
    "url", ["ws://127.0.0.1:8000/ocpp/242", "wss://localhost/ocpp", "ws://[::1]:8000/ocpp"]
)
def test_it_speaks_to_this_machine(url: str) -> None:
    require_local_address(url)


async def run(arguments: str, *, interrupt_after: tuple[Listener, str] | None = None) -> tuple[int, str, str]:
    """Run the command in a process of its own; its exit code, output and error output."""
    code = SIMULATE.format(arguments)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    if interrupt_after is not None:
        listener, action = interrupt_after
        await listener.until(action, within_s=30)
        process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), 40)
    return process.returncode or 0, out.decode(), err.decode()


async def test_interrupted_it_ends_all_sessions_and_prints_them_as_json() -> None:
    listener = Listener()
    async with listener.listening():
        arguments = f"{listener.url!r}, ['A', 'B'], tokens=['T1', 'T2', 'T3'], speed=300, as_json=True"
        code, out, err = await run(arguments, interrupt_after=(listener, "MeterValues"))
    assert code == 0, err
    assert "Traceback" not in err
    sessions = json.loads(out)
    stops = {one["transactionId"]: one["meterStop"] for one in listener.all("StopTransaction")}
    starts = {one["timestamp"]: one["meterStart"] for one in listener.all("StartTransaction")}
    assert len(sessions) == len(stops) == len(starts) > 0
    assert sum(one["energyWh"] for one in sessions) == sum(stops.values()) - sum(starts.values())


async def test_at_its_end_it_prints_a_table() -> None:
    listener = Listener()
    async with listener.listening():
        code, out, err = await run(f"{listener.url!r}, 2, prefix='X-', speed=600, duration_s=3, quirky=True")
    assert code == 0, err
    assert "Delivered sessions" in out
    assert "0/2 connected" in out.splitlines()[-1]
    assert {heard.charger for heard in listener.heard} == {"X-1", "X-2"}


async def test_without_a_system_it_says_so_and_fails() -> None:
    code, out, err = await run("'ws://127.0.0.1:9/ocpp/242', 1, duration_s=1")
    assert code == 1
    assert "0/1 connected" in out.splitlines()[-1]
    assert err == ""


def test_the_demo_is_complete_and_its_tariffs_are_sound() -> None:
    assert len(DEMO.chargers) == 16
    assert len({charger.plan.charge_box_id for charger in DEMO.chargers}) == 16
    places = {place.name: place for place in DEMO.locations}
    assert {charger.location for charger in DEMO.chargers} == set(places)
    assert {place.tariff.currency for place in DEMO.locations} == {"EUR", "CZK", "GBP"}
    for place in DEMO.locations:
        assert problems(place.tariff) == []
    uids = [token.uid for token in DEMO.tokens]
    assert len(set(uids)) == len(uids) >= 40
    assert all(len(uid) <= 20 and uid == uid.upper() for uid in uids)
    assert {token.status for token in DEMO.tokens} == {"accepted", "blocked"}
