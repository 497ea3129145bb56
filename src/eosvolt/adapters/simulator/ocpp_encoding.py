"""Encodes the events of a simulated charger as OCPP 1.6 messages, with the charger's quirks."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ocpp.v16 import call

from eosvolt.adapters.simulator.events import Delivery, Metered, Started, StatusChanged, Stopped
from eosvolt.adapters.simulator.plans import ChargerPlan, Quirks

NO_TRANSACTION = -1


class OcppEncoder:
    """Encodes the messages of one charger."""

    def __init__(self, plan: ChargerPlan) -> None:
        """``plan`` describes the charger and its quirks."""
        self._plan = plan
        self.firmware = plan.firmware

    @property
    def _quirks(self) -> Quirks:
        return self._plan.quirks

    def instant(self, at: datetime) -> str:
        """A timestamp of this charger's clock."""
        shown = at.astimezone(UTC) + timedelta(seconds=self._quirks.clock_off_s)
        return shown.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def tag(self, token: str) -> str:
        """A card number as this charger sends it."""
        return token.lower() if self._quirks.lower_case_tags else token

    def boot(self) -> call.BootNotification:
        """BootNotification.req (OCPP 1.6 §4.2)."""
        plan = self._plan
        return call.BootNotification(
            charge_point_vendor=plan.vendor,
            charge_point_model=plan.model,
            charge_point_serial_number=plan.serial or plan.charge_box_id[:25],
            firmware_version=self.firmware,
            meter_type="eM-340",
        )

    def status(self, event: StatusChanged) -> call.StatusNotification:
        """StatusNotification.req (OCPP 1.6 §4.9) of a plug, or of the charger for plug 0."""
        return call.StatusNotification(
            connector_id=event.plug,
            error_code=event.code or "NoError",
            status=event.status.value,
            timestamp=self.instant(event.at),
            info=event.text or None,
            vendor_id=self._plan.vendor if event.vendor_code else None,
            vendor_error_code=event.vendor_code or None,
        )

    def start(self, event: Started) -> call.StartTransaction:
        """StartTransaction.req (OCPP 1.6 §4.8)."""
        return call.StartTransaction(
            connector_id=event.plug,
            id_tag=self.tag(event.delivery.token),
            meter_start=event.delivery.meter_start_wh,
            timestamp=self.instant(event.at),
            reservation_id=event.delivery.reservation,
        )

    def stop(self, event: Stopped) -> call.StopTransaction:
        """StopTransaction.req (OCPP 1.6 §4.10) with the last reading."""
        delivery = event.delivery
        register_wh = delivery.meter_start_wh + delivery.energy_wh
        last = self._energy(delivery, register_wh, context="Transaction.End")
        return call.StopTransaction(
            transaction_id=_number(delivery),
            id_tag=self.tag(event.token) if event.token else None,
            meter_stop=register_wh,
            timestamp=self.instant(event.at),
            reason=event.reason,
            transaction_data=[{"timestamp": self.instant(event.at), "sampled_value": last}],
        )

    def meter(self, event: Metered, context: str = "Sample.Periodic") -> call.MeterValues:
        """MeterValues.req (OCPP 1.6 §4.7) of a transaction."""
        samples = self._energy(event.delivery, event.register_wh, context)
        samples.append(_sample(str(event.power_w), "Power.Active.Import", "W", context))
        phases: tuple[str | None, ...] = (None,) if event.soc_percent is not None else ("L1", "L2", "L3")
        samples += [
            _sample(f"{event.current_a:.1f}", "Current.Import", "A", context, phase) for phase in phases
        ]
        voltages = (None,) if event.soc_percent is not None else ("L1-N", "L2-N", "L3-N")
        samples += [_sample(f"{event.voltage_v:.0f}", "Voltage", "V", context, phase) for phase in voltages]
        if event.soc_percent is not None:
            samples.append({**_sample(str(event.soc_percent), "SoC", "Percent", context), "location": "EV"})
        return call.MeterValues(
            connector_id=event.plug,
            transaction_id=None if self._quirks.without_transaction else _number(event.delivery),
            meter_value=[{"timestamp": self.instant(event.at), "sampled_value": samples}],
        )

    def idle_meter(self, plug: int, register_wh: int, at: datetime) -> call.MeterValues:
        """MeterValues.req (OCPP 1.6 §4.7) without a transaction, after a TriggerMessage."""
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
    """The transaction's id; -1 where the system never gave one (OCPP 1.6 errata 3.18)."""
    return NO_TRANSACTION if delivery.transaction is None else delivery.transaction


def _sample(value: str, measurand: str, unit: str, context: str, phase: str | None = None) -> dict[str, Any]:
    sample = {"value": value, "context": context, "measurand": measurand, "unit": unit}
    return sample if phase is None else {**sample, "phase": phase}
