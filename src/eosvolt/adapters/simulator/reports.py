"""Converts the events of a simulated charger to the domain's reports."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.simulator.events import Metered, Started, StatusChanged, Stopped
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
    """The report of a boot."""
    return Boot(
        received_at=heard,
        vendor=plan.vendor,
        model=plan.model,
        serial=plan.serial,
        firmware=plan.firmware,
    )


def start_report(started: Started, heard: datetime) -> StartReport:
    """The report of a start."""
    return StartReport(
        connector=started.plug,
        token=started.delivery.token,
        at=started.at,
        received_at=heard,
        meter_start_wh=started.delivery.meter_start_wh,
    )


def status_report(event: StatusChanged, heard: datetime) -> StatusReport:
    """The report of a plug's status."""
    return StatusReport(
        connector=event.plug,
        status=ConnectorStatus(event.status.value),
        at=event.at,
        received_at=heard,
        error_code=event.code,
        vendor_error=event.vendor_code,
        info=event.text,
    )


def stop_report(event: Stopped, heard: datetime) -> StopReport:
    """The report of a stop."""
    delivery = event.delivery
    return StopReport(
        transaction=-1 if delivery.transaction is None else delivery.transaction,
        at=event.at,
        received_at=heard,
        meter_stop_wh=delivery.meter_start_wh + delivery.energy_wh,
        reason=event.reason,
        token=event.token,
    )


def meter_report(plug: int, gathered: Sequence[Metered], heard: datetime) -> MeterReport:
    """The report of the gathered readings of one transaction, at least one."""
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
