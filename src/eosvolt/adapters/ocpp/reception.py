"""From what a charger says to what the system does about it, and back to the answer."""

from hashlib import sha256
from typing import Any, assert_never

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.vocabulary import (
    Announcement,
    AuthorizeAsked,
    CertificateAsked,
    Heard,
    Heartbeat,
    VendorMessage,
)
from eosvolt.application.charging import Charging
from eosvolt.application.ports import Clock
from eosvolt.domain.charge_points.reports import Boot, MeterReport, StartReport, StatusReport, StopReport


class Reception:
    """Hands reports to the application and returns the payload of the answer once they are durable."""

    def __init__(self, desk: Charging, clock: Clock, heartbeat_seconds: int) -> None:
        """``heartbeat_seconds`` is what a booted charger is told to keep."""
        self.desk = desk
        self._clock = clock
        self._heartbeat_seconds = heartbeat_seconds

    def at_once(self) -> dict[str, Any]:
        """The answer to a heartbeat, which nothing has to precede."""
        return v16.clock(self._clock.now())

    async def answer(self, charge_point: str, heard: Heard, text: str) -> dict[str, Any]:
        """Do what follows from ``heard``; ``text`` is the frame that said it."""
        match heard:
            case MeterReport():
                if heard.readings:
                    await self.desk.metered(charge_point, heard, _digest(text))
                return v16.NOTED
            case StatusReport():
                await self.desk.reported(charge_point, heard, _digest(text))
                return v16.NOTED
            case StartReport():
                return v16.start(await self.desk.started(charge_point, heard, _digest(text)))
            case StopReport():
                return v16.stop(await self.desk.stopped(charge_point, heard, _digest(text)))
            case AuthorizeAsked(token=token):
                return v16.authorization(await self.desk.authorized(charge_point, token))
            case Boot():
                await self.desk.booted(charge_point, heard, _digest(text))
                return v16.welcome(self._clock.now(), self._heartbeat_seconds)
            case Heartbeat():
                return self.at_once()
            case VendorMessage():
                return v16.VENDOR_UNKNOWN
            case CertificateAsked():
                return v16.NOT_SIGNED
            case Announcement():
                return v16.NOTED
            case _:
                assert_never(heard)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
