"""The charger's side of an OCPP 1.6 conversation: what it answers to the operator, and what it does about it.

It answers first and acts afterwards, as chargers do: the ``on`` part decides, the ``after`` part carries out.
"""

from typing import Any

from ocpp.v16 import ChargePoint, call_result
from websockets.asyncio.client import ClientConnection

from eosvolt.adapters.simulator.happenings import Status
from eosvolt.adapters.simulator.listening import after, on
from eosvolt.adapters.simulator.memory import Memory
from eosvolt.adapters.simulator.station import Verdict
from eosvolt.adapters.simulator.voice_places import PlacesVoice
from eosvolt.adapters.simulator.voice_security import SecurityVoice
from eosvolt.adapters.simulator.voice_triggers import TriggersVoice
from eosvolt.adapters.simulator.voice_upkeep import UpkeepVoice

# Whoever knows these can get in.
SECURITY_SETTINGS = frozenset({"authorizationkey", "securityprofile"})
ALARM, LONGEST_ALARM = "securityEvent", 50


class Voice(PlacesVoice, UpkeepVoice, SecurityVoice, TriggersVoice, ChargePoint):  # type: ignore[misc]  # the ocpp package has no types
    """One connection's conversation."""

    def __init__(self, memory: Memory, connection: ClientConnection, response_timeout_s: float) -> None:
        """Speak over ``connection``, which has ``send`` and ``recv``."""
        super().__init__(memory.station.plan.charge_box_id, connection, response_timeout_s)
        self._memory = memory

    @on("RemoteStartTransaction")
    def start_asked(
        self,
        id_tag: str,
        connector_id: int | None = None,
        charging_profile: dict[str, Any] | None = None,
    ) -> object:
        """Somebody wants to charge from afar, maybe within limits."""
        memory = self._memory
        verdict = memory.station.remote_start(memory.clock.now(), id_tag, connector_id)
        if verdict is Verdict.ACCEPTED and charging_profile is not None:
            memory.wanted[id_tag.upper()] = charging_profile
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
        if status == "Accepted" and key.casefold() in SECURITY_SETTINGS:
            memory.alarm("ReconfigurationOfSecurityParameters", key)
        return call_result.ChangeConfiguration(status=status)

    @on("ClearCache")
    def cache_cleared(self) -> object:
        """Forget the cards that were accepted."""
        self._memory.cards.clear()
        return call_result.ClearCache(status="Accepted")

    @on("DataTransfer")
    def data_given(self, vendor_id: str, message_id: str | None = None, data: str | None = None) -> object:
        """Somebody speaks in a maker's words: the own maker's can raise an alarm, as a test."""
        memory = self._memory
        if vendor_id != memory.station.plan.vendor:
            return call_result.DataTransfer(status="UnknownVendorId")
        if message_id != ALARM:
            return call_result.DataTransfer(status="UnknownMessageId")
        if not data or len(data) > LONGEST_ALARM:
            return call_result.DataTransfer(status="Rejected", data="Which event?")
        memory.alarm(data, "raised as a test")
        return call_result.DataTransfer(status="Accepted")
