"""Who looks after a fault: acknowledged, owned, snoozed, and what undoes each of these.

An acknowledgement lasts until somebody withdraws it or the fault gets worse. A snooze ends at its time,
without an event, or as soon as the fault is reported again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from eosvolt.domain.faults.commands import (
    AcknowledgeFault,
    AssignFault,
    AttentionCommand,
    SnoozeFault,
    UnacknowledgeFault,
    WakeFault,
)
from eosvolt.domain.faults.events import (
    FaultAcknowledged,
    FaultAssigned,
    FaultEvent,
    FaultSnoozed,
    FaultUnacknowledged,
    FaultWoken,
)
from eosvolt.domain.kernel import Rejected

LONGEST_SNOOZE = timedelta(days=366)

AttentionEvent = FaultAcknowledged | FaultUnacknowledged | FaultAssigned | FaultSnoozed | FaultWoken


class Attention(msgspec.Struct, frozen=True):
    """Who looks after an entry. ``owner`` is an actor, empty for nobody."""

    acknowledged: bool = False
    owner: str = ""
    snoozed_until: datetime | None = None

    def snoozed(self, at: datetime) -> bool:
        """Whether it needs no attention at an instant."""
        return self.snoozed_until is not None and at < self.snoozed_until


UNATTENDED = Attention()


def attend(command: AttentionCommand, attention: Attention, *, is_open: bool) -> Sequence[FaultEvent]:
    """What follows for an entry that nobody solved yet.

    Raises ``Rejected`` for a snooze of a fault that is over, and for one that ends in the past or too late.
    """
    number, at, by = command.number, command.at, command.by
    match command:
        case AcknowledgeFault(note=note):
            if attention.acknowledged:
                return []
            return [FaultAcknowledged(number=number, at=at, by=by, note=note)]
        case UnacknowledgeFault():
            return [FaultUnacknowledged(number=number, at=at, by=by)] if attention.acknowledged else []
        case AssignFault(owner=owner):
            if owner == attention.owner:
                return []
            return [FaultAssigned(number=number, at=at, by=by, owner=owner)]
        case SnoozeFault(until=until, note=note):
            if not is_open:
                raise Rejected("This fault is over: there is nothing to snooze.")
            if until == attention.snoozed_until:
                return []
            if not at < until <= at + LONGEST_SNOOZE:
                raise Rejected("A fault can be snoozed until a time in the future, at most for a year.")
            return [FaultSnoozed(number=number, at=at, by=by, until=until, note=note)]
        case WakeFault():
            return [FaultWoken(number=number, at=at, by=by)] if attention.snoozed(at) else []
        case _:
            assert_never(command)


def disturbed(attention: Attention, number: int, at: datetime, *, worse: bool) -> Sequence[FaultEvent]:
    """What it means for an entry that its fault was seen again at ``at``, and whether that is ``worse``."""
    events: list[FaultEvent] = []
    if attention.snoozed(at):
        events.append(FaultWoken(number=number, at=at))
    if attention.acknowledged and worse:
        events.append(FaultUnacknowledged(number=number, at=at))
    return events


def attended(attention: Attention, event: AttentionEvent) -> Attention:
    """Who looks after it after ``event``."""
    change = msgspec.structs.replace
    match event:
        case FaultAcknowledged():
            return change(attention, acknowledged=True)
        case FaultUnacknowledged():
            return change(attention, acknowledged=False)
        case FaultAssigned(owner=owner):
            return change(attention, owner=owner)
        case FaultSnoozed(until=until):
            return change(attention, snoozed_until=until)
        case FaultWoken():
            return change(attention, snoozed_until=None)
        case _:
            assert_never(event)
