"""What the sessions of a charger hear when its connection goes or comes, and when it boots."""

from eosvolt.domain.charge_points.commands import Connect, Disconnect, NoteBoot, OpenTransaction
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    BootAsked,
    ChargePointBooted,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointEvent,
    ConnectionPolicyChanged,
    ConnectorReported,
    TransactionClosed,
)
from eosvolt.domain.charge_points.reports import Boot, ConnectorStatus
from eosvolt.domain.faults.decider import faults
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.sessions.commands import NoteConnection, NoteReboot
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.tokens.events import Authorization
from tests.examples import ADDED, CHARGE_POINT, LOCATION, TOKEN, after
from tests.unit.reactions.follows import follows

CONNECTED = ChargePointConnected(
    at=after(1), protocol="ocpp1.6", secure=True, authenticated=True, connectors=(1, 2)
)
CONNECT = Connect(at=after(30), protocol="ocpp1.6", secure=True, authenticated=True)
LOSE = Disconnect(at=after(30), reason="closed")


def opened(session: str, connector: int = 1) -> list[ChargePointEvent]:
    command = OpenTransaction(
        session=session,
        transaction=int(session),
        connector=connector,
        token=TOKEN,
        at=after(5),
        meter_start_wh=0,
        authorization=Authorization.ACCEPTED,
    )
    return list(charge_points.decide(command, charge_points.fold([ADDED])))


def closed(session: str, connector: int = 1) -> TransactionClosed:
    return TransactionClosed(session=session, connector=connector, at=after(20), transaction=int(session))


def reported(minutes: float, status: ConnectorStatus) -> ConnectorReported:
    at = after(minutes)
    return ConnectorReported(location=LOCATION, connector=1, status=status, at=at, received_at=at)


def of_sessions(envelopes: list[CommandEnvelope]) -> list[CommandEnvelope]:
    """Without the faults, which have their own tests."""
    return [envelope for envelope in envelopes if envelope.decider is not faults]


def lost(*given: ChargePointEvent) -> list[CommandEnvelope]:
    history = [ADDED, CONNECTED, *given]
    return of_sessions(follows(ChargePointDisconnected, charge_points, CHARGE_POINT, history, LOSE))


def boots(minutes: float, *given: ChargePointEvent) -> list[CommandEnvelope]:
    history = [ADDED, CONNECTED, *given]
    boot = Boot(vendor="ACME", model="AC22", received_at=after(minutes))
    command = NoteBoot(boot=boot)
    return of_sessions(follows(ChargePointBooted, charge_points, CHARGE_POINT, history, command))


def gone(session: str) -> CommandEnvelope:
    return CommandEnvelope(sessions, session, NoteConnection(at=after(30), connected=False))


def restarted(session: str, minutes: float) -> CommandEnvelope:
    return CommandEnvelope(sessions, session, NoteReboot(at=after(minutes)))


def test_every_open_session_learns_that_the_connection_is_lost() -> None:
    assert lost(*opened("10"), *opened("9", connector=2)) == [gone("9"), gone("10")]


def test_every_open_session_learns_that_the_connection_is_back() -> None:
    history = [ADDED, *opened("7")]
    envelopes = of_sessions(follows(ChargePointConnected, charge_points, CHARGE_POINT, history, CONNECT))
    assert envelopes == [CommandEnvelope(sessions, "7", NoteConnection(at=after(30), connected=True))]


def test_an_ended_session_learns_of_the_connection_until_its_plug_is_free() -> None:
    finishing = reported(20, ConnectorStatus.FINISHING)
    assert lost(*opened("7"), closed("7"), finishing) == [gone("7")]
    assert lost(*opened("7"), closed("7"), reported(21, ConnectorStatus.AVAILABLE)) == []


def test_a_plug_that_was_free_before_the_session_does_not_say_that_its_car_left() -> None:
    before = reported(4, ConnectorStatus.AVAILABLE)
    assert lost(before, *opened("7"), closed("7")) == [gone("7")]


def test_a_charger_that_boots_notifies_only_its_open_sessions() -> None:
    assert boots(30, *opened("7"), *opened("8", connector=2), closed("7")) == [restarted("8", 30)]


def test_a_boot_that_was_asked_for_is_no_reboot_until_the_time_is_over() -> None:
    asked = BootAsked(at=after(25), until=after(30))
    assert boots(30, *opened("7"), asked) == []
    assert boots(30.1, *opened("7"), asked) == [restarted("7", 30.1)]


def test_a_boot_again_of_a_charger_with_pending_registration_is_no_reboot() -> None:
    held, released = ConnectionPolicyChanged(at=after(2), held=True), ConnectionPolicyChanged(at=after(20))
    pending = ChargePointBooted(at=after(3), vendor="ACME", model="AC22", pending=True)
    assert boots(30, held, pending, *opened("7"), released) == []
