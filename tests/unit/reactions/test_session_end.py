"""What follows for plug, token and charger when a session's charging ends, or did not end after all."""

import msgspec

from eosvolt.domain.charge_points.commands import CloseTransaction, ReopenTransaction
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.sessions.commands import (
    EndCharging,
    KeepOrphanStop,
    MeterEnergy,
    NoteConnector,
    ReachDeadline,
    SessionCommand,
    StartSession,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import ChargingEnded, EndReconciled, EndWithdrawn, Place, SessionEvent
from eosvolt.domain.tokens.commands import ReleaseToken, UseToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import Authorization
from tests.examples import (
    CHARGE_BOX_ID,
    CHARGE_POINT,
    COMPANY,
    LOCATION,
    MORNING,
    TARIFF_BY_TIME_OF_DAY,
    TOKEN,
    after,
)
from tests.unit.reactions.follows import follows

START = StartSession(
    number=7,
    place=Place(COMPANY, LOCATION, CHARGE_BOX_ID, 1, "Europe/Berlin"),
    token=TOKEN,
    at=MORNING,
    received_at=MORNING,
    meter_start_wh=1000,
    transaction=7,
    tariff=TARIFF_BY_TIME_OF_DAY,
    max_power_w=22_000,
    authorization=Authorization.ACCEPTED,
)
SUSPENDED = NoteConnector(status=ConnectorStatus.SUSPENDED_EV, at=after(1), received_at=after(1))
FREE = NoteConnector(status=ConnectorStatus.AVAILABLE, at=after(5), received_at=after(5))
IDLE = ReachDeadline(at=after(16))


def history(*commands: SessionCommand) -> list[SessionEvent]:
    events: list[SessionEvent] = []
    for command in commands:
        events += sessions.decide(command, sessions.fold(events))
    return events


def closed(minutes: float, *, provisional: bool) -> list[CommandEnvelope]:
    """The commands that close the transaction and free the token."""
    close = CloseTransaction(session="7", at=after(minutes), provisional=provisional)
    release = ReleaseToken(session="7", at=after(minutes))
    return [
        CommandEnvelope(charge_points, CHARGE_POINT, close),
        CommandEnvelope(tokens, f"{COMPANY}/{TOKEN}", release),
    ]


def stop(minutes: float, *, reported: bool, reason: str = "Local") -> EndCharging:
    at = after(minutes)
    return EndCharging(
        at=at, received_at=at, reason=reason, meter_stop_wh=3000, provisional=not reported, reported=reported
    )


def test_a_stop_closes_the_transaction_for_good_and_frees_the_token() -> None:
    envelopes = follows(ChargingEnded, sessions, "7", history(START), stop(10, reported=True))
    assert envelopes == closed(10, provisional=False)


def test_an_operators_end_closes_it_until_the_stop_comes() -> None:
    envelopes = follows(
        ChargingEnded, sessions, "7", history(START), stop(10, reported=False, reason="Operator")
    )
    assert envelopes == closed(10, provisional=True)


def test_an_idle_session_is_closed_and_the_charger_asked_to_stop_it() -> None:
    ask = RequestCommand(
        command="idle-7",
        company=COMPANY,
        charge_point=CHARGE_POINT,
        action="remoteStop",
        payload={"transaction": 7},
        by="system:idle-watch",
        at=after(17),
        expires_at=after(18),
    )
    envelopes = follows(ChargingEnded, sessions, "7", history(START, SUSPENDED), IDLE, now=after(17))
    assert envelopes == [*closed(16, provisional=True), CommandEnvelope(charger_commands, "idle-7", ask)]


def test_a_charger_whose_stop_shows_that_the_session_had_idled_is_not_asked_to_stop_it() -> None:
    envelopes = follows(ChargingEnded, sessions, "7", history(START, SUSPENDED), stop(30, reported=True))
    assert {each.decider for each in envelopes} == {charge_points, tokens}
    assert envelopes == closed(30, provisional=False)


def test_a_stop_after_an_idle_end_closes_the_transaction_for_good() -> None:
    envelopes = follows(
        EndReconciled, sessions, "7", history(START, SUSPENDED, IDLE), stop(30, reported=True)
    )
    assert envelopes == closed(30, provisional=False)


def test_an_end_that_moves_without_a_stop_changes_nothing_of_the_transaction() -> None:
    earlier = NoteConnector(status=ConnectorStatus.SUSPENDED_EV, at=after(0.5), received_at=after(21))
    finishing = NoteConnector(status=ConnectorStatus.FINISHING, at=after(20), received_at=after(20))
    given = history(START, SUSPENDED, IDLE, finishing)
    assert follows(EndReconciled, sessions, "7", given, earlier) == []


def test_a_start_that_comes_after_its_stop_is_closed_at_once() -> None:
    kept = KeepOrphanStop(
        number=7,
        company=COMPANY,
        location=LOCATION,
        charge_point=CHARGE_BOX_ID,
        time_zone="Europe/Berlin",
        currency="EUR",
        transaction=7,
        token=TOKEN,
        at=after(10),
        received_at=after(10),
        meter_stop_wh=3000,
        reason="Local",
    )
    assert follows(ChargingEnded, sessions, "7", history(kept), START) == closed(10, provisional=False)


def test_without_a_token_there_is_none_to_free() -> None:
    nobody = msgspec.structs.replace(START, token="")
    assert (
        follows(ChargingEnded, sessions, "7", history(nobody), stop(10, reported=True))
        == closed(10, provisional=False)[:1]
    )


def test_a_presumed_end_that_proves_wrong_opens_the_transaction_again() -> None:
    presumed = ReachDeadline(at=after(60))
    reading = Reading(at=after(20), register_wh=5000, power_w=11_000)
    goes_on = MeterEnergy(received_at=after(61), readings=(reading,), transaction=7)
    envelopes = follows(EndWithdrawn, sessions, "7", history(START, FREE, presumed), goes_on)
    reopen, use = ReopenTransaction(session="7", at=after(20)), UseToken(session="7", at=after(20))
    assert envelopes == [
        CommandEnvelope(charge_points, CHARGE_POINT, reopen),
        CommandEnvelope(tokens, f"{COMPANY}/{TOKEN}", use),
    ]
