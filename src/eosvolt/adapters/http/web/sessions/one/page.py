"""One session: its costs and their reasons, its timeline, its curve, and the OCPP messages."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.driver_payments import shown_payment
from eosvolt.adapters.http.web.sessions.one.view_models import (
    SessionBill,
    SessionLogPage,
    SessionPage,
    SessionStory,
    StopSessionPage,
)
from eosvolt.adapters.http.web.sessions.table import session_line
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.formats import price
from eosvolt.adapters.http.web.shell.labels import ACTIVE_STATES
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import number
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.adapters.http.web.shell.timeline import timeline
from eosvolt.application.operations import commands, sessions
from eosvolt.application.operations.commands import CommandRequest
from eosvolt.application.operations.sessions import HeldEnergyConsentInput, SessionEndInput
from eosvolt.application.ports import Frame
from eosvolt.domain.kernel import Fact, Rejected
from eosvolt.domain.sessions.events import EnergyMetered, SessionReading, SessionStarted
from eosvolt.domain.tariffs.tariff import price_periods
from eosvolt.projections.charger_commands import CommandRow
from eosvolt.projections.payments import folded
from eosvolt.projections.session_row import SessionRow

FRAMES_PER_PAGE = 100
# More points than that no screen can show.
MOST_POINTS = 600
LONGEST_REASON = 500
# Digits of a part of the held-back energy in Wh.
LONGEST_WH = 12
COMMANDS_LOOKED_AT = 10


def session_routes(pages: Pages) -> list[Route]:
    """``/sessions/{session}`` and what belongs to it."""
    return [
        pages.get("/sessions/{session}", session_page, needs=sessions.VIEW, past=True),
        pages.get(
            "/sessions/{session}/log",
            session_log,
            {"from": number(0, 10**9)},
            needs=sessions.VIEW,
            past=True,
        ),
        pages.form(
            "/sessions/{session}/stop",
            ask,
            stop_session,
            operation=commands.request,
            also=sessions.end,
            needs=sessions.VIEW,
        ),
        pages.post("/sessions/{session}/end", end_by_force, operation=sessions.end),
        pages.post("/sessions/{session}/held-energy", bill_held, operation=sessions.bill_held_energy),
    ]


async def session_page(request: PageRequest) -> Response:
    """The page, or one of its parts."""
    parts = {"glance": _bill, "lines": _bill, "facts": _bill, "story": _story}
    return await show(request, SessionPage(session=request.path_parameter("session")), parts)


async def session_log(request: PageRequest) -> Response:
    """The OCPP frames, some on each page."""
    row = await _row(request)
    first = int(request.query("from") or 0)
    frames: list[Frame] = []
    more = False
    index = 0
    async for frame in request.queries.session_frames(request.number, row.id):
        if index >= first + FRAMES_PER_PAGE:
            more = True
            break
        if index >= first:
            frames.append(frame)
        index += 1
    return await show(
        request,
        SessionLogPage(
            row=row,
            frames=frames,
            following=first + FRAMES_PER_PAGE if more else None,
            preceding=max(first - FRAMES_PER_PAGE, 0) if first else None,
        ),
    )


async def ask(request: PageRequest) -> Response:
    """Ask whether the session is to be stopped, by its number."""
    row = await _row(request)
    return await show(request, StopSessionPage(line=session_line(request, row)))


async def stop_session(request: PageRequest) -> Response:
    """Ask the charger to stop."""
    row = await _row(request)
    if row.status not in ACTIVE_STATES:
        return redirect(
            f"/sessions/{row.id}", gettext("Session {number} has already ended.", number=row.number)
        )
    stop = CommandRequest(charger=row.charge_point, action="remoteStop", payload={"sessionId": row.id})
    await request.run(commands.request, stop)
    return redirect(
        f"/sessions/{row.id}",
        gettext(
            "Stop requested: session {number} at {charge_point}.",
            number=row.number,
            charge_point=row.charge_point,
        ),
    )


async def end_by_force(request: PageRequest) -> Response:
    """End a session at its last reading without its charger, which has forgotten it or is gone for good."""
    row = await _row(request)
    reason = request.form_value("reason")[:LONGEST_REASON]
    if not reason:
        return redirect(
            f"/sessions/{row.id}/stop", gettext("Enter a reason to end the session without its charger.")
        )
    try:
        await request.run(sessions.end, SessionEndInput(session=row.id, note=reason))
    except Rejected as refusal:
        return redirect(f"/sessions/{row.id}", translated(refusal))
    return redirect(
        f"/sessions/{row.id}", gettext("Session {number} ended at its last reading.", number=row.number)
    )


async def bill_held(request: PageRequest) -> Response:
    """Bill the energy that was held back, or a part of it, with a note why."""
    row = await _row(request)
    note = request.form_value("note")[:LONGEST_REASON]
    if not note:
        return redirect(f"/sessions/{row.id}", gettext("Please say why the held-back energy is billed."))
    part = request.form_value("wh")
    if part and not (part.isascii() and part.isdigit() and len(part) <= LONGEST_WH):
        return redirect(
            f"/sessions/{row.id}", gettext("Enter how much of it is billed as a whole number of Wh.")
        )
    wh = int(part) if part else None
    try:
        await request.run(sessions.bill_held_energy, HeldEnergyConsentInput(session=row.id, note=note, wh=wh))
    except Rejected as refusal:
        return redirect(f"/sessions/{row.id}", translated(refusal))
    billed = (
        gettext("The held-back energy") if wh is None else gettext("{wh} Wh of the held-back energy", wh=wh)
    )
    return redirect(
        f"/sessions/{row.id}",
        gettext("{billed} of session {number} is billed.", billed=billed, number=row.number),
    )


async def _row(request: PageRequest) -> SessionRow:
    row = await request.queries.session(
        request.number, request.path_parameter("session"), as_of=request.as_of
    )
    if row is None:
        raise not_found(gettext("There is no such session."))
    return row


async def _bill(request: PageRequest) -> SessionBill:
    row = await _row(request)
    # The plug's present state is not that of a session that is over.
    over = row.freed_at or row.ended_at if row.status not in ACTIVE_STATES else None
    plugs = await request.queries.connectors(
        request.number, charge_box_id=row.charge_point, as_of=over or request.as_of
    )
    plug = next((plug for plug in plugs if plug.connector == row.connector), None)
    return SessionBill(
        line=session_line(request, row),
        plug=plug,
        plug_then=over is not None,
        stop=await _newest_stop(request, row) if request.as_of is None else None,
        people=await customer_names(request, (row.customer,)),
        group_name=await _group_name(request, row.customer_group),
    )


async def _group_name(request: PageRequest, group: str) -> str:
    """The name of a customer group; empty without one, and of a removed one a text that says so."""
    if not group:
        return ""
    row = await request.queries.customer_group(request.number, group)
    return gettext("removed group") if row is None else row.name


async def _newest_stop(request: PageRequest, row: SessionRow) -> CommandRow | None:
    """What the charger was last asked about stopping this session, with what came of it."""
    asked = await request.queries.commands(request.number, row.charge_point, COMMANDS_LOOKED_AT)
    return next(
        (each for each in asked if each.action == "remoteStop" and each.payload.get("sessionId") == row.id),
        None,
    )


async def _story(request: PageRequest) -> SessionStory:
    row = await _row(request)
    facts = await request.queries.session_facts(request.number, row.id)
    if request.as_of is not None:
        facts = [fact for fact in facts if fact.recorded_at <= request.as_of]
    paid = await _payment_facts(request, facts)
    told = sorted([*facts, *paid], key=lambda fact: fact.position)
    payment = folded(paid)
    return SessionStory(
        entries=timeline(told, row.time_zone),
        chart=curve(row, facts),
        zone=row.time_zone,
        payment=None if payment is None else shown_payment(payment, row),
    )


async def _payment_facts(request: PageRequest, facts: Sequence[Fact]) -> Sequence[Fact]:
    """The facts of the payment by which the session's driver pays; none where nobody pays each time."""
    for fact in facts:
        if isinstance(fact.event, SessionStarted) and fact.event.payment:
            paid = await request.queries.payment_facts(request.number, fact.event.payment)
            return [each for each in paid if request.as_of is None or each.recorded_at <= request.as_of]
    return ()


