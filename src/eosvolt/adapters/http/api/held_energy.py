"""``/sessions/{session}/held-energy``: an operator bills energy that was held back."""

from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.session_views import SessionDetailView, session_detail
from eosvolt.adapters.http.endpoint import Call, endpoint
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.shapes import Wish
from eosvolt.application.held_energy import bill_held_energy


class HeldEnergyConsent(Wish, frozen=True, kw_only=True):
    """Why it is billed, for whoever looks at it later."""

    note: Annotated[str, Meta(min_length=1, max_length=500)]


@endpoint("POST", "/sessions/{session}/held-energy")
async def bill_held(call: Call, session: str, body: HeldEnergyConsent) -> SessionDetailView:
    """Bill the energy that the register shows beyond what the plug delivers at full power (`heldBackWh`).

    The bill is corrected on the day on which the session ended. 409 where nothing is held back.
    """
    if await call.queries.session(call.company, session) is None:
        raise not_found()
    await bill_held_energy(call.application, call.company, session, body.note, call.now, call.why)
    await call.queries.settled()
    row = await call.queries.session(call.company, session)
    if row is None:
        raise not_found()
    return session_detail(row, call.now)


ENDPOINTS = (bill_held,)
