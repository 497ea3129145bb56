"""Handles reservation and smart charging messages on a simulated charger."""

from datetime import datetime
from typing import Any

from ocpp.v16 import call_result

from eosvolt.adapters.simulator.ocpp_routing import on
from eosvolt.adapters.simulator.persistent_state import PersistentState


class ReservationHandlers:
    """The handlers for reservations and charging profiles."""

    _state: PersistentState

    @on("ReserveNow")
    def reservation_asked(
        self,
        connector_id: int,
        expiry_date: str,
        id_tag: str,
        reservation_id: int,
        parent_id_tag: str | None = None,  # noqa: ARG002 - the charger does not know token groups
    ) -> object:
        """ReserveNow.req (OCPP 1.6 §5.13)."""
        state = self._state
        status, events = state.station.reserve(
            state.clock.now(), connector_id, reservation_id, id_tag, datetime.fromisoformat(expiry_date)
        )
        state.deliver(events)
        return call_result.ReserveNow(status=status)

    @on("CancelReservation")
    def cancellation_asked(self, reservation_id: int) -> object:
        """CancelReservation.req (OCPP 1.6 §5.1)."""
        state = self._state
        found, events = state.station.cancel(state.clock.now(), reservation_id)
        state.deliver(events)
        return call_result.CancelReservation(status="Accepted" if found else "Rejected")

    @on("SetChargingProfile")
    def profile_given(self, connector_id: int, cs_charging_profiles: dict[str, Any]) -> object:
        """SetChargingProfile.req (OCPP 1.6 §5.16)."""
        state = self._state
        status = state.limits.take(connector_id, cs_charging_profiles, state.outlets())
        state.deliver(())
        return call_result.SetChargingProfile(status=status)

    @on("ClearChargingProfile")
    def profiles_dropped(
        self,
        id: int | None = None,  # noqa: A002 - the name is the protocol's
        connector_id: int | None = None,
        charging_profile_purpose: str | None = None,
        stack_level: int | None = None,
    ) -> object:
        """ClearChargingProfile.req (OCPP 1.6 §5.5)."""
        state = self._state
        status = state.limits.drop(id, connector_id, charging_profile_purpose, stack_level, state.outlets())
        state.deliver(())
        return call_result.ClearChargingProfile(status=status)

    @on("GetCompositeSchedule")
    def schedule_asked(
        self, connector_id: int, duration: int, charging_rate_unit: str | None = None
    ) -> object:
        """GetCompositeSchedule.req (OCPP 1.6 §5.7)."""
        state, outlets = self._state, self._state.outlets()
        if connector_id != 0 and connector_id not in outlets:
            return call_result.GetCompositeSchedule(status="Rejected")
        now = state.clock.now()
        schedule = state.limits.schedule(connector_id, now, duration, charging_rate_unit or "A", outlets)
        return call_result.GetCompositeSchedule(
            status="Accepted",
            connector_id=connector_id,
            schedule_start=state.encoder.instant(now),
            charging_schedule=schedule,
        )
