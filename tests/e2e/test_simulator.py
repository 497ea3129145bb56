"""A park of simulated chargers, some of them odd and most of them unlucky, against the running system."""

import asyncio
import time
from typing import Any

import msgspec

from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.console import QUIRKS
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.fault_injection import FaultRates
from eosvolt.adapters.simulator.park import Park, stations
from eosvolt.adapters.simulator.plans import ordinary
from tests.e2e.running import Api, RunningSystem
from tests.park import PATIENCE_S, lead, live

UNLUCKY = FaultRates(defect_h=10, link_h=3, power_h=20)
TOKENS = [f"04AB{number:04X}" for number in range(40)]


def every_session(api: Api) -> dict[int, dict[str, Any]]:
    return {int(one["number"]): one for one in api.every("/sessions")}


async def ended_sessions(api: Api, patience_s: float = 30.0) -> dict[int, dict[str, Any]]:
    """All sessions, once the read models have caught up with every stop."""
    until = time.monotonic() + patience_s
    known = every_session(api)
    while any("endedAt" not in one for one in known.values()) and time.monotonic() < until:
        await asyncio.sleep(0.1)
        known = every_session(api)
    return known


async def test_the_system_bills_exactly_what_the_plugs_delivered(system: RunningSystem) -> None:
    api = system.api(247)
    place = api.location({"strategy": "perKwh", "price": "0.50"})
    plans = [
        msgspec.structs.replace(ordinary(247, f"SIM-{number}"), quirks=quirks)
        for number, quirks in enumerate(QUIRKS, 1)
    ]
    for plan in plans:
        api.charger(place, plan.charge_box_id)
    for token in TOKENS:
        api.token(token)

    speed = 1_200.0
    clock = ParkClock(speed, lead(speed))
    lot = stations(plans, Wallet(TOKENS), clock.now(), seed=5, fault_rates=UNLUCKY, busyness=3)
    park = Park(lot, system.charger_url("", company=247), clock, closes_within_s=PATIENCE_S)

    def links_broke() -> bool:
        return sum(charger.connections for charger in park.chargers) > len(plans)

    await live(park, enough=lambda: len(park.deliveries) > 15 and links_broke())

    state = park.state()
    assert (state.waiting, state.given_up) == (0, 0)
    delivered = park.deliveries
    known = await ended_sessions(api)
    assert {one.transaction for one in delivered} == set(known)
    for one in delivered:
        assert one.transaction is not None
        session = known[one.transaction]
        assert (session["energyWh"], session["chargeBoxId"]) == (one.energy_wh, one.charge_box_id), one


def test_the_command_line_runs_a_park(system: RunningSystem) -> None:
    api = system.api(248)
    place = api.location({"strategy": "perKwh", "price": "0.50"})
    for number in (1, 2):
        api.charger(place, f"CP-{number}")
    url = system.charger_url("", company=248)
    done = system.run("simulate", "--chargers", "2", "--url", url, "--duration", "2", "--speed", "60")
    assert done.returncode == 0, done.stderr
    assert "Delivered sessions" in done.stdout
    elsewhere = system.run("simulate", "--chargers", "1", "--url", "ws://192.0.2.7/ocpp/1", "--duration", "1")
    assert elsewhere.returncode != 0
    assert "not this machine" in elsewhere.stdout + elsewhere.stderr
    assert "Traceback" not in elsewhere.stdout + elsewhere.stderr
