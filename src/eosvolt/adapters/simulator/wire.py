"""What happened at a charger, as OCPP 1.6 messages: exemplary, or with the quirks of the charger."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ocpp.v16 import call

from eosvolt.adapters.simulator.happenings import Delivery, Metered, Started, StatusChanged, Stopped
from eosvolt.adapters.simulator.plans import ChargerPlan, Quirks

NOBODY_KNOWS = -1


class Wire:
    """Writes the messages of one charger."""

    def __init__(self, plan: ChargerPlan) -> None:
        """``plan`` says who the charger is and what it does wrong."""
        self._plan = plan
        self.firmware = plan.firmware

    @property
    def _quirks(self) -> Quirks:
        return self._plan.quirks

    def instant(self, at: datetime) -> str:
        """A time as this charger's clock shows it."""
        shown = at.astimezone(UTC) + timedelta(seconds=self._quirks.clock_off_s)
        return shown.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def tag(self, token: str) -> str:
        """A card number as this charger reads it."""
        return token.lower() if self._quirks.lower_case_tags else token

    def boot(self) -> call.BootNotification:
        """The charger tells what it is."""
        plan = self._plan
        return call.BootNotification(
            charge_point_vendor=plan.vendor,
            charge_point_model=plan.model,
            charge_point_serial_number=plan.serial or plan.charge_box_id[:25],
            firmware_version=self.firmware,
            meter_type="eM-340",
        )

    def status(self, happening: StatusChanged) -> call.StatusNotification:
        """A plug, or the charger as a whole (plug 0), changed its state."""
        return call.StatusNotification(
            connector_id=happening.plug,
            error_code=happening.code or "NoError",
            status=happening.status.value,
            timestamp=self.instant(happening.at),
            info=happening.text or None,
            vendor_id=self._plan.vendor if happening.vendor_code else None,
            vendor_error_code=happening.vendor_code or None,
        )

    def start(self, happening: Started) -> call.StartTransaction:
        """A transaction began."""
        return call.StartTransaction(
            connector_id=happening.plug,
            id_tag=self.tag(happening.delivery.token),
            meter_start=happening.delivery.meter_start_wh,
            timestamp=self.instant(happening.at),
            reservation_id=happening.delivery.reservation,
        )

    def stop(self, happening: Stopped) -> call.StopTransaction:
        """A transaction ended, with its last reading."""
        delivery = happening.delivery
        register_wh = delivery.meter_start_wh + delivery.energy_wh
        last = self._energy(delivery, register_wh, context="Transaction.End")
        return call.StopTransaction(
            transaction_id=_number(delivery),
            id_tag=self.tag(happening.token) if happening.token else None,
            meter_stop=register_wh,
            timestamp=self.instant(happening.at),
            reason=happening.reason,
            transaction_data=[{"timestamp": self.instant(happening.at), "sampled_value": last}],
        )

    def meter(self, happening: Metered, context: str = "Sample.Periodic") -> call.MeterValues:
        """The meter was read during a transaction."""
        samples = self._energy(happening.delivery, happening.register_wh, context)
        samples.append(_sample(str(happening.power_w), "Power.Active.Import", "W", context))
        phases: tuple[str | None, ...] = (None,) if happening.soc_percent is not None else ("L1", "L2", "L3")
        samples += [
            _sample(f"{happening.current_a:.1f}", "Current.Import", "A", context, phase) for phase in phases
        ]
        voltages = (None,) if happening.soc_percent is not None else ("L1-N", "L2-N", "L3-N")
        samples += [
            _sample(f"{happening.voltage_v:.0f}", "Voltage", "V", context, phase) for phase in voltages
        ]
        if happening.soc_percent is not None:
            samples.append(
                {**_sample(str(happening.soc_percent), "SoC", "Percent", context), "location": "EV"}
            )
        return call.MeterValues(
            connector_id=happening.plug,
            transaction_id=None if self._quirks.without_transaction else _number(happening.delivery),
            meter_value=[{"timestamp": self.instant(happening.at), "sampled_value": samples}],
        )

    def idle_meter(self, plug: int, register_wh: int, at: datetime) -> call.MeterValues:
        """The meter was read because the operator asked, with nobody charging."""
        value = _sample(str(register_wh), "Energy.Active.Import.Register", "Wh", "Trigger")
        return call.MeterValues(plug, [{"timestamp": self.instant(at), "sampled_value": [value]}])

    def _energy(self, delivery: Delivery, register_wh: int, context: str) -> list[dict[str, Any]]:
        shown = register_wh - (delivery.meter_start_wh if self._quirks.session_relative else 0)
        if self._quirks.phases_only:
            third = shown // 3
            parts = (("L1", third), ("L2", third), ("L3", shown - 2 * third))
            return [self._register(value, context, phase) for phase, value in parts]
        return [self._register(shown, context)]

    def _register(self, value_wh: int, context: str, phase: str | None = None) -> dict[str, Any]:
        if self._quirks.kilowatt_hours:
            value = f"{value_wh // 1_000}.{value_wh % 1_000:03d}"
            return _sample(value, "Energy.Active.Import.Register", "kWh", context, phase)
        return _sample(str(value_wh), "Energy.Active.Import.Register", "Wh", context, phase)


def _number(delivery: Delivery) -> int:
    """The transaction's id; OCPP 1.6 errata 3.18 wants -1 where the system never gave one."""
    return NOBODY_KNOWS if delivery.transaction is None else delivery.transaction


def _sample(value: str, measurand: str, unit: str, context: str, phase: str | None = None) -> dict[str, Any]:
    sample = {"value": value, "context": context, "measurand": measurand, "unit": unit}
    return sample if phase is None else {**sample, "phase": phase}
