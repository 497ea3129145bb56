"""Handles the messages of the system on a simulated charger (OCPP 1.6 §5).

A charger answers first and acts afterwards: the ``on`` method decides, the ``after`` method carries out.
"""

from typing import Any

from ocpp.v16 import ChargePoint, call_result
from websockets.asyncio.client import ClientConnection

from eosvolt.adapters.simulator.certificate_handlers import CertificateHandlers
from eosvolt.adapters.simulator.device_management_handlers import DeviceManagementHandlers
from eosvolt.adapters.simulator.events import Status
from eosvolt.adapters.simulator.ocpp_routing import after, on
from eosvolt.adapters.simulator.persistent_state import PersistentState
from eosvolt.adapters.simulator.reservation_handlers import ReservationHandlers
from eosvolt.adapters.simulator.station import Verdict
from eosvolt.adapters.simulator.trigger_handlers import TriggerHandlers

# Changes of these keys are security events.
SECURITY_SETTINGS = frozenset({"authorizationkey", "securityprofile"})
ALARM, LONGEST_ALARM = "securityEvent", 50


class OcppHandlers(
    ReservationHandlers,
    DeviceManagementHandlers,
    CertificateHandlers,
    TriggerHandlers,
    ChargePoint,  # type: ignore[misc]  # the ocpp package has no types
):
    """The handlers of one connection."""

    def __init__(
        self, state: PersistentState, connection: ClientConnection, response_timeout_s: float
    ) -> None:
        """Use ``connection``, which has ``send`` and ``recv``."""
        super().__init__(state.station.plan.charge_box_id, connection, response_timeout_s)
        self._state = state

    @on("RemoteStartTransaction")
    def start_asked(
        self,
        id_tag: str,
        connector_id: int | None = None,
        charging_profile: dict[str, Any] | None = None,
    ) -> object:
        """RemoteStartTransaction.req (OCPP 1.6 §5.11)."""
        state = self._state
        verdict = state.station.remote_start(state.clock.now(), id_tag, connector_id)
        if verdict is Verdict.ACCEPTED and charging_profile is not None:
            state.wanted[id_tag.upper()] = charging_profile
        state.deliver(())
        return call_result.RemoteStartTransaction(status=verdict.value)

    @on("RemoteStopTransaction")
    def stop_asked(self, transaction_id: int) -> object:
        """RemoteStopTransaction.req (OCPP 1.6 §5.12)."""
        known = self._state.station.charging(transaction_id) is not None
        return call_result.RemoteStopTransaction(
            status=(Verdict.ACCEPTED if known else Verdict.REJECTED).value
        )

    @after("RemoteStopTransaction")
    def stop_now(self, transaction_id: int) -> None:
        """End the transaction."""
        plug = self._state.station.charging(transaction_id)
        if plug is not None:
            self._state.deliver(plug.stop(self._state.clock.now(), "Remote"))

    @on("UnlockConnector")
    def unlock_asked(self, connector_id: int) -> object:
        """UnlockConnector.req (OCPP 1.6 §5.18)."""
        plug = self._state.station.plugs.get(connector_id)
        if plug is None:
            return call_result.UnlockConnector(status="NotSupported")
        stuck = plug.status is Status.FAULTED and plug.defect.code == "ConnectorLockFailure"
        return call_result.UnlockConnector(status="UnlockFailed" if stuck else "Unlocked")

    @after("UnlockConnector")
    def unlock_now(self, connector_id: int) -> None:
        """Unlock the cable, which ends the transaction."""
        plug = self._state.station.plugs.get(connector_id)
        if plug is not None and plug.status is not Status.FAULTED:
            self._state.deliver(plug.release(self._state.clock.now()))

    @on("Reset")
    def reset_asked(self, type: str) -> object:  # noqa: A002, ARG002 - the name is the protocol's
        """Reset.req (OCPP 1.6 §5.14)."""
        return call_result.Reset(status="Accepted")

    @after("Reset")
    def reset_now(self, type: str) -> None:  # noqa: A002 - the name is the protocol's
        """Restart the charger."""
        self._state.deliver(self._state.station.reset(self._state.clock.now(), hard=type == "Hard"))

    @on("ChangeAvailability")
    def availability_asked(self, connector_id: int, type: str) -> object:  # noqa: A002 - the name is the protocol's
        """ChangeAvailability.req (OCPP 1.6 §5.2)."""
        state = self._state
        verdict, events = state.station.change_availability(
            state.clock.now(), connector_id, operative=type == "Operative"
        )
        state.deliver(events)
        return call_result.ChangeAvailability(status=verdict.value)

    @on("GetConfiguration")
    def configuration_asked(self, key: list[str] | None = None) -> object:
        """GetConfiguration.req (OCPP 1.6 §5.8)."""
        found, unknown = self._state.configuration.read(key or [])
        return call_result.GetConfiguration(configuration_key=found, unknown_key=unknown)

    @on("ChangeConfiguration")
    def configuration_changed(self, key: str, value: str) -> object:
        """ChangeConfiguration.req (OCPP 1.6 §5.3)."""
        state = self._state
        status = state.configuration.change(key, value)
        if status == "Accepted" and key.casefold() in SECURITY_SETTINGS:
            state.alarm("ReconfigurationOfSecurityParameters", key)
        return call_result.ChangeConfiguration(status=status)

    @on("ClearCache")
    def cache_cleared(self) -> object:
        """ClearCache.req (OCPP 1.6 §5.4)."""
        self._state.cards.clear()
        return call_result.ClearCache(status="Accepted")

    @on("DataTransfer")
    def data_given(self, vendor_id: str, message_id: str | None = None, data: str | None = None) -> object:
        """DataTransfer.req (OCPP 1.6 §5.6). The vendor's own message raises a security event, as a test."""
        state = self._state
        if vendor_id != state.station.plan.vendor:
            return call_result.DataTransfer(status="UnknownVendorId")
        if message_id != ALARM:
            return call_result.DataTransfer(status="UnknownMessageId")
        if not data or len(data) > LONGEST_ALARM:
            return call_result.DataTransfer(status="Rejected", data="Which event?")
        state.alarm(data, "raised as a test")
        return call_result.DataTransfer(status="Accepted")
