"""Whether a remote start would begin a session that its location does not allow."""

from datetime import datetime
from typing import Any

from eosvolt.application.executor import Application
from eosvolt.application.memberships import membership
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.refusal import StartRefusal
from eosvolt.domain.tokens.uid import folded

REMOTE_START = "remoteStart"

SENTENCES = {
    StartRefusal.CLOSED: "The location is closed now: outside its opening hours no session starts.",
    StartRefusal.NOT_LISTED: "This token is not on the location's list.",
    StartRefusal.BOOKINGS_ONLY: "The location is open to bookings only at this time.",
}


async def check_start(
    application: Application, charge_point: str, state: Registered, payload: dict[str, Any], at: datetime
) -> None:
    """Raise ``Rejected`` if a token may not begin to charge at a charger's location now.

    What the token's own status is, is the charger's question when it starts.
    """
    uid = str(payload.get("token", ""))
    location = await application.state(locations, state.location)
    token = await application.state(tokens, f"{charge_point.partition('/')[0]}/{folded(uid)}")
    if not isinstance(location, Location):
        return
    who = await membership(application, location.company, uid, token)
    refusal = location.refusal(who.bearer, at)
    if refusal is not None:
        raise Rejected(SENTENCES[refusal])
