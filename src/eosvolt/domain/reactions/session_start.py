"""A transaction that begins uses its token, and the reservation that was made for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.commands import OpenTransaction
from eosvolt.domain.charge_points.events import TransactionOpened
from eosvolt.domain.kernel import Order
from eosvolt.domain.maintenance.commands import Note
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ReservationEnded, ReservationMade
from eosvolt.domain.maintenance.upkeep import Upkeep
from eosvolt.domain.reactions.reaction import Context, Need
from eosvolt.domain.tokens.commands import UseToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.uid import folded

# A start from before the reservation may come late out of a queue; the charger's clock is not ours.
CLOCKS_DIFFER = timedelta(minutes=5)


def needs_reservations(_event: TransactionOpened, context: Context) -> Iterable[Need]:
    """The reservations are kept with the charger's upkeep."""
    yield Need(maintenance, context.key)


def use_reservation(event: TransactionOpened, context: Context) -> list[Order]:
    """The reservation that the charger names, else one for this token or its group, on this plug or any."""
    upkeep, command = context.other(maintenance, context.key), context.command
    named = command.reservation if isinstance(command, OpenTransaction) else None
    held = None if named is None else upkeep.reservations.get(named)
    held = held or _meant(upkeep, event)
    if held is None:
        return []
    used = ReservationEnded(at=max(event.at, held.at), reservation=held.reservation, reason="used")
    return [Order(maintenance, context.key, Note(event=used))]


def use_token(event: TransactionOpened, context: Context) -> list[Order]:
    """The token is in use, unless the stop came before the start."""
    command = context.command
    if not event.token or not isinstance(command, OpenTransaction) or command.stopped:
        return []
    key = f"{context.key.partition('/')[0]}/{folded(event.token)}"
    return [Order(tokens, key, UseToken(session=event.session, at=event.at))]


def _meant(upkeep: Upkeep, event: TransactionOpened) -> ReservationMade | None:
    group = folded(event.group)
    candidates = [
        each
        for each in upkeep.reservations.values()
        if each.connector in (0, event.connector)
        and each.at - CLOCKS_DIFFER <= event.at <= each.expires_at
        and (each.token == folded(event.token) or (group and each.group == group))
    ]
    return min(candidates, key=_soonest, default=None)


def _soonest(reservation: ReservationMade) -> tuple[bool, datetime]:
    """One for a certain plug before one for any; then the one that ends first."""
    return reservation.connector == 0, reservation.expires_at
