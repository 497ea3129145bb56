"""Looking after the diagnostics entries: solving, acknowledging, assigning and snoozing them."""

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
    """An entry by its id: the key of its subject, ``#`` and its number."""

    fault: str
    seen: Seen = None


class FaultNote(FaultEntry, frozen=True, kw_only=True):
    """An entry, and what there is to say."""

    note: str = ""


class FaultAssignment(FaultEntry, frozen=True, kw_only=True):
    """An entry, and the person of the company whose it shall be; empty for nobody."""

    owner: str


class FaultSnooze(FaultNote, frozen=True, kw_only=True):
    """An entry that needs no attention before ``until``."""

    until: datetime


class Numbered(NamedTuple):
    """An entry's id in its parts."""

    subject: str
    number: int


def entry_of(fault: str) -> Numbered:
    """The subject's key and the number that an id is made of. Raises ``NotThere`` for another text."""
    subject, _, number = fault.rpartition("#")
    if not subject or not (number.isascii() and number.isdigit()) or len(number) > 9:
        raise NotThere
    return Numbered(subject, int(number))


def next_entry(fault: str) -> str:
    """The id that the entry after this one has, if there is one."""
    subject, number = entry_of(fault)
    return f"{subject}#{number + 1}"


async def _at(context: OperationContext, wanted: FaultEntry) -> Collection[str]:
    """Where the charger stood when the entry began."""
    subject, number = entry_of(wanted.fault)
    facts = await context.application.history(faults, subject)
    opened = [fact.event for fact in facts if isinstance(fact.event, FaultOpened)]
    places = [event.location for event in opened if event.number == number]
    if not places:
        raise NotThere
    return places


@operation_at(_EDIT, _at)
async def solve(context: OperationContext, wanted: FaultNote) -> Plan[None]:
    """Note that somebody dealt with it. If it comes back it is a new entry that names this one."""
    number = await _number(context, wanted)
    return _envelope(wanted, SolveFault(number=number, at=context.at, by=context.actor.by, note=wanted.note))


@operation_at(_EDIT, _at)
async def acknowledge(context: OperationContext, wanted: FaultNote) -> Plan[None]:
    """Say that somebody has seen it and takes care of it. Who did so first stays."""
    number = await _number(context, wanted)
    return _envelope(
        wanted, AcknowledgeFault(number=number, at=context.at, by=context.actor.by, note=wanted.note)
    )


@operation_at(_EDIT, _at)
async def unacknowledge(context: OperationContext, wanted: FaultEntry) -> Plan[None]:
    """Withdraw that somebody takes care of it."""
    number = await _number(context, wanted)
    return _envelope(wanted, UnacknowledgeFault(number=number, at=context.at, by=context.actor.by))


@operation_at(_EDIT, _at)
async def assign(context: OperationContext, wanted: FaultAssignment) -> Plan[None]:
    """Give it to a person of the company, or to nobody."""
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
    """Let it need no attention until a time, or until it is seen again."""
    number = await _number(context, wanted)
    command = SnoozeFault(
        number=number, at=context.at, by=context.actor.by, until=wanted.until, note=wanted.note
    )
    return _envelope(wanted, command)


@operation_at(_EDIT, _at)
async def wake(context: OperationContext, wanted: FaultEntry) -> Plan[None]:
    """End its snooze now."""
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
