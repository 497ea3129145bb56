"""The terms of a booked session change with its booking: what of it is free, when its blocking fee begins."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from eosvolt.domain.sessions.blocking import next_due, settle_fees
from eosvolt.domain.sessions.commands import ChangeBookedTerms
from eosvolt.domain.sessions.corrections import bill_again
from eosvolt.domain.sessions.events import BookedTermsChanged, SessionEvent
from eosvolt.domain.sessions.evolve import evolve
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, Session
from eosvolt.domain.tariffs.tariff import with_terms


def free_used_wh(session: Session) -> int:
    """How much of what is free a session has used, as far as it is known."""
    match session:
        case Charging(start=start, running=running):
            return min(start.tariff.free_wh, running.energy_wh)
        case Blocking() | Closed():
            last = session.last if isinstance(session, Closed) else session
            return min(last.start.tariff.free_wh, last.end.energy_wh)
        case _:
            return 0


def change_terms(command: ChangeBookedTerms, session: Charging | Blocking | Closed) -> Sequence[SessionEvent]:
    """The other terms, a bill and blocking fees by them; nothing for a session that is not booked."""
    last = session.last if isinstance(session, Closed) else session
    before = last.start.tariff
    fee = before.blocking_fee
    begins_at = None if fee is None else fee.begins_at
    if begins_at is not None and command.fee_begins_at is not None:
        begins_at = command.fee_begins_at + timedelta(seconds=last.clock_s)
    free_wh = before.free_wh if command.free_wh is None else command.free_wh
    if not last.start.booking or with_terms(before, free_wh, begins_at) == before:
        return []
    changed = BookedTermsChanged(at=command.at, free_wh=free_wh, fee_begins_at=begins_at)
    then = evolve(session, changed)
    if isinstance(then, Charging):
        return [replace(changed, idle_at=then.outlook.idle_at)]
    if not isinstance(then, Blocking | Closed):
        return [changed]
    due_at = next_due(then) if isinstance(then, Blocking) else None
    billed = bill_again(then, command.at)
    for event in billed:
        then = evolve(then, event)
    until = command.at + timedelta(seconds=last.clock_s)
    fees = settle_fees(then, until) if isinstance(then, Blocking | Closed) else []
    return [replace(changed, fee_due_at=due_at), *billed, *fees]
