"""Whether a remote start would begin a session that its location does not allow."""

from datetime import datetime
from typing import Any

from eosvolt.application.booked_starts import booked_start, refusal_with_bookings
from eosvolt.application.executor import Application
from eosvolt.application.memberships import membership
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.refusal import StartRefusal
from eosvolt.domain.tokens.uid import folded

REMOTE_START = "remoteStart"

SENTENCES = {
    StartRefusal.CLOSED: "The location is closed now: outside its opening hours no session starts.",
    StartRefusal.NOT_LISTED: "This token is not on the location's list.",
    StartRefusal.BOOKINGS_ONLY: "The location is open to bookings only at this time.",
    StartRefusal.BOOKED: "Another driver has booked this plug at this time.",
}


async def check_start(
    application: Application,
    charge_point: str,
    state: Registered,
    payload: dict[str, Any],
    at: datetime,
    bearer: TokenBearer | None = None,
) -> None:
    """Raise ``Rejected`` if a token may not begin to charge at a charger's location now.

    What the token's own status is, is the charger's question when it starts. ``bearer``: who presents it, if
    that is not in the history yet.
    """
    location = await application.state(locations, state.location)
    if not isinstance(location, Location):
        return
    if bearer is None:
        uid = str(payload.get("token", ""))
        token = await application.state(tokens, f"{charge_point.partition('/')[0]}/{folded(uid)}")
        bearer = (await membership(application, location.company, uid, token)).bearer
    plug = payload.get("plug")
    connector = plug if isinstance(plug, int) else 0
    booked = await booked_start(application, state, location, connector, bearer, at)
    refusal = refusal_with_bookings(location, bearer, booked, at)
    if refusal is not None:
        raise Rejected(SENTENCES[refusal])
