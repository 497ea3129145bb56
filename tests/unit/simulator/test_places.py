"""Plugs that are held for somebody, and plugs that may deliver only so much."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.events import Delivery, StatusChanged
from eosvolt.adapters.simulator.limits import Limits, Outlet
from eosvolt.adapters.simulator.plans import ordinary
from eosvolt.adapters.simulator.station import Station
from tests.unit.simulator.scene import CALM, TAG, Scene, scene

BOX = "CP%201%2FA"
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
FREE = {1: Outlet(22_000, None), 2: Outlet(22_000, None)}
BUSY = {1: Outlet(22_000, Delivery("CP", 1, TAG, NOON, 0, transaction=9)), 2: Outlet(22_000, None)}


async def ask(s: Scene, action: str, **payload: Any) -> dict[str, Any]:
    return await s.listener.ask(BOX, action, payload)


def profile(purpose: str = "TxDefaultProfile", *limits: float, **more: Any) -> dict[str, Any]:
    """A profile in amperes as the package gives it, an hour for each limit."""
    periods = [{"start_period": 3_600 * n, "limit": limit} for n, limit in enumerate(limits or (16.0,))]
    schedule = {"charging_rate_unit": "A", "charging_schedule_period": periods, **more.pop("schedule", {})}
    return {
        "charging_profile_id": 1,
        "stack_level": 0,
        "charging_profile_purpose": purpose,
        "charging_profile_kind": "Relative",
        "charging_schedule": schedule,
        **more,
    }


async def test_a_reserved_plug_waits_for_its_card_and_names_the_reservation() -> None:
    async with scene() as s:
        until = (s.clock.now() + timedelta(hours=1)).isoformat()
        wanted = {"connectorId": 1, "expiryDate": until, "idTag": "APP-1", "reservationId": 5}
        assert await ask(s, "ReserveNow", **wanted) == {"status": "Accepted"}
        await s.listener.until("StatusNotification", connectorId=1, status="Reserved")
        other = {**wanted, "idTag": "APP-2", "reservationId": 6}
        assert await ask(s, "ReserveNow", **other) == {"status": "Occupied"}
        assert await ask(s, "RemoteStartTransaction", idTag="APP-2", connectorId=1) == {"status": "Rejected"}
        assert await ask(s, "RemoteStartTransaction", idTag="app-1", connectorId=1) == {"status": "Accepted"}
        start = await s.listener.until("StartTransaction")
        assert (start["connectorId"], start["reservationId"]) == (1, 5)
        assert await ask(s, "CancelReservation", reservationId=5) == {"status": "Rejected"}


async def test_a_reservation_ends_by_a_word_or_by_its_time() -> None:
    async with scene(speed=1_200) as s:
        soon = (s.clock.now() + timedelta(minutes=30)).isoformat()
        wanted = {"expiryDate": soon, "idTag": "APP-1"}
        assert await ask(s, "ReserveNow", connectorId=1, reservationId=5, **wanted) == {"status": "Accepted"}
        assert await ask(s, "ReserveNow", connectorId=2, reservationId=6, **wanted) == {"status": "Accepted"}
        assert await ask(s, "CancelReservation", reservationId=5) == {"status": "Accepted"}
        await s.listener.until("StatusNotification", 2, connectorId=1, status="Available")
        await s.listener.until("StatusNotification", 2, connectorId=2, status="Available")
        assert await ask(s, "CancelReservation", reservationId=6) == {"status": "Rejected"}


def test_what_cannot_be_reserved_says_why() -> None:
    station = Station(ordinary(242, "CP-1"), Wallet([]), NOON, fault_rates=CALM, busyness=1e-6)
    later = NOON + timedelta(hours=1)
    assert station.reserve(NOON, 0, 1, TAG, later)[0] == "Rejected"
    assert station.reserve(NOON, 1, 1, TAG, NOON)[0] == "Rejected"
    station.change_availability(NOON, 1, operative=False)
    assert station.reserve(NOON, 1, 1, TAG, later)[0] == "Unavailable"
    assert station.reserve(NOON, 2, 1, TAG, later)[0] == "Accepted"
    station.change_availability(NOON, 1, operative=True)
    moved, events = station.reserve(NOON, 1, 1, TAG, later)
    assert moved == "Accepted"
    changes = [(one.plug, one.status.value) for one in events if isinstance(one, StatusChanged)]
    assert changes == [(2, "Available"), (1, "Reserved")]


async def test_a_limit_holds_while_a_car_charges_and_too_little_is_a_pause() -> None:
    async with scene() as s:
        await s.charging()
        plug = s.charger.station.plugs[1]
        full = plug.power_w

        async def limit(amperes: float) -> None:
            payload = {
                "chargingProfileId": 1,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Absolute",
                "chargingSchedule": {
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": amperes}],
                },
            }
            answer = await ask(s, "SetChargingProfile", connectorId=0, csChargingProfiles=payload)
            assert answer == {"status": "Accepted"}

        await limit(0.0)
        await s.listener.until("StatusNotification", connectorId=1, status="SuspendedEVSE")
        await limit(6.0)
        await s.listener.until("StatusNotification", 2, connectorId=1, status="Charging")
        assert plug.power_w <= 4_140 < full
        composite = await ask(s, "GetCompositeSchedule", connectorId=1, duration=60, chargingRateUnit="W")
        assert composite["chargingSchedule"] == {
            "duration": 60,
            "chargingRateUnit": "W",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 4140.0}],
        }
        assert await ask(s, "ClearChargingProfile", id=1) == {"status": "Accepted"}
        assert await ask(s, "ClearChargingProfile", id=1) == {"status": "Unknown"}


async def test_a_remote_start_brings_its_limit_and_takes_it_along() -> None:
    async with scene() as s:
        payload = {
            "chargingProfileId": 7,
            "stackLevel": 1,
            "chargingProfilePurpose": "TxProfile",
            "chargingProfileKind": "Relative",
            "chargingSchedule": {
                "chargingRateUnit": "W",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 3000.0}],
            },
        }
        await ask(s, "RemoteStartTransaction", idTag="APP-1", connectorId=2, chargingProfile=payload)
        await s.listener.until("StatusNotification", connectorId=2, status="Charging")
        plug = s.charger.station.plugs[2]
        assert plug.power_w <= 3_000
        s.charger._deliver(plug.stop(s.clock.now(), "Local"))
        composite = await ask(s, "GetCompositeSchedule", connectorId=2, duration=60, chargingRateUnit="W")
        assert composite["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == plug.spec.max_power_w


@pytest.mark.parametrize(
    ("connector", "payload"),
    [
        (1, profile("ChargePointMaxProfile")),
        (0, profile("TxProfile")),
        (1, profile("TxProfile")),
        (9, profile()),
        (0, profile(stack_level=11)),
        (0, profile(charging_profile_kind="Recurring")),
        (0, profile(schedule={"charging_schedule_period": [{"start_period": 60, "limit": 6.0}]})),
    ],
)
def test_a_profile_that_cannot_hold_there_is_rejected(connector: int, payload: dict[str, Any]) -> None:
    assert Limits().take(connector, payload, FREE) == "Rejected"


def test_the_highest_level_counts_and_the_least_of_all_purposes() -> None:
    limits = Limits()
    assert limits.take(0, profile("TxDefaultProfile", 16.0), FREE) == "Accepted"
    higher = profile("TxDefaultProfile", 10.0, charging_profile_id=2, stack_level=1)
    assert limits.take(0, higher, FREE) == "Accepted"
    assert limits.power_w(1, NOON, BUSY) == 6_900
    own = profile("TxProfile", 32.0, charging_profile_id=3, transaction_id=9)
    assert limits.take(1, own, BUSY) == "Accepted"
    assert limits.power_w(1, NOON, BUSY) == 22_000
    most = profile("ChargePointMaxProfile", 6.0, charging_profile_id=4)
    assert limits.take(0, most, BUSY) == "Accepted"
    assert limits.power_w(1, NOON, BUSY) == 4_140
    assert limits.power_w(0, NOON, BUSY) == 4_140
    assert limits.power_w(1, NOON, FREE) == 4_140, "the transaction's own profile went with it"


def test_limits_change_with_time_and_repeat_every_day() -> None:
    limits = Limits()
    payload = profile(
        "TxDefaultProfile",
        6.0,
        16.0,
        charging_profile_kind="Recurring",
        recurrency_kind="Daily",
        schedule={"start_schedule": "2026-11-01T11:30:00Z", "duration": 7_200},
    )
    assert limits.take(0, payload, FREE) == "Accepted"
    schedule = limits.schedule(1, NOON, 3 * 3_600, "A", FREE)
    periods = [(one["start_period"], one["limit"]) for one in schedule["charging_schedule_period"]]
    assert periods == [(0, 6.0), (1_800, 16.0), (5_400, 31.8)]
    assert limits.next_change(NOON, FREE) == NOON + timedelta(minutes=30)


def test_the_same_level_is_written_over_and_never_two() -> None:
    limits = Limits()
    limits.take(0, profile("TxDefaultProfile", 16.0), FREE)
    limits.take(0, profile("TxDefaultProfile", 8.0, charging_profile_id=2), FREE)
    assert limits.power_w(1, NOON, FREE) == 5_520
    assert limits.drop(1, None, None, None, FREE) == "Unknown"
    assert limits.drop(None, 0, "TxDefaultProfile", 0, FREE) == "Accepted"
    assert limits.power_w(1, NOON, FREE) == 22_000
