"""Operations on diagnostics entries: solve, acknowledge, assign and snooze."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation_at,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.domain.faults.commands import (
    AcknowledgeFault,
    AssignFault,
    FaultCommand,
    SnoozeFault,
    SolveFault,
    UnacknowledgeFault,
    WakeFault,
)
from eosvolt.domain.faults.decider import FaultRecord, faults
from eosvolt.domain.faults.events import FaultOpened
from eosvolt.domain.kernel import CommandEnvelope, Event

VIEW = Permission(Action.VIEW, ProductArea.DIAGNOSTICS)
EXPORT = Permission(Action.EXPORT, ProductArea.DIAGNOSTICS)
_EDIT = Permission(Action.EDIT, ProductArea.DIAGNOSTICS)


class FaultEntry(Input, frozen=True, kw_only=True):
    """The id of an entry: the key of its subject, ``#`` and its number."""

    fault: str
    seen: Seen = None


class FaultNote(FaultEntry, frozen=True, kw_only=True):
    """An entry with a note."""

    note: str = ""


class FaultAssignment(FaultEntry, frozen=True, kw_only=True):
    """An entry and its new owner, a user of the company; empty for nobody."""

    owner: str


class FaultSnooze(FaultNote, frozen=True, kw_only=True):
    """An entry that needs no attention before ``until``."""

    until: datetime


class Numbered(NamedTuple):
    """The parts of an entry's id."""

    subject: str
    number: int


def entry_of(fault: str) -> Numbered:
    """Parse an entry's id into the subject's key and the number. Raises ``NotThere`` for another text."""
    subject, _, number = fault.rpartition("#")
    if not subject or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise NotThere
    return Numbered(subject, int(number))


def next_entry(fault: str) -> str:
    """The id of the subject's next entry, whether or not it exists."""
    subject, number = entry_of(fault)
    return f"{subject}#{number + 1}"


async def _at(context: OperationContext, wanted: FaultEntry) -> Collection[str]:
    """The charger's location when the entry began."""
    subject, number = entry_of(wanted.fault)
    facts = await context.application.history(faults, subject)
    opened = [fact.event for fact in facts if isinstance(fact.event, FaultOpened)]
    places = [event.location for event in opened if event.number == number]
    if not places:
        raise NotThere
    return places


@operation_at(_EDIT, _at)
async def solve(context: OperationContext, wanted: FaultNote) -> Plan[None]:
    """Mark the entry as solved. If the fault returns, a new entry refers to this one."""
    number = await _number(context, wanted)
    return _envelope(wanted, SolveFault(number=number, at=context.at, by=context.actor.by, note=wanted.note))


@operation_at(_EDIT, _at)
async def acknowledge(context: OperationContext, wanted: FaultNote) -> Plan[None]:
    """Acknowledge the entry; a repetition does not change who did so first."""
    number = await _number(context, wanted)
    return _envelope(
        wanted, AcknowledgeFault(number=number, at=context.at, by=context.actor.by, note=wanted.note)
    )


@operation_at(_EDIT, _at)
async def unacknowledge(context: OperationContext, wanted: FaultEntry) -> Plan[None]:
    """Withdraw the acknowledgement."""
    number = await _number(context, wanted)
    return _envelope(wanted, UnacknowledgeFault(number=number, at=context.at, by=context.actor.by))


@operation_at(_EDIT, _at)
async def assign(context: OperationContext, wanted: FaultAssignment) -> Plan[None]:
    """Assign the entry to a user of the company, or to nobody."""
    number = await _number(context, wanted)
    if wanted.owner:
        people = await context.ports.accounts.names(context.company)
        if wanted.owner not in {f"admin:{account}" for account in people}:
            raise InvalidValue("owner", "This is nobody of the company.")
    return _envelope(
        wanted, AssignFault(number=number, at=context.at, by=context.actor.by, owner=wanted.owner)
    )


@operation_at(_EDIT, _at)
async def snooze(context: OperationContext, wanted: FaultSnooze) -> Plan[None]:
    """Snooze the entry until a time, or until it is reported again."""
    number = await _number(context, wanted)
    command = SnoozeFault(
        number=number, at=context.at, by=context.actor.by, until=wanted.until, note=wanted.note
    )
    return _envelope(wanted, command)


@operation_at(_EDIT, _at)
async def wake(context: OperationContext, wanted: FaultEntry) -> Plan[None]:
    """End the entry's snooze now."""
    number = await _number(context, wanted)
    return _envelope(wanted, WakeFault(number=number, at=context.at, by=context.actor.by))


async def _number(context: OperationContext, wanted: FaultEntry) -> int:
    """The entry's number. Raises ``NotThere`` for none, ``ChangedMeanwhile`` for a stale version."""
    subject, number = entry_of(wanted.fault)
    known = await context.state(faults, subject)
    if not isinstance(known, FaultRecord) or not 0 < number <= known.number:
        raise NotThere

    def of_the_entry(event: Event) -> bool:
        return getattr(event, "number", 0) == number

    await context.check_seen(faults, subject, wanted.seen, of_the_entry, lambda state: state)
    return number


def _envelope(wanted: FaultEntry, command: FaultCommand) -> Plan[None]:
    return Plan((CommandEnvelope(faults, entry_of(wanted.fault).subject, command),), None)


OPERATIONS: tuple[Operation[Any, Any], ...] = (solve, acknowledge, unacknowledge, assign, snooze, wake)
