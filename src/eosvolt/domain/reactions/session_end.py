"""When charging ends, the plug's transaction is over and the token is free.

When it ended by idling, the charger must be told. An end that proved wrong is taken back likewise.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from eosvolt.domain.charge_points.commands import CloseTransaction, ReopenTransaction
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.commands.commands import RequestCommand
from eosvolt.domain.commands.decider import charger_commands
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.reaction import ReactionContext
from eosvolt.domain.sessions.commands import EndCharging, StartSession
from eosvolt.domain.sessions.events import ChargingEnded, EndReconciled, EndWithdrawn, SessionStarted
from eosvolt.domain.sessions.state import Orphan, start_of
from eosvolt.domain.tokens.commands import ReleaseToken, UseToken
from eosvolt.domain.tokens.decider import tokens

# How long our stop may wait for a charger that is away before it makes no sense any more.
STOP_WITHIN = timedelta(seconds=60)
IDLE_STOP = "system:idle-watch"


def idle_stop(session: str) -> str:
    """The id of the command that stops an idle session: one for each session, however often it is decided."""
    return f"idle-{session}"


def after_charging(event: ChargingEnded, context: ReactionContext) -> list[CommandEnvelope]:
    """The transaction is closed and the token free; the charger is asked to stop an idle session."""
    start = start_of(context.after)
    if start is None:
        return []
    stop = _own_stop(context)
    if stop is not None:
        return _over(start, stop.at, provisional=stop.provisional)
    envelopes = _over(start, event.at, provisional=event.provisional)
    if event.reason == "Idle":
        session = str(start.number)
        envelopes.append(
            CommandEnvelope(charger_commands, idle_stop(session), _ask_to_stop(start, context.now))
        )
    return envelopes


def after_reconciling(_event: EndReconciled, context: ReactionContext) -> list[CommandEnvelope]:
    """The stop came after all: what was closed until it comes is closed for good."""
    start, stop = start_of(context.after), _own_stop(context)
    return [] if start is None or stop is None else _over(start, stop.at, provisional=stop.provisional)


def after_withdrawing(event: EndWithdrawn, context: ReactionContext) -> list[CommandEnvelope]:
    """The transaction is open and the token in use again."""
    start = start_of(context.after)
    if start is None:
        return []
    reopen = ReopenTransaction(session=str(start.number), at=event.at)
    envelopes = [CommandEnvelope(charge_points, _charge_point(start), reopen)]
    if start.token:
        envelopes.append(
            CommandEnvelope(tokens, _token(start), UseToken(session=str(start.number), at=event.at))
        )
    return envelopes


class _Stop(NamedTuple):
    """When the charger says that it stopped, by its own clock."""

    at: datetime
    provisional: bool = False


def _own_stop(context: ReactionContext) -> _Stop | None:
    """The charger's own stop where that is what was carried out, also one that came before its start."""
    match context.command, context.before:
        case EndCharging(reported=True, at=at, provisional=provisional), _:
            return _Stop(at, provisional)
        case StartSession(), Orphan(stop=kept):
            return _Stop(kept.at)
        case _:
            return None


def _over(start: SessionStarted, at: datetime, *, provisional: bool) -> list[CommandEnvelope]:
    session = str(start.number)
    close = CloseTransaction(session=session, at=at, provisional=provisional)
    envelopes = [CommandEnvelope(charge_points, _charge_point(start), close)]
    if start.token:
        envelopes.append(CommandEnvelope(tokens, _token(start), ReleaseToken(session=session, at=at)))
    return envelopes


def _ask_to_stop(start: SessionStarted, now: datetime) -> RequestCommand:
    return RequestCommand(
        command=idle_stop(str(start.number)),
        company=start.place.company,
        charge_point=_charge_point(start),
        action="remoteStop",
        payload={"transaction": start.transaction},
        by=IDLE_STOP,
        at=now,
        expires_at=now + STOP_WITHIN,
    )


def _charge_point(start: SessionStarted) -> str:
    return f"{start.place.company}/{start.place.charge_point}"


def _token(start: SessionStarted) -> str:
    return f"{start.place.company}/{start.token}"
