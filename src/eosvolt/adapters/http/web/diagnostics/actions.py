"""What is done with diagnostics entries on pages: one of them, or several that were selected."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.addresses import own_path
from eosvolt.adapters.http.web.shell.labels import SNOOZES, actor
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect
from eosvolt.adapters.http.web.shell.query_parameters import instant
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import faults
from eosvolt.application.operations.faults import FaultAssignment, FaultEntry, FaultNote, FaultSnooze
from eosvolt.application.operations.operation import Operation
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.faults import FaultRow

MOST_AT_ONCE = 200
_LONGEST_NOTE = 2000
_MORNING = time(8)
_LASTING = {
    "hour": timedelta(hours=1),
    "4hours": timedelta(hours=4),
    "3days": timedelta(days=3),
    "week": timedelta(days=7),
}


class EntryAction(NamedTuple):
    """An operation on each selected entry; ``outcome`` is its state afterwards, such as "solved"."""

    operation: Operation[Any, None]
    wanted: Callable[[FaultRow], FaultEntry]
    outcome: str


def diagnostics_action_routes(pages: Pages) -> list[Route]:
    """The POST routes below ``/diagnostics``."""
    return [
        pages.post("/diagnostics/solve", solve, operation=faults.solve),
        pages.post("/diagnostics/acknowledge", acknowledge, operation=faults.acknowledge),
        pages.post("/diagnostics/unacknowledge", unacknowledge, operation=faults.unacknowledge),
        pages.post("/diagnostics/assign", assign, operation=faults.assign),
        pages.post("/diagnostics/snooze", snooze, operation=faults.snooze),
        pages.post("/diagnostics/wake", wake, operation=faults.wake),
    ]


def owners_of(request: PageRequest) -> dict[str, str]:
    """The names of the people to whom entries can be assigned, by actor; the signed-in person first."""
    me = f"admin:{request.account.account}"
    people = {by: name for by, name in request.people.items() if by.startswith("admin:")}
    return dict(sorted(people.items(), key=lambda each: (each[0] != me, each[1].casefold(), each[0])))


async def solve(request: PageRequest) -> Response:
    """Mark the selected entries as solved."""
    note = _note(request)
    return await _done(
        request, EntryAction(faults.solve, lambda row: FaultNote(fault=row.id, note=note), gettext("solved"))
    )


async def acknowledge(request: PageRequest) -> Response:
    """Acknowledge the selected entries."""
    note = _note(request)
    action = EntryAction(
        faults.acknowledge, lambda row: FaultNote(fault=row.id, note=note), gettext("acknowledged")
    )
    return await _done(request, action)


async def unacknowledge(request: PageRequest) -> Response:
    """Withdraw the acknowledgement of the selected entries."""
    outcome = gettext("not acknowledged any more")
    return await _done(
        request, EntryAction(faults.unacknowledge, lambda row: FaultEntry(fault=row.id), outcome)
    )


async def assign(request: PageRequest) -> Response:
    """Assign the selected entries to a person of the company; without ``owner``, unassign them."""
    owner = request.form_value("owner")
    outcome = (
        gettext("assigned to {person}", person=actor(owner, request.people))
        if owner
        else gettext("assigned to nobody")
    )
    action = EntryAction(faults.assign, lambda row: FaultAssignment(fault=row.id, owner=owner), outcome)
    return await _done(request, action)


async def snooze(request: PageRequest) -> Response:
    """Snooze the selected entries for a time of ``SNOOZES``."""
    note, lasting = _note(request), request.form_value("for")
    if lasting and lasting not in SNOOZES:
        raise invalid("/for", gettext("This is no time for which entries are snoozed."))

    def wanted(row: FaultRow) -> FaultSnooze:
        until = _until(request, lasting, request.locations.zone(row.location))
        return FaultSnooze(fault=row.id, until=until, note=note)

    return await _done(request, EntryAction(faults.snooze, wanted, gettext("snoozed")))


async def wake(request: PageRequest) -> Response:
    """End the snooze of the selected entries."""
    return await _done(
        request,
        EntryAction(faults.wake, lambda row: FaultEntry(fault=row.id), gettext("not snoozed any more")),
    )


async def _done(request: PageRequest, action: EntryAction) -> Response:
    """Run the action on every selected entry; the notice has the outcomes and up to three refusals."""
    rows = [await request.queries.fault(request.number, each) for each in _chosen(request)]
    found = [row for row in rows if row is not None]
    if len(found) < len(rows):
        raise not_found(gettext("There is no such entry."))
    back = own_path(request.form_value("next", "/diagnostics"))
    if not found:
        return redirect(back, gettext("Select entries first."))
    changed, refusals = [], []
    for row in found:
        try:
            await request.run_unsettled(action.operation, action.wanted(row))
        except Rejected as refusal:
            refusals.append(
                gettext(
                    "{code} of {charge_point}: {refusal}",
                    code=row.code,
                    charge_point=row.charge_point,
                    refusal=translated(refusal),
                )
            )
        else:
            changed.append(row)
    await request.queries.settled()
    return redirect(back, " ".join([*_outcomes(changed, action.outcome), *refusals[:3]]))


def _outcomes(changed: list[FaultRow], outcome: str) -> list[str]:
    if not changed:
        return []
    if len(changed) > 1:
        return [gettext("{changed} entries are {said}.", changed=len(changed), said=outcome)]
    return [
        gettext(
            "{code} of {charge_point} is {said}.",
            code=changed[0].code,
            charge_point=changed[0].charge_point,
            said=outcome,
        )
    ]


def _until(request: PageRequest, lasting: str, zone: str) -> datetime:
    if lasting == "tomorrow":
        day = local_date(request.now, zone) + timedelta(days=1)
        return datetime.combine(day, _MORNING, ZoneInfo(zone)).astimezone(request.now.tzinfo)
    if lasting:
        return request.now + _LASTING[lasting]
    until = instant(request.form_value("until"), zone)
    if until is None:
        raise invalid("/until", gettext("Choose until when."))
    return until


def _note(request: PageRequest) -> str:
    return request.form_value("note")[:_LONGEST_NOTE]


def _chosen(request: PageRequest) -> list[str]:
    several = [each for each in request.form.getlist("fault") if isinstance(each, str)]
    return list(dict.fromkeys(several))[:MOST_AT_ONCE]
