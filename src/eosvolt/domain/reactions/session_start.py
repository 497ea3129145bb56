"""A transaction that begins uses its token and a reservation, and confirms its remote start."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.clocks import true_at
from eosvolt.domain.charge_points.commands import KeepStop, OpenTransaction
from eosvolt.domain.charge_points.descriptions import Description
from eosvolt.domain.charge_points.events import StopOrphaned, TransactionOpened
from eosvolt.domain.charge_points.reports import StopReport
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.commands.commands import ConfirmEffect, RecordNoEffect
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.kernel import Command, CommandEnvelope
from eosvolt.domain.locations.commands import SettleCurrency
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ReservationEnded, ReservationMade
from eosvolt.domain.maintenance.upkeep import Upkeep
from eosvolt.domain.reactions.reaction import Need, ReactionContext
from eosvolt.domain.sessions.commands import KeepOrphanStop, StartSession
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import SessionStarted
from eosvolt.domain.tokens.commands import UseToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import Authorization
from eosvolt.domain.tokens.uid import folded

# A start from before the reservation may come late out of a queue; the charger's clock is not ours.
CLOCKS_DIFFER = timedelta(minutes=5)


def needs_reservations(_event: TransactionOpened, context: ReactionContext) -> Iterable[Need]:
    """The reservations are kept with the charger's upkeep."""
    yield Need(maintenance, context.key)


def use_reservation(event: TransactionOpened, context: ReactionContext) -> list[CommandEnvelope]:
    """The reservation that the charger names, else one for this token or its group, on this plug or any."""
    upkeep, command = context.other(maintenance, context.key), context.command
    named = command.reservation if isinstance(command, OpenTransaction) else None
    held = None if named is None else upkeep.reservations.get(named)
    held = held or _meant(upkeep, event)
    if held is None:
        return []
    used = ReservationEnded(at=max(event.at, held.at), reservation=held.reservation, reason="used")
    return [CommandEnvelope(maintenance, context.key, RecordDeviceEvent(event=used))]


def use_token(event: TransactionOpened, context: ReactionContext) -> list[CommandEnvelope]:
    """The token is in use, unless the stop came before the start."""
    command = context.command
    if not event.token or not isinstance(command, OpenTransaction) or command.stopped:
        return []
    key = f"{context.key.partition('/')[0]}/{folded(event.token)}"
    return [CommandEnvelope(tokens, key, UseToken(session=event.session, at=event.at))]


def confirm_remote_start(event: SessionStarted, context: ReactionContext) -> list[CommandEnvelope]:
    """The remote start led to this session. A charger that is told that the token may not charge ends it."""
    command = context.command
    if not event.remote_command:
        return []
    answer = command.answer if isinstance(command, StartSession) else None
    decision = answer or event.authorization
    if decision is Authorization.ACCEPTED:
        effect: Command = ConfirmEffect(at=event.received_at, session=str(event.number))
    else:
        why = because(Why.TOKEN_MAY_NOT_CHARGE, session=event.number, authorization=decision.value)
        effect = RecordNoEffect(at=event.received_at, explanation=why)
    return [CommandEnvelope(charger_commands, event.remote_command, effect)]


def settle_currency(event: SessionStarted, _context: ReactionContext) -> list[CommandEnvelope]:
    """A location that has had a session keeps its currency."""
    return [CommandEnvelope(locations, event.place.location, SettleCurrency(at=event.at))]


def needs_location_of_stop(event: StopOrphaned, context: ReactionContext) -> Iterable[Need]:
    """Where the charger stood when it stopped."""
    yield Need(locations, _described(event, context).location)


def keep_orphan(event: StopOrphaned, context: ReactionContext) -> list[CommandEnvelope]:
    """A stop that belongs to nothing we know waits as a session, until its start comes."""
    charger: Registered = context.before
    described, command = _described(event, context), context.command
    location = context.other(locations, described.location)
    if not isinstance(command, KeepStop) or not isinstance(location, Location):
        return []
    tariff = location.tariff_at(_stopped_at(command.report))
    keep = KeepOrphanStop(
        number=int(event.session),
        company=charger.company,
        location=described.location,
        charge_point=charger.charge_box_id,
        time_zone=tariff.time_zone,
        currency=tariff.currency,
        transaction=event.transaction,
        token=event.token.upper(),
        at=event.at,
        received_at=event.received_at,
        meter_stop_wh=event.meter_stop_wh,
        reason=event.reason,
        readings=command.report.readings,
    )
    return [CommandEnvelope(sessions, event.session, keep)]


def _described(event: StopOrphaned, context: ReactionContext) -> Description:
    """The charger as it was described when it stopped, by our clock."""
    charger, command = context.before, context.command
    at = _stopped_at(command.report) if isinstance(command, KeepStop) else event.at
    described: Description = charger.described_at(at)
    return described


def _stopped_at(report: StopReport) -> datetime:
    return true_at(report.at, report.received_at, report.clock_offset_s)


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
