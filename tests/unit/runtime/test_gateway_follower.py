"""What the log says reaches the chargers that are connected here: commands, exclusion, other treatment."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from eosvolt.application.executor import Application
from eosvolt.domain.charge_points.commands import ChangeConnectionPolicy, RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import Conformance
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.commands.events import CommandAnswered
from eosvolt.runtime.command_dispatcher import CommandDispatcher
from eosvolt.runtime.gateway_follower import GatewayFollower
from tests.eventually import in_background, until
from tests.examples import CHARGE_POINT, COMPANY
from tests.scenario import WHY, Scenario

HOUR = timedelta(hours=1)


class Connections:
    """What becomes of the chargers' connections."""

    def __init__(self) -> None:
        self.treated: list[tuple[str, Conformance, bool]] = []
        self.disconnected: list[tuple[str, datetime | None]] = []

    def treat(self, charge_point: str, conformance: Conformance, *, held: bool = False) -> None:
        self.treated.append((charge_point, conformance, held))

    async def disconnect(self, charge_point: str, before: datetime | None = None) -> None:
        self.disconnected.append((charge_point, before))


class Unfinished:
    """Commands that were asked for before."""

    def __init__(self, *commands: str) -> None:
        self.left = commands

    async def commands(self) -> Sequence[str]:
        return self.left


@asynccontextmanager
async def following(s: Scenario, connections: Connections, *left: str) -> AsyncIterator[GatewayFollower]:
    gateway = GatewayFollower(
        s.store,
        s.application,
        s.dispatch,
        connections,
        Unfinished(*left),
        CommandDispatcher(s.dispatch, s.charger, 20),
    )
    async with in_background(gateway.run(())):
        await until(lambda: gateway.follower.position is not None)
        yield gateway


async def asked(s: Scenario, action: str) -> str:
    return await s.commands.request(COMPANY, CHARGE_POINT, action, {}, "admin:a1", HOUR, waits=True)


async def test_a_command_that_is_asked_for_is_brought_to_its_charger() -> None:
    s = await Scenario().opened()
    async with following(s, Connections()):
        await asked(s, "clearCache")
        await until(lambda: bool(s.events(CommandAnswered)))
    assert s.charger.requests == [("clearCache", {})]


async def test_what_was_asked_for_before_the_start_is_brought_too() -> None:
    s = await Scenario().opened()
    command = await asked(s, "clearCache")
    async with following(s, Connections(), command):
        await until(lambda: bool(s.events(CommandAnswered)))
    assert s.charger.requests == [("clearCache", {})]


async def test_what_another_gateway_has_sent_is_not_sent_again() -> None:
    s = await Scenario().opened()
    s.charger.online = False
    async with following(s, Connections()) as gateway:
        command = await asked(s, "clearCache")
        s.charger.online = True
        await s.dispatch.deliver(command)
        await until(lambda: gateway.follower.position == len(s.store.facts))
        await s.connects(1)
        await until(lambda: gateway.follower.position == len(s.store.facts))
    assert s.charger.requests == [("clearCache", {})]


async def test_a_charger_that_is_removed_is_disconnected() -> None:
    s, connections = await Scenario().opened(), Connections()
    async with following(s, connections):
        await s.application.execute(charge_points, CHARGE_POINT, RemoveChargePoint(at=s.clock.now()), WHY)
        await until(lambda: bool(connections.disconnected))
    assert connections.disconnected == [(CHARGE_POINT, None)]


async def test_how_a_charger_is_to_be_treated_holds_for_its_present_connection() -> None:
    s, connections = await Scenario().opened(), Connections()
    async with following(s, connections):
        change = ChangeConnectionPolicy(at=s.clock.now(), conformance=Conformance.STRICT)
        await s.application.execute(charge_points, CHARGE_POINT, change, WHY)
        await until(lambda: bool(connections.treated))
    assert connections.treated == [(CHARGE_POINT, Conformance.STRICT, False)]


async def test_what_operators_changed_elsewhere_is_read_again() -> None:
    s = await Scenario().opened()
    elsewhere = Application(s.store)
    async with following(s, Connections()) as gateway:
        before = await s.application.state(charge_points, CHARGE_POINT)
        change = ChangeConnectionPolicy(at=s.clock.now(), conformance=Conformance.STRICT)
        await elsewhere.execute(charge_points, CHARGE_POINT, change, WHY)
        await until(lambda: gateway.follower.position == len(s.store.facts))
        after = await s.application.state(charge_points, CHARGE_POINT)
    assert isinstance(before, Registered)
    assert isinstance(after, Registered)
    assert (before.conformance, after.conformance) == (Conformance.TOLERANT, Conformance.STRICT)
