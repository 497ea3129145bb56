"""Charging profiles as OCPP 1.6 writes them (§7.8, §7.13, §7.14).

A limit has at most one decimal. It is rounded down, because it protects a fuse: 9.24 A is sent as 9.2 A.
"""

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from eosvolt.adapters.ocpp.timestamps import written
from eosvolt.domain.commands.csms_request_parts import ChargingProfile, Schedule, SchedulePeriod

TENTH = Decimal("0.1")

Fields = dict[str, Any]


def charging_profile(profile: ChargingProfile) -> Fields:
    """The profile for ``csChargingProfiles`` or ``chargingProfile`` (OCPP 1.6 §7.8)."""
    fields: Fields = {
        "chargingProfileId": profile.charging_profile_id,
        "stackLevel": profile.stack_level,
        "chargingProfilePurpose": profile.charging_profile_purpose,
        "chargingProfileKind": profile.charging_profile_kind,
        "chargingSchedule": _schedule(profile.charging_schedule),
    }
    if profile.transaction_id is not None:
        fields["transactionId"] = profile.transaction_id
    if profile.recurrency_kind is not None:
        fields["recurrencyKind"] = profile.recurrency_kind
    if profile.valid_from is not None:
        fields["validFrom"] = written(profile.valid_from)
    if profile.valid_to is not None:
        fields["validTo"] = written(profile.valid_to)
    return fields


def floored(limit: float) -> float:
    """The limit in tenths, rounded down: 9.24 is 9.2, and 13.8 stays 13.8."""
    return float(Decimal(str(limit)).quantize(TENTH, ROUND_FLOOR))


def _schedule(schedule: Schedule) -> Fields:
    fields: Fields = {
        "chargingRateUnit": schedule.charging_rate_unit,
        "chargingSchedulePeriod": [_period(period) for period in schedule.charging_schedule_period],
    }
    if schedule.duration is not None:
        fields["duration"] = schedule.duration
    if schedule.start_schedule is not None:
        fields["startSchedule"] = written(schedule.start_schedule)
    if schedule.min_charging_rate is not None:
        fields["minChargingRate"] = floored(schedule.min_charging_rate)
    return fields


def _period(period: SchedulePeriod) -> Fields:
    fields: Fields = {"startPeriod": period.start_period, "limit": floored(period.limit)}
    if period.number_phases is not None:
        fields["numberPhases"] = period.number_phases
    return fields
