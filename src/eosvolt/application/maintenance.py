"""The use cases of device reports: firmware, uploads, security, vendor messages, protocol violations, clock.

Each method is idempotent: a repeated report changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from eosvolt.application.executor import Application, Plan
from eosvolt.application.ports import Clock
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.meter_unit_check import MeterUnitVerdict
from eosvolt.domain.charge_points.reports import FirmwareReport, SecurityReport, UploadReport, VendorReport
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import (
    ClockFound,
    FirmwareProgressed,
    MaintenanceEvent,
    ProtocolViolationsCounted,
    SecurityEventReported,
    UploadProgressed,
    VendorMessageReceived,
)
from eosvolt.domain.maintenance.values import ProtocolViolation
from eosvolt.domain.reactions.faults_metering import after_meter_unit_check

Counts = Mapping[tuple[str, str], int]

LONGEST_VENDOR_DATA = 2_000


class Maintenance:
    """Records the device reports of chargers. ``charge_point`` is always ``company/charge box id``."""

    def __init__(self, application: Application, clock: Clock) -> None:
        """Work on ``application``; counts and clock offsets are recorded with the time of ``clock``."""
        self._application = application
        self._clock = clock

    async def firmware(self, charge_point: str, report: FirmwareReport, frame: str = "") -> None:
        """Record the progress of a firmware installation."""
        event = FirmwareProgressed(
            at=report.received_at, status=report.status, request=report.request, signed=report.signed
        )
        await self._note(charge_point, event, "FirmwareStatusNotification", frame)

    async def uploading(self, charge_point: str, report: UploadReport, frame: str = "") -> None:
        """Record the progress of an upload."""
        event = UploadProgressed(at=report.received_at, status=report.status, request=report.request)
        await self._note(charge_point, event, "LogStatusNotification", frame)

    async def security_event(self, charge_point: str, report: SecurityReport, frame: str = "") -> None:
        """Record a security event of the charger."""
        event = SecurityEventReported(
            at=report.at, received_at=report.received_at, type=report.type, info=report.info
        )
        await self._note(charge_point, event, "SecurityEventNotification", frame)

    async def vendor_message(self, charge_point: str, report: VendorReport, frame: str = "") -> None:
        """Record a vendor-specific message (DataTransfer); the message log has its full text."""
        event = VendorMessageReceived(
            at=report.received_at,
            vendor=report.vendor,
            message=report.message,
            data=report.data[:LONGEST_VENDOR_DATA],
        )
        await self._note(charge_point, event, "DataTransfer", frame)

    async def protocol_violations(
        self, charge_point: str, since: datetime, repaired: Counts, unreadable: Counts
    ) -> None:
        """Record the messages since ``since`` that broke their schema, by action and rule, if any."""
        if not any(repaired.values()) and not any(unreadable.values()):
            return
        at = self._clock.now()
        event = ProtocolViolationsCounted(
            at=at, since=since, repaired=_counted(repaired), unreadable=_counted(unreadable)
        )
        await self._note(charge_point, event, "account", "")

    async def clock(self, charge_point: str, clock_offset_s: int) -> None:
        """Record by how many seconds the charger's clock is ahead of ours (negative: behind)."""
        at = self._clock.now()
        event = ClockFound(at=at, clock_offset_s=clock_offset_s)
        await self._note(charge_point, event, "clock", "")

    async def meter_unit_checked(self, charge_point: str, connector: int, verdict: MeterUnitVerdict) -> None:
        """Record whether a plug's register fits its power. A misfit is a fault and changes no bill."""
        at = self._clock.now()

        async def plan() -> Plan[None]:
            state = known(await self._application.state(charge_points, charge_point))
            envelopes = [] if state is None else after_meter_unit_check(state, connector, verdict, at)
            return Plan(envelopes, None, guarded=True)

        await self._application.perform(plan, _by(charge_point, "MeterValues", ""))

    async def _note(self, charge_point: str, event: MaintenanceEvent, cause: str, frame: str) -> None:
        """Record an event unless it was recorded before."""
        note = RecordDeviceEvent(event=event)
        await self._application.execute(maintenance, charge_point, note, _by(charge_point, cause, frame))


def _by(charge_point: str, cause: str, frame: str) -> Provenance:
    company, _, charge_box_id = charge_point.partition("/")
    return Provenance(int(company), f"charger:{charge_box_id}", cause, frame)


def _counted(counts: Counts) -> tuple[ProtocolViolation, ...]:
    return tuple(
        ProtocolViolation(action, rule, count) for (action, rule), count in sorted(counts.items()) if count
    )
