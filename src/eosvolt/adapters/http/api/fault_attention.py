"""Who looks after a fault, and until when it needs no attention: what is posted below ``/faults/{fault}``."""

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
    """A person of the company, by the actor that events and faults name."""

    owner: str
    name: str


class Acknowledgement(ApiInput, frozen=True, kw_only=True):
    """What whoever acknowledges it has to say."""

    note: LongText = ""


class Assignment(ApiInput, frozen=True, kw_only=True):
    """Whose it is; ``null`` for nobody's."""

    owner: Annotated[str, Meta(max_length=200, description="As `GET /faults/owners` lists it.")] | None


class Snooze(ApiInput, frozen=True, kw_only=True):
    """Until when it needs no attention, at most a year from now, and why."""

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
    """Say that somebody has seen it and takes care of it.

    Who did so first stays. It ends when it is withdrawn or the fault gets worse. No rule tells of an
    acknowledged fault that it is still open. 409 once it is solved.
    """
    await call.run(faults.acknowledge, FaultNote(fault=fault, note=body.note, seen=seen(call)))
    return await fault_answer(call, fault)


@endpoint("POST", "/faults/{fault}/unacknowledge", refusals=[412], operation=faults.unacknowledge)
async def unacknowledge_fault(call: ApiCall, fault: str) -> Answer[FaultView]:
    """Withdraw that somebody takes care of it. 409 once it is solved."""
    await call.run(faults.unacknowledge, FaultEntry(fault=fault, seen=seen(call)))
    return await fault_answer(call, fault)


@endpoint("POST", "/faults/{fault}/assign", refusals=[412], operation=faults.assign)
async def assign_fault(call: ApiCall, fault: str, body: Assignment) -> Answer[FaultView]:
    """Give it to a person of the company, or to nobody. 409 once it is solved."""
    await call.run(faults.assign, FaultAssignment(fault=fault, owner=body.owner or "", seen=seen(call)))
    return await fault_answer(call, fault)


@endpoint("POST", "/faults/{fault}/snooze", refusals=[412], operation=faults.snooze)
async def snooze_fault(call: ApiCall, fault: str, body: Snooze) -> Answer[FaultView]:
    """Let it need no attention until a time.

    It comes back by itself then, or as soon as it is seen again. 409 for a fault that is over, and for a time
    that is not in the future or more than a year away.
    """
    until = utc(body.until, "/until")
    await call.run(faults.snooze, FaultSnooze(fault=fault, until=until, note=body.note, seen=seen(call)))
    return await fault_answer(call, fault)


@endpoint("POST", "/faults/{fault}/wake", refusals=[412], operation=faults.wake)
async def wake_fault(call: ApiCall, fault: str) -> Answer[FaultView]:
    """End its snooze now. 409 once it is solved."""
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
