"""Operators' changes of sessions: ending one without its charger, billing energy that was held back."""

from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.session_views import SessionDetailView, session_detail
from eosvolt.adapters.http.framework.api_types import ApiInput
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.operations import sessions


class SessionEnd(ApiInput, frozen=True, kw_only=True):
    """A note on the reason."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class HeldEnergyConsent(ApiInput, frozen=True, kw_only=True):
    """A note on the reason, and ``wh``: the energy to bill, in Wh; all of it by default."""

    note: Annotated[str, Meta(min_length=1, max_length=500)]
    wh: Annotated[int, Meta(ge=1)] | None = None


@endpoint("POST", "/sessions/{session}/end", operation=sessions.end)
async def end_by_force(call: ApiCall, session: str, body: SessionEnd) -> SessionDetailView:
    """End a session at its last reading, without the charger.

    For chargers that lost the session or were dismantled; try a `remoteStop` first. The end is provisional: a
    later StopTransaction of the charger corrects it. 409 if charging has already ended.
    """
    await call.run(sessions.end, sessions.SessionEndInput(session=session, note=body.reason))
    return await _changed(call, session)


@endpoint("POST", "/sessions/{session}/held-energy", operation=sessions.bill_held_energy)
async def bill_held(call: ApiCall, session: str, body: HeldEnergyConsent) -> SessionDetailView:
    """Bill the energy that the register shows beyond what the plug delivers at full power (`heldBackWh`).

    `wh` bills a part of it; the rest stays held back and can be billed later. The bill is corrected on the
    day on which the session ended. 409 while it charges, and if less than `wh` or nothing is held back.
    """
    consent = sessions.HeldEnergyConsentInput(session=session, note=body.note, wh=body.wh)
    await call.run(sessions.bill_held_energy, consent)
    return await _changed(call, session)


async def _changed(call: ApiCall, session: str) -> SessionDetailView:
    row = await call.queries.session(call.company, session)
    if row is None:
        raise not_found()
    return session_detail(row, call.now)


ENDPOINTS = (end_by_force, bill_held)
