"""Handles trigger messages on a simulated charger."""

from functools import partial

from ocpp.v16 import call, call_result

from eosvolt.adapters.simulator import files, firmware
from eosvolt.adapters.simulator.ocpp_routing import after, on
from eosvolt.adapters.simulator.outbox import Message
from eosvolt.adapters.simulator.persistent_state import PersistentState

CERTIFICATE = "SignChargePointCertificate"
PLAIN = frozenset(
    {"BootNotification", "FirmwareStatusNotification", "Heartbeat", "MeterValues", "StatusNotification"}
)
TRIGGERED = PLAIN | {"DiagnosticsStatusNotification"}
EXTENDED = PLAIN | {"LogStatusNotification", CERTIFICATE}


class TriggerHandlers:
    """The handlers for requested messages."""

    _state: PersistentState

    @on("TriggerMessage")
    def message_asked(self, requested_message: str, connector_id: int | None = None) -> object:
        """TriggerMessage.req (OCPP 1.6 §5.17)."""
        return call_result.TriggerMessage(status=self._promise(requested_message, connector_id, TRIGGERED))

    @after("TriggerMessage")
    def message_given(self, requested_message: str, connector_id: int | None = None) -> None:
        """Send the requested message before all others."""
        if self._promise(requested_message, connector_id, TRIGGERED) == "Accepted":
            self._say(requested_message, connector_id)

    @on("ExtendedTriggerMessage")
    def extended_message_asked(self, requested_message: str, connector_id: int | None = None) -> object:
        """ExtendedTriggerMessage.req (OCPP 1.6 security whitepaper §5.5)."""
        status = self._promise(requested_message, connector_id, EXTENDED)
        return call_result.ExtendedTriggerMessage(status=status)

    @after("ExtendedTriggerMessage")
    def extended_message_given(self, requested_message: str, connector_id: int | None = None) -> None:
        """Send the requested message before all others."""
        if self._promise(requested_message, connector_id, EXTENDED) == "Accepted":
            self._say(requested_message, connector_id)

    def _promise(self, message: str, connector: int | None, known: frozenset[str]) -> str:
        if connector is not None and connector not in self._state.station.plugs:
            return "Rejected"
        return "Accepted" if message in known else "NotImplemented"

    def _say(self, message: str, connector: int | None) -> None:
        state, first = self._state, self._state.outbox.put_first
        match message:
            case "BootNotification":
                first(Message(state.encoder.boot))
            case "Heartbeat":
                first(Message(call.Heartbeat))
            case "StatusNotification":
                reports = state.statuses()
                first(*(reports if connector is None else [reports[connector]]))
            case "MeterValues":
                self._meter(connector)
            case "FirmwareStatusNotification":
                self._again(firmware.KIND, call.FirmwareStatusNotification(status="Idle"))
            case "DiagnosticsStatusNotification":
                self._again(files.DIAGNOSTICS, call.DiagnosticsStatusNotification(status="Idle"))
            case "LogStatusNotification":
                self._again(files.LOG, call.LogStatusNotification(status="Idle"))
            case _:
                plan = state.station.plan
                request = state.certificates.request(plan.charge_box_id, plan.vendor)
                first(Message(partial(call.SignCertificate, csr=request)))

    def _meter(self, connector: int | None) -> None:
        state, now = self._state, self._state.clock.now()
        for number, plug in state.station.plugs.items():
            if connector not in {None, number}:
                continue
            reading = plug.read_meter(now)
            write = (
                partial(state.encoder.idle_meter, number, plug.register_wh, now)
                if reading is None
                else partial(state.encoder.meter, reading, "Trigger")
            )
            state.outbox.put_first(Message(write))

    def _again(self, kind: str, idle: object) -> None:
        """Send the status of a job: its last status while it is running, otherwise Idle."""
        last = self._state.last_messages.get(kind, idle) if self._state.jobs.busy(kind) else idle
        self._state.outbox.put_first(Message(lambda: last))
