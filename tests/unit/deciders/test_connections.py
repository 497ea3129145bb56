"""Which connection of a charger is its present one, whichever gateway accepted it."""

from typing import Any

from eosvolt.domain.charge_points.commands import Connect, Disconnect
from eosvolt.domain.charge_points.connections import SILENT_AFTER
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ChargePointConnected, ChargePointDisconnected
from tests.examples import ADDED, after
from tests.rule import Rule

PLAIN: dict[str, Any] = {"protocol": "ocpp1.6", "secure": False, "authenticated": False}


def connect(gateway: str, connection: str, minutes: int) -> Connect:
    return Connect(at=after(minutes), gateway=gateway, connection=connection, **PLAIN)


def connected(gateway: str, connection: str, minutes: int) -> ChargePointConnected:
    at, plugs = after(minutes), (1, 2)
    return ChargePointConnected(at=at, connectors=plugs, gateway=gateway, connection=connection, **PLAIN)


def gone(minutes: int) -> ChargePointDisconnected:
    at = after(minutes)
    return ChargePointDisconnected(at=at, reason="lost", silent_at=at + SILENT_AFTER, connectors=(1, 2))


def test_a_connection_names_itself_and_its_gateway() -> None:
    Rule(charge_points).given(ADDED).when(connect("one", "a", 1)).then(connected("one", "a", 1))


def test_the_end_of_a_connection_that_was_replaced_by_another_gateway_says_nothing() -> None:
    moved = Rule(charge_points).given(ADDED, connected("one", "a", 1), connected("two", "b", 2))
    moved.when(Disconnect(at=after(3), reason="lost", connection="a")).then()
    moved.when(Disconnect(at=after(3), reason="lost", connection="b")).then(gone(3))


def test_a_gateway_that_is_gone_takes_only_its_own_connections_with_it() -> None:
    moved = Rule(charge_points).given(ADDED, connected("one", "a", 1), connected("two", "b", 2))
    moved.when(Disconnect(at=after(3), reason="lost", gateway="one")).then()
    moved.when(Disconnect(at=after(3), reason="lost", gateway="two")).then(gone(3))


def test_a_connection_from_before_gateways_had_names_ends_with_the_gateway_without_a_name() -> None:
    before = Rule(charge_points).given(ADDED, connected("", "", 1))
    before.when(Disconnect(at=after(3), reason="lost", gateway="one")).then()
    before.when(Disconnect(at=after(3), reason="lost", gateway="")).then(gone(3))


def test_a_connection_ends_once() -> None:
    ended = Rule(charge_points).given(ADDED, connected("one", "a", 1), gone(2))
    ended.when(Disconnect(at=after(3), reason="lost", connection="a")).then()
