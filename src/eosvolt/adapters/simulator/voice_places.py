"""What a simulated charger answers to those who reserve its plugs and limit its power."""

from datetime import datetime
from typing import Any

from ocpp.v16 import call_result

from eosvolt.adapters.simulator.listening import on
from eosvolt.adapters.simulator.memory import Memory


class PlacesVoice:
    """The part of a conversation that is about reservations and charging profiles."""

    _memory: Memory

    @on("ReserveNow")
    def reservation_asked(
        self,
        connector_id: int,
        expiry_date: str,
        id_tag: str,
        reservation_id: int,
        parent_id_tag: str | None = None,  # noqa: ARG002 - the charger does not know who belongs together
    ) -> object:
        """Somebody wants to find a free plug."""
        memory = self._memory
        status, happenings = memory.station.reserve(
            memory.clock.now(), connector_id, reservation_id, id_tag, datetime.fromisoformat(expiry_date)
        )
        memory.tell(happenings)
        return call_result.ReserveNow(status=status)

    @on("CancelReservation")
    def cancellation_asked(self, reservation_id: int) -> object:
        """Somebody does not come."""
        memory = self._memory
        found, happenings = memory.station.cancel(memory.clock.now(), reservation_id)
        memory.tell(happenings)
        return call_result.CancelReservation(status="Accepted" if found else "Rejected")

    @on("SetChargingProfile")
    def profile_given(self, connector_id: int, cs_charging_profiles: dict[str, Any]) -> object:
        """Somebody limits what the plugs may deliver."""
        memory = self._memory
        status = memory.limits.take(connector_id, cs_charging_profiles, memory.outlets())
        memory.tell(())
        return call_result.SetChargingProfile(status=status)

    @on("ClearChargingProfile")
    def profiles_dropped(
        self,
        id: int | None = None,  # noqa: A002 - the name is the protocol's
        connector_id: int | None = None,
        charging_profile_purpose: str | None = None,
        stack_level: int | None = None,
    ) -> object:
        """Somebody takes limits away."""
        memory = self._memory
        status = memory.limits.drop(id, connector_id, charging_profile_purpose, stack_level, memory.outlets())
        memory.tell(())
        return call_result.ClearChargingProfile(status=status)

    @on("GetCompositeSchedule")
    def schedule_asked(
        self, connector_id: int, duration: int, charging_rate_unit: str | None = None
    ) -> object:
        """Somebody wants to know which limits hold."""
        memory, outlets = self._memory, self._memory.outlets()
        if connector_id != 0 and connector_id not in outlets:
            return call_result.GetCompositeSchedule(status="Rejected")
        now = memory.clock.now()
        schedule = memory.limits.schedule(connector_id, now, duration, charging_rate_unit or "A", outlets)
        return call_result.GetCompositeSchedule(
            status="Accepted",
            connector_id=connector_id,
            schedule_start=memory.wire.instant(now),
            charging_schedule=schedule,
        )
