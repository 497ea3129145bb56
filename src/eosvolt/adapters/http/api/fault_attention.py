"""Acknowledging, assigning and snoozing faults: the POST endpoints below ``/faults/{fault}``."""

from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.fault_views import FaultView, fault_answer
from eosvolt.adapters.http.framework.api_types import ApiInput, Instant, Items, LongText, View, utc
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import seen
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.application.operations import faults
from eosvolt.application.operations.faults import FaultAssignment, FaultEntry, FaultNote, FaultSnooze


class OwnerView(View, frozen=True, kw_only=True):
    """A person of the company, by actor."""

    owner: str
    name: str


class Acknowledgement(ApiInput, frozen=True, kw_only=True):
    """An optional note."""

    note: LongText = ""


class Assignment(ApiInput, frozen=True, kw_only=True):
    """The owner; ``null`` to unassign."""

    owner: Annotated[str, Meta(max_length=200, description="As `GET /faults/owners` lists it.")] | None


class Snooze(ApiInput, frozen=True, kw_only=True):
    """The end of the snooze, at most a year from now, and a note."""

    until: Instant
    note: LongText = ""


@endpoint("GET", "/faults/owners", needs=faults.VIEW)
async def fault_owners(call: ApiCall, query: PageQuery) -> Answer[Items[OwnerView]]:
    """The people to whom faults can be assigned, by name."""
    people = await call.accounts.names(call.company)
    owners = [OwnerView(owner=f"admin:{account}", name=name) for account, name in people.items()]
    owners.sort(key=lambda each: (each.name.casefold(), each.owner))
    return paged(call, owners, lambda each: each.owner, query)


@endpoint("POST", "/faults/{fault}/acknowledge", refusals=[412], operation=faults.acknowledge)
async def acknowledge_fault(call: ApiCall, fault: str, body: Acknowledgement) -> Answer[FaultView]:
    """Acknowledge a fault.

    The first acknowledgement stays until it is withdrawn or the severity rises. Rules with a delay send no
    message for an acknowledged fault. 409 for a solved one.
    """
    await call.run(faults.acknowledge, FaultNote(fault=fault, note=body.note, seen=seen(call)))
    return await fault_answer(call, fault)


@endpoint("POST", "/faults/{fault}/unacknowledge", refusals=[412], operation=faults.unacknowledge)
async def unacknowledge_fault(call: ApiCall, fault: str) -> Answer[FaultView]:
    """Withdraw the acknowledgement. 409 for a solved fault."""
    await call.run(faults.unacknowledge, FaultEntry(fault=fault, seen=seen(call)))
    return await fault_answer(call, fault)


@endpoint("POST", "/faults/{fault}/assign", refusals=[412], operation=faults.assign)
async def assign_fault(call: ApiCall, fault: str, body: Assignment) -> Answer[FaultView]:
    """Assign a fault to a person of the company, or unassign it. 409 for a solved fault."""
    await call.run(faults.assign, FaultAssignment(fault=fault, owner=body.owner or "", seen=seen(call)))
    return await fault_answer(call, fault)


@endpoint("POST", "/faults/{fault}/snooze", refusals=[412], operation=faults.snooze)
async def snooze_fault(call: ApiCall, fault: str, body: Snooze) -> Answer[FaultView]:
    """Snooze a fault until a time.

    The snooze also ends when the fault recurs. 409 for a fault that is not open, and for a time that is past
    or more than a year away.
    """
    until = utc(body.until, "/until")
    await call.run(faults.snooze, FaultSnooze(fault=fault, until=until, note=body.note, seen=seen(call)))
    return await fault_answer(call, fault)


@endpoint("POST", "/faults/{fault}/wake", refusals=[412], operation=faults.wake)
async def wake_fault(call: ApiCall, fault: str) -> Answer[FaultView]:
    """End a snooze now. 409 for a solved fault."""
    await call.run(faults.wake, FaultEntry(fault=fault, seen=seen(call)))
    return await fault_answer(call, fault)


ENDPOINTS = (
    fault_owners,
    acknowledge_fault,
    unacknowledge_fault,
    assign_fault,
    snooze_fault,
    wake_fault,
)
