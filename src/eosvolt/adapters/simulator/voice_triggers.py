"""What a simulated charger says because somebody wants to hear it now."""

from functools import partial

from ocpp.v16 import call, call_result

from eosvolt.adapters.simulator import files, firmware
from eosvolt.adapters.simulator.listening import after, on
from eosvolt.adapters.simulator.memory import Memory
from eosvolt.adapters.simulator.outbox import Message

CERTIFICATE = "SignChargePointCertificate"
PLAIN = frozenset(
    {"BootNotification", "FirmwareStatusNotification", "Heartbeat", "MeterValues", "StatusNotification"}
)
TRIGGERED = PLAIN | {"DiagnosticsStatusNotification"}
EXTENDED = PLAIN | {"LogStatusNotification", CERTIFICATE}


class TriggersVoice:
    """The part of a conversation that asks for more of it."""

    _memory: Memory

    @on("TriggerMessage")
    def message_asked(self, requested_message: str, connector_id: int | None = None) -> object:
        """Somebody wants to hear something now."""
        return call_result.TriggerMessage(status=self._promise(requested_message, connector_id, TRIGGERED))

    @after("TriggerMessage")
    def message_given(self, requested_message: str, connector_id: int | None = None) -> None:
        """Say it before anything else."""
        if self._promise(requested_message, connector_id, TRIGGERED) == "Accepted":
            self._say(requested_message, connector_id)

    @on("ExtendedTriggerMessage")
    def extended_message_asked(self, requested_message: str, connector_id: int | None = None) -> object:
        """Somebody wants to hear something now, in the words of the security extension."""
        status = self._promise(requested_message, connector_id, EXTENDED)
        return call_result.ExtendedTriggerMessage(status=status)

    @after("ExtendedTriggerMessage")
    def extended_message_given(self, requested_message: str, connector_id: int | None = None) -> None:
        """Say it before anything else."""
        if self._promise(requested_message, connector_id, EXTENDED) == "Accepted":
            self._say(requested_message, connector_id)

    def _promise(self, message: str, connector: int | None, known: frozenset[str]) -> str:
        if connector is not None and connector not in self._memory.station.plugs:
            return "Rejected"
        return "Accepted" if message in known else "NotImplemented"

    def _say(self, message: str, connector: int | None) -> None:
        memory, first = self._memory, self._memory.outbox.put_first
        match message:
            case "BootNotification":
                first(Message(memory.wire.boot))
            case "Heartbeat":
                first(Message(call.Heartbeat))
            case "StatusNotification":
                said = memory.statuses()
                first(*(said if connector is None else [said[connector]]))
            case "MeterValues":
                self._meter(connector)
            case "FirmwareStatusNotification":
                self._again(firmware.KIND, call.FirmwareStatusNotification(status="Idle"))
            case "DiagnosticsStatusNotification":
                self._again(files.DIAGNOSTICS, call.DiagnosticsStatusNotification(status="Idle"))
            case "LogStatusNotification":
                self._again(files.LOG, call.LogStatusNotification(status="Idle"))
            case _:
                plan = memory.station.plan
                request = memory.trust.request(plan.charge_box_id, plan.vendor)
                first(Message(partial(call.SignCertificate, csr=request)))

    def _meter(self, connector: int | None) -> None:
        memory, now = self._memory, self._memory.clock.now()
        for number, plug in memory.station.plugs.items():
            if connector not in {None, number}:
                continue
            reading = plug.read_meter(now)
            write = (
                partial(memory.wire.idle_meter, number, plug.register_wh, now)
                if reading is None
                else partial(memory.wire.meter, reading, "Trigger")
            )
            memory.outbox.put_first(Message(write))

    def _again(self, kind: str, idle: object) -> None:
        """Say how work of this kind gets on: the last news while it is under way, and otherwise nothing."""
        said = self._memory.said.get(kind, idle) if self._memory.errands.busy(kind) else idle
        self._memory.outbox.put_first(Message(lambda: said))