def curve(row: SessionRow, facts: Sequence[Fact]) -> dict[str, Any] | None:
    """What the browser draws: power and energy over time, with the tariff's windows."""
    readings = sorted(
        (each for fact in facts if isinstance(fact.event, EnergyMetered) for each in fact.event.readings),
        key=lambda each: each.at,
    )
    if row.ended_at is not None and row.energy_wh and (not readings or readings[-1].at <= row.ended_at):
        # The stop's register is the last reading, whatever was sampled before.
        readings.append(SessionReading(at=row.ended_at, energy_wh=row.energy_wh))
    if not readings or row.tariff is None:
        return None
    thinned = readings[:: max(1, len(readings) // MOST_POINTS)]
    if thinned[-1] is not readings[-1]:
        thinned.append(readings[-1])
    start = SessionReading(at=row.started_at, energy_wh=0)
    thinned = _without_excess([start, *thinned])
    windows = price_periods(row.tariff, row.started_at, max(readings[-1].at, row.ended_at or row.started_at))
    return {
        "kind": "session",
        "zone": row.time_zone,
        "energy": [[_ms(each), each.energy_wh / 1000] for each in thinned],
        "power": _power(thinned),
        "windows": [
            {
                "since": int(period.since.timestamp() * 1000),
                "until": int(period.until.timestamp() * 1000),
                "price": price(period.price, row.tariff.currency),
            }
            for period in windows
            if period.window is not None
        ],
    }


def _without_excess(readings: Sequence[SessionReading]) -> list[SessionReading]:
    """Readings that never fall: what was believed of an odd register until others contradicted it goes."""
    kept: list[SessionReading] = []
    least = readings[-1].energy_wh
    for each in reversed(readings):
        least = min(least, each.energy_wh)
        kept.append(msgspec.structs.replace(each, energy_wh=least))
    return kept[::-1]


def _power(readings: Sequence[SessionReading]) -> list[list[float]]:
    """Measured power; between readings without power, the mean that their energy implies."""
    points: list[list[float]] = []
    for before, after in pairwise(readings):
        seconds = (after.at - before.at).total_seconds()
        if after.power_w is not None:
            points.append([_ms(after), after.power_w / 1000])
        elif seconds > 0:
            points.append([_ms(before), (after.energy_wh - before.energy_wh) * 3.6 / seconds])
    return points


def _ms(reading: SessionReading) -> int:
    return int(reading.at.timestamp() * 1000)
