"""What happened at a charger, in the words in which the application is told."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.simulator.happenings import Metered, Started, StatusChanged, Stopped
from eosvolt.adapters.simulator.plans import ChargerPlan
from eosvolt.domain.charge_points.reports import (
    Boot,
    ConnectorStatus,
    MeterReport,
    Reading,
    StartReport,
    StatusReport,
    StopReport,
)


def boot_report(plan: ChargerPlan, heard: datetime) -> Boot:
    """The charger tells what it is."""
    return Boot(
        received_at=heard,
        vendor=plan.vendor,
        model=plan.model,
        serial=plan.serial,
        firmware=plan.firmware,
    )


def start_report(started: Started, heard: datetime) -> StartReport:
    """A transaction began."""
    return StartReport(
        connector=started.plug,
        token=started.delivery.token,
        at=started.at,
        received_at=heard,
        meter_start_wh=started.delivery.meter_start_wh,
    )


def status_report(happening: StatusChanged, heard: datetime) -> StatusReport:
    """A plug changed its state."""
    return StatusReport(
        connector=happening.plug,
        status=ConnectorStatus(happening.status.value),
        at=happening.at,
        received_at=heard,
        error_code=happening.code,
        vendor_error=happening.vendor_code,
        info=happening.text,
    )


def stop_report(happening: Stopped, heard: datetime) -> StopReport:
    """A transaction ended."""
    delivery = happening.delivery
    return StopReport(
        transaction=-1 if delivery.transaction is None else delivery.transaction,
        at=happening.at,
        received_at=heard,
        meter_stop_wh=delivery.meter_start_wh + delivery.energy_wh,
        reason=happening.reason,
        token=happening.token,
    )


def meter_report(plug: int, gathered: Sequence[Metered], heard: datetime) -> MeterReport:
    """The readings of one transaction that have gathered, at least one."""
    return MeterReport(
        connector=plug,
        received_at=heard,
        transaction=gathered[0].delivery.transaction,
        readings=tuple(_reading(one) for one in gathered),
    )


def _reading(metered: Metered) -> Reading:
    return Reading(
        at=metered.at,
        register_wh=metered.register_wh,
        power_w=metered.power_w,
        current_a=metered.current_a,
        voltage_v=metered.voltage_v,
        soc_percent=None if metered.soc_percent is None else float(metered.soc_percent),
    )
