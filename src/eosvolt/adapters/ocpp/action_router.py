"""Routes each report of a charger to its use case and builds the payload of the answer."""

from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, assert_never

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.inbound_messages import AuthorizeRequest, Heartbeat, InboundMessage
from eosvolt.application.certification import Certification
from eosvolt.application.charging import ChargingService
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

# Some chargers repeat a vendor message several times a second. The history keeps one message per interval,
# the message log keeps all of them.
VENDOR_MESSAGE_EVERY = timedelta(seconds=10)
VENDOR_MESSAGES_REMEMBERED = 10_000


class UseCaseHandlers(NamedTuple):
    """The use cases that handle reports of chargers."""

    charging: ChargingService
    maintenance: Maintenance
    certification: Certification


class ActionRouter:
    """Passes reports to the use cases and returns the answer's payload once they are durable."""

    def __init__(self, handlers: UseCaseHandlers, clock: Clock, heartbeat_seconds: int) -> None:
        """``heartbeat_seconds`` is the ``interval`` in the answer to a boot (OCPP 1.6 §4.2)."""
        self.handlers = handlers
        self._clock = clock
        self._heartbeat_seconds = heartbeat_seconds
        self._vendor_messages: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()

    def at_once(self) -> dict[str, Any]:
        """The payload of the answer to a heartbeat. It needs no use case."""
        return v16.clock(self._clock.now())

    async def answer(self, charge_point: str, message: InboundMessage, text: str) -> dict[str, Any]:
        """Handle a report and return the answer's payload. ``text`` is the frame of the report."""
        charging = self.handlers.charging
        match message:
            case MeterReport():
                if message.readings:
                    await charging.metered(charge_point, message, _digest(text))
                return v16.NOTED
            case StatusReport():
                await charging.reported(charge_point, message, _digest(text))
                return v16.NOTED
            case StartReport():
                return v16.start(await charging.started(charge_point, message, _digest(text)))
            case StopReport():
                return v16.stop(await charging.stopped(charge_point, message, _digest(text)))
            case AuthorizeRequest(token=token):
                return v16.authorization(await charging.authorized(charge_point, token, _digest(text)))
            case Boot():
                if await charging.booted(charge_point, message, _digest(text)):
                    return v16.boot_accepted(self._clock.now(), self._heartbeat_seconds)
                return v16.boot_pending(self._clock.now())
            case Heartbeat():
                return self.at_once()
            case _:
                return await self._device_report(charge_point, message, _digest(text))

    async def _device_report(
        self,
        charge_point: str,
        message: FirmwareReport | UploadReport | SecurityReport | VendorReport | CertificateReport,
        frame: str,
    ) -> dict[str, Any]:
        maintenance = self.handlers.maintenance
        match message:
            case FirmwareReport():
                await maintenance.firmware(charge_point, message, frame)
                return v16.NOTED
            case UploadReport():
                await maintenance.uploading(charge_point, message, frame)
                return v16.NOTED
            case SecurityReport():
                await maintenance.security_event(charge_point, message, frame)
                return v16.NOTED
            case VendorReport():
                if self._is_due(charge_point, message):
                    await maintenance.vendor_message(charge_point, message, frame)
                return v16.VENDOR_UNKNOWN
            case CertificateReport():
                return v16.signing(await self.handlers.certification.requested(charge_point, message, frame))
            case _:
                assert_never(message)

    def _is_due(self, charge_point: str, report: VendorReport) -> bool:
        """Whether a vendor message is recorded in the history too, not only in the message log."""
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
