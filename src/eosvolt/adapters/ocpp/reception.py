"""From what a charger says to what the system does about it, and back to the answer."""

from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, assert_never

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.vocabulary import AuthorizeAsked, Heard, Heartbeat
from eosvolt.application.certification import Certification
from eosvolt.application.charging import Charging
from eosvolt.application.maintenance import Maintenance
from eosvolt.application.ports import Clock
from eosvolt.domain.charge_points.reports import (
    Boot,
    CertificateReport,
    FirmwareReport,
    MeterReport,
    SecurityReport,
    StartReport,
    StatusReport,
    StopReport,
    UploadReport,
    VendorReport,
)

# Some chargers send the same vendor message several times a second: the history keeps one of so many seconds,
# the message log all of them.
VENDOR_MESSAGE_EVERY = timedelta(seconds=10)
VENDOR_MESSAGES_REMEMBERED = 10_000


class Desks(NamedTuple):
    """Who takes what a charger tells."""

    charging: Charging
    maintenance: Maintenance
    certification: Certification


class Reception:
    """Hands reports to the application and returns the payload of the answer once they are durable."""

    def __init__(self, desks: Desks, clock: Clock, heartbeat_seconds: int) -> None:
        """``heartbeat_seconds`` is what a booted charger is told to keep."""
        self.desks = desks
        self._clock = clock
        self._heartbeat_seconds = heartbeat_seconds
        self._vendor_messages: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()

    def at_once(self) -> dict[str, Any]:
        """The answer to a heartbeat, which nothing has to precede."""
        return v16.clock(self._clock.now())

    async def answer(self, charge_point: str, heard: Heard, text: str) -> dict[str, Any]:
        """Do what follows from ``heard``; ``text`` is the frame that said it."""
        charging = self.desks.charging
        match heard:
            case MeterReport():
                if heard.readings:
                    await charging.metered(charge_point, heard, _digest(text))
                return v16.NOTED
            case StatusReport():
                await charging.reported(charge_point, heard, _digest(text))
                return v16.NOTED
            case StartReport():
                return v16.start(await charging.started(charge_point, heard, _digest(text)))
            case StopReport():
                return v16.stop(await charging.stopped(charge_point, heard, _digest(text)))
            case AuthorizeAsked(token=token):
                return v16.authorization(await charging.authorized(charge_point, token))
            case Boot():
                if await charging.booted(charge_point, heard, _digest(text)):
                    return v16.welcome(self._clock.now(), self._heartbeat_seconds)
                return v16.wait(self._clock.now())
            case Heartbeat():
                return self.at_once()
            case _:
                return await self._upkeep(charge_point, heard, _digest(text))

    async def _upkeep(
        self,
        charge_point: str,
        heard: FirmwareReport | UploadReport | SecurityReport | VendorReport | CertificateReport,
        frame: str,
    ) -> dict[str, Any]:
        maintenance = self.desks.maintenance
        match heard:
            case FirmwareReport():
                await maintenance.firmware(charge_point, heard, frame)
                return v16.NOTED
            case UploadReport():
                await maintenance.uploading(charge_point, heard, frame)
                return v16.NOTED
            case SecurityReport():
                await maintenance.security_event(charge_point, heard, frame)
                return v16.NOTED
            case VendorReport():
                if self._is_due(charge_point, heard):
                    await maintenance.vendor_message(charge_point, heard, frame)
                return v16.VENDOR_UNKNOWN
            case CertificateReport():
                return v16.signing(await self.desks.certification.requested(charge_point, heard, frame))
            case _:
                assert_never(heard)

    def _is_due(self, charge_point: str, report: VendorReport) -> bool:
        """Whether a vendor message belongs into the history, and not only into the message log."""
        key = (charge_point, report.vendor, report.message)
        last = self._vendor_messages.get(key)
        if last is not None and last <= report.received_at < last + VENDOR_MESSAGE_EVERY:
            return False
        self._vendor_messages[key] = report.received_at
        self._vendor_messages.move_to_end(key)
        if len(self._vendor_messages) > VENDOR_MESSAGES_REMEMBERED:
            self._vendor_messages.popitem(last=False)
        return True


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
