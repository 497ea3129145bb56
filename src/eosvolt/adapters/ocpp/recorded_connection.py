"""One connection of a charger as the history has it."""

from datetime import datetime

from eosvolt.adapters.ocpp.handshake_auth import AuthenticatedCharger
from eosvolt.adapters.ocpp.v16 import SUBPROTOCOL
from eosvolt.application.charger_authentication import Strength
from eosvolt.application.charging import ChargingService


class RecordedConnection:
    """Records that a connection was opened and closed; no other one of the charger is concerned."""

    def __init__(
        self, charging: ChargingService, charger: AuthenticatedCharger, gateway: str, connection: str
    ) -> None:
        """``connection`` was accepted by ``gateway``."""
        self._charging = charging
        self._charger = charger
        self._gateway = gateway
        self._connection = connection
        self._opened = False

    async def opened(self, at: datetime) -> None:
        """Record that it is open since ``at``."""
        charger = self._charger
        await self._charging.connected(
            charger.admission.charge_point,
            at=at,
            protocol=SUBPROTOCOL,
            secure=charger.secure,
            authenticated=charger.strength > Strength.NOTHING,
            address=charger.address,
            gateway=self._gateway,
            connection=self._connection,
        )
        self._opened = True

    async def closed(self, at: datetime, opened_at: datetime, reason: str) -> None:
        """Record that it closed at ``at``; before, that it was open, if that could not be recorded yet."""
        if not self._opened:
            await self.opened(opened_at)
        charge_point = self._charger.admission.charge_point
        await self._charging.disconnected(charge_point, at=at, reason=reason, connection=self._connection)
