"""The charger's side of an OCPP 1.6 conversation: what it answers to the operator, and what it does about it.

It answers first and acts afterwards, as chargers do: the ``on`` part decides, the ``after`` part carries out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from ocpp.v16 import ChargePoint, call, call_result
from websockets.asyncio.client import ClientConnection

from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.configuration import Configuration
from eosvolt.adapters.simulator.happenings import Happening, Status, StatusChanged
from eosvolt.adapters.simulator.listening import after, on
from eosvolt.adapters.simulator.outbox import Message, Outbox
from eosvolt.adapters.simulator.station import Station, Verdict
from eosvolt.adapters.simulator.wire import Wire


@dataclass(slots=True)
class Memory:
    """What outlives a connection.

    The charger itself, its settings, the cards it has seen accepted, and what it has to say.
    """

    station: Station
    clock: ParkClock
    tell: Callable[[Iterable[Happening]], None]
    wire: Wire
    outbox: Outbox
    configuration: Configuration = field(default_factory=Configuration)
    cards: set[str] = field(default_factory=set)

    def statuses(self) -> list[Message]:
        """How all plugs are, the charger as a whole first."""
        now = self.clock.now()
        whole = StatusChanged(now, 0, Status.AVAILABLE)
        return [Message(partial(self.wire.status, said)) for said in (whole, *self.station.statuses(now))]


class Voice(ChargePoint):  # type: ignore[misc]  # the ocpp package has no types
    """One connection's conversation."""

    def __init__(self, memory: Memory, connection: ClientConnection, response_timeout_s: float) -> None:
        """Speak over ``connection``, which has ``send`` and ``recv``."""
        super().__init__(memory.station.plan.charge_box_id, connection, response_timeout_s)
        self._memory = memory

    @on("RemoteStartTransaction")
    def start_asked(self, id_tag: str, connector_id: int | None = None, **_: object) -> object:
        """Somebody wants to charge from afar."""
        memory = self._memory
        verdict = memory.station.remote_start(memory.clock.now(), id_tag, connector_id)
        memory.tell(())
        return call_result.RemoteStartTransaction(status=verdict.value)

    @on("RemoteStopTransaction")
    def stop_asked(self, transaction_id: int) -> object:
        """Somebody wants a transaction to end."""
        known = self._memory.station.charging(transaction_id) is not None
        return call_result.RemoteStopTransaction(
            status=(Verdict.ACCEPTED if known else Verdict.REJECTED).value
        )

    @after("RemoteStopTransaction")
    def stop_now(self, transaction_id: int) -> None:
        """End it."""
        plug = self._memory.station.charging(transaction_id)
        if plug is not None:
            self._memory.tell(plug.stop(self._memory.clock.now(), "Remote"))

    @on("UnlockConnector")
    def unlock_asked(self, connector_id: int) -> object:
        """Somebody's cable is stuck."""
        plug = self._memory.station.plugs.get(connector_id)
        if plug is None:
            return call_result.UnlockConnector(status="NotSupported")
        stuck = plug.status is Status.FAULTED and plug.defect.code == "ConnectorLockFailure"
        return call_result.UnlockConnector(status="UnlockFailed" if stuck else "Unlocked")

    @after("UnlockConnector")
    def unlock_now(self, connector_id: int) -> None:
        """Give the cable free, which ends the transaction."""
        plug = self._memory.station.plugs.get(connector_id)
        if plug is not None and plug.status is not Status.FAULTED:
            self._memory.tell(plug.release(self._memory.clock.now()))

    @on("Reset")
    def reset_asked(self, type: str) -> object:  # noqa: A002, ARG002 - the name is the protocol's
        """Somebody wants the charger to start anew."""
        return call_result.Reset(status="Accepted")

    @after("Reset")
    def reset_now(self, type: str) -> None:  # noqa: A002 - the name is the protocol's
        """Start anew."""
        self._memory.tell(self._memory.station.reset(self._memory.clock.now(), hard=type == "Hard"))

    @on("ChangeAvailability")
    def availability_asked(self, connector_id: int, type: str) -> object:  # noqa: A002 - the name is the protocol's
        """Somebody takes a plug, or all of them, out of service or back."""
        memory = self._memory
        verdict, happenings = memory.station.change_availability(
            memory.clock.now(), connector_id, operative=type == "Operative"
        )
        memory.tell(happenings)
        return call_result.ChangeAvailability(status=verdict.value)

    @on("GetConfiguration")
    def configuration_asked(self, key: list[str] | None = None) -> object:
        """Somebody reads the settings."""
        found, unknown = self._memory.configuration.read(key or [])
        return call_result.GetConfiguration(configuration_key=found, unknown_key=unknown)

    @on("ChangeConfiguration")
    def configuration_changed(self, key: str, value: str) -> object:
        """Somebody changes a setting."""
        memory = self._memory
        status = memory.configuration.change(key, value)
        return call_result.ChangeConfiguration(status=status)

    @on("ClearCache")
    def cache_cleared(self) -> object:
        """Forget the cards that were accepted."""
        self._memory.cards.clear()
        return call_result.ClearCache(status="Accepted")

    @on("DataTransfer")
    def data_given(self, **_: object) -> object:
        """Somebody speaks in another maker's words."""
        return call_result.DataTransfer(status="UnknownVendorId")

    @on("TriggerMessage")
    def message_asked(self, requested_message: str, connector_id: int | None = None) -> object:
        """Somebody wants to hear something now."""
        if connector_id is not None and connector_id not in self._memory.station.plugs:
            return call_result.TriggerMessage(status="Rejected")
        known = requested_message in {"BootNotification", "Heartbeat", "MeterValues", "StatusNotification"}
        return call_result.TriggerMessage(status="Accepted" if known else "NotImplemented")

    @after("TriggerMessage")
    def message_given(self, requested_message: str, connector_id: int | None = None) -> None:
        """Say it before anything else."""
        memory = self._memory
        plugs = [plug for number, plug in memory.station.plugs.items() if connector_id in {None, number}]
        if not plugs:
            return
        now = memory.clock.now()
        match requested_message:
            case "BootNotification":
                memory.outbox.put_first(Message(memory.wire.boot))
            case "Heartbeat":
                memory.outbox.put_first(Message(call.Heartbeat))
            case "StatusNotification":
                said = memory.statuses()
                memory.outbox.put_first(*(said if connector_id is None else [said[connector_id]]))
            case "MeterValues":
                for plug in plugs:
                    reading = plug.read_meter(now)
                    write = (
                        partial(memory.wire.idle_meter, plug.spec.number, plug.register_wh, now)
                        if reading is None
                        else partial(memory.wire.meter, reading, "Trigger")
                    )
                    memory.outbox.put_first(Message(write))
            case _:
                return
