"""What a wish becomes before it is recorded and told to a charger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from eosvolt.application.execution import Application
from eosvolt.domain.kernel import Order, Rejected
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Charging

SECRET_SETTING = "authorizationkey"  # noqa: S105 - the name of a setting


class Prepared(NamedTuple):
    """The payload as it goes into the history and to the charger, and what else happens with it."""

    payload: dict[str, Any]
    orders: Sequence[Order] = ()


class Preparing:
    """Completes wishes with what only the system knows."""

    def __init__(self, application: Application) -> None:
        """Look at the states of ``application``."""
        self._application = application

    async def prepared(
        self, charge_point: str, command: str, action: str, payload: dict[str, Any], at: datetime
    ) -> Prepared:
        """What ``command`` tells the charger, asked for ``at``. It only reads, and may be asked again.

        Raises ``Rejected`` for what cannot be asked of this charger.
        """
        del command, at
        match action:
            case "changeConfiguration":
                return Prepared(_without_secret(payload))
            case "remoteStop":
                return Prepared(await self._stop(charge_point, payload))
            case _:
                return Prepared(payload)

    async def _stop(self, charge_point: str, payload: dict[str, Any]) -> dict[str, Any]:
        """With the number of the session's transaction, where a session is named."""
        if "sessionId" not in payload:
            return payload
        session = await self._application.state(sessions, str(payload["sessionId"]))
        if not isinstance(session, Charging):
            raise Rejected("This session is not charging any more.")
        place = session.start.place
        if f"{place.company}/{place.charge_point}" != charge_point:
            raise Rejected("This session is not of this charger.")
        return {"sessionId": str(payload["sessionId"]), "transaction": session.start.transaction}


def _without_secret(payload: dict[str, Any]) -> dict[str, Any]:
    if str(payload.get("key", "")).casefold() == SECRET_SETTING:
        raise Rejected("A charger's password never goes into the history: set it on the charger's page.")
    return payload
