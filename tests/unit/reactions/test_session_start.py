"""What a transaction uses when it begins, what a session confirms, and how a stop without a start waits."""

from datetime import datetime

import msgspec

from eosvolt.domain.charge_points.commands import KeepStop, OpenTransaction
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ChargePointChanged, StopOrphaned, TransactionOpened
from eosvolt.domain.charge_points.reports import Reading, StopReport
from eosvolt.domain.commands.commands import ConfirmEffect, RecordNoEffect
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.commands import SettleCurrency
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import LocationAdded
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ReservationEnded, ReservationMade
from eosvolt.domain.sessions.commands import KeepOrphanStop, StartSession
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.tokens.commands import UseToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import Authorization
from tests.examples import (
    ADDED,
    CHARGE_BOX_ID,
    CHARGE_POINT,
    COMPANY,
    DETAILS,
    FLAT_TARIFF,
    LOCATION,
    MORNING,
    TOKEN,
    TWO_PLUGS,
    after,
)
from tests.unit.reactions.follows import follows
from tests.unit.reactions.test_session_end import START

OPEN = OpenTransaction(
    session="7",
    transaction=7,
    connector=1,
    token=TOKEN,
    at=after(5),
    meter_start_wh=1000,
    authorization=Authorization.ACCEPTED,
    group="FLEET",
)
IN_USE = CommandEnvelope(tokens, f"{COMPANY}/{TOKEN}", UseToken(session="7", at=after(5)))
change = msgspec.structs.replace


def made(number: int, token: str, connector: int = 1, group: str = "") -> ReservationMade:
    return ReservationMade(
        at=MORNING, reservation=number, connector=connector, token=token, expires_at=after(15), group=group
    )


def opens(command: OpenTransaction, *reservations: ReservationMade) -> list[CommandEnvelope]:
    others = {maintenance.stream(CHARGE_POINT): maintenance.fold(reservations)}
    return follows(TransactionOpened, charge_points, CHARGE_POINT, [ADDED], command, others=others)


def used(number: int, at: datetime) -> CommandEnvelope:
    ended = ReservationEnded(at=at, reservation=number, reason="used")
    return CommandEnvelope(maintenance, CHARGE_POINT, RecordDeviceEvent(event=ended))


def test_the_token_is_in_use_from_the_start_on() -> None:
    assert opens(OPEN) == [IN_USE]


def test_a_transaction_without_a_token_uses_none() -> None:
    assert opens(change(OPEN, token="", group="")) == []


def test_a_token_is_not_in_use_where_the_stop_came_before_the_start() -> None:
    assert opens(change(OPEN, stopped=True)) == []


def test_the_reservation_that_the_charger_names_is_used_whoever_it_was_made_for() -> None:
    assert opens(change(OPEN, reservation=2), made(1, TOKEN), made(2, "OTHER")) == [used(2, after(5)), IN_USE]


def test_a_reservation_for_the_token_or_its_group_is_used_and_rather_one_of_this_plug() -> None:
    assert opens(OPEN, made(1, TOKEN, connector=0), made(2, "OTHER", group="FLEET")) == [
        used(2, after(5)),
        IN_USE,
    ]


def test_a_reservation_of_another_token_plug_or_time_is_not_used() -> None:
    assert opens(OPEN, made(1, "OTHER"), made(2, TOKEN, connector=2)) == [IN_USE]
    assert opens(change(OPEN, at=after(20)), made(1, TOKEN))[:-1] == []


def test_a_start_from_before_its_reservation_uses_it_when_it_was_made() -> None:
    assert opens(change(OPEN, at=after(-2)), made(1, TOKEN))[:-1] == [used(1, MORNING)]


REMOTE = change(START, received_at=after(3), remote_command="c1")
SETTLED = CommandEnvelope(locations, LOCATION, SettleCurrency(at=MORNING))


def starts(command: StartSession) -> list[CommandEnvelope]:
    return follows(SessionStarted, sessions, "7", [], command)


def test_a_session_settles_the_currency_of_its_location() -> None:
    assert starts(START) == [SETTLED]


def test_a_session_that_came_of_a_remote_start_is_its_effect() -> None:
    confirmation = CommandEnvelope(charger_commands, "c1", ConfirmEffect(at=after(3), session="7"))
    assert starts(REMOTE) == [confirmation, SETTLED]


def test_a_remote_start_of_a_token_that_is_refused_now_led_to_nothing_whatever_was_true_then() -> None:
    why = because(Why.TOKEN_MAY_NOT_CHARGE, session=7, authorization="Blocked")
    no_effect = CommandEnvelope(charger_commands, "c1", RecordNoEffect(at=after(3), explanation=why))
    assert starts(change(REMOTE, answer=Authorization.BLOCKED)) == [no_effect, SETTLED]
    assert starts(change(REMOTE, authorization=Authorization.BLOCKED)) == [no_effect, SETTLED]


def test_a_remote_start_of_a_token_that_may_charge_now_is_confirmed_although_it_might_not_then() -> None:
    late = change(REMOTE, authorization=Authorization.INVALID, answer=Authorization.ACCEPTED)
    assert starts(late)[0] == CommandEnvelope(charger_commands, "c1", ConfirmEffect(at=after(3), session="7"))


STOP = StopReport(
    transaction=99,
    at=after(10),
    received_at=after(12),
    meter_stop_wh=3000,
    token="04a1",
    readings=(Reading(at=after(9), register_wh=2900),),
)


def at_location(location: str) -> list[CommandEnvelope]:
    """What follows from a stop whose charger was moved two minutes after it, from ``LOCATION``."""
    moved = ChargePointChanged(location="elsewhere", connectors=TWO_PLUGS, at=after(11))
    there = LocationAdded(
        location=location,
        company=COMPANY,
        at=MORNING,
        details=DETAILS,
        tariff=FLAT_TARIFF,
    )
    return follows(
        StopOrphaned,
        charge_points,
        CHARGE_POINT,
        [ADDED, moved],
        KeepStop(session="7", report=STOP),
        others={locations.stream(location): locations.fold([there])},
    )


def test_a_stop_of_no_session_waits_as_one_where_the_charger_stood_when_it_stopped() -> None:
    keep = KeepOrphanStop(
        number=7,
        company=COMPANY,
        location=LOCATION,
        charge_point=CHARGE_BOX_ID,
        time_zone="Europe/Berlin",
        currency="EUR",
        transaction=99,
        token="04A1",
        at=after(10),
        received_at=after(12),
        meter_stop_wh=3000,
        reason="Local",
        readings=STOP.readings,
    )
    assert at_location(LOCATION) == [CommandEnvelope(sessions, "7", keep)]


def test_a_stop_at_an_unknown_location_waits_at_the_charger_alone() -> None:
    assert at_location("elsewhere") == []
