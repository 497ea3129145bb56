"""What a transaction that begins uses: its token, and a reservation."""

from datetime import datetime

import msgspec

from eosvolt.domain.charge_points.commands import OpenTransaction
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import TransactionOpened
from eosvolt.domain.kernel import Order
from eosvolt.domain.maintenance.commands import Note
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ReservationEnded, ReservationMade
from eosvolt.domain.tokens.commands import UseToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import Authorization
from tests.examples import (
    ADDED,
    CHARGE_POINT,
    COMPANY,
    MORNING,
    TOKEN,
    after,
)
from tests.unit.reactions.follows import follows

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
IN_USE = Order(tokens, f"{COMPANY}/{TOKEN}", UseToken(session="7", at=after(5)))
change = msgspec.structs.replace


def made(number: int, token: str, connector: int = 1, group: str = "") -> ReservationMade:
    return ReservationMade(
        at=MORNING, reservation=number, connector=connector, token=token, expires_at=after(15), group=group
    )


def opens(command: OpenTransaction, *reservations: ReservationMade) -> list[Order]:
    others = {maintenance.stream(CHARGE_POINT): maintenance.fold(reservations)}
    return follows(TransactionOpened, charge_points, CHARGE_POINT, [ADDED], command, others=others)


def used(number: int, at: datetime) -> Order:
    ended = ReservationEnded(at=at, reservation=number, reason="used")
    return Order(maintenance, CHARGE_POINT, Note(event=ended))


def test_the_token_is_in_use_from_the_start_on() -> None:
    assert opens(OPEN) == [IN_USE]


def test_nobodys_transaction_uses_no_token() -> None:
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


def test_a_reservation_for_somebody_else_for_another_plug_or_for_another_time_is_not_used() -> None:
    assert opens(OPEN, made(1, "OTHER"), made(2, TOKEN, connector=2)) == [IN_USE]
    assert opens(change(OPEN, at=after(20)), made(1, TOKEN))[:-1] == []


def test_a_start_from_before_its_reservation_uses_it_when_it_was_made() -> None:
    assert opens(change(OPEN, at=after(-2)), made(1, TOKEN))[:-1] == [used(1, MORNING)]
