"""The charging profiles that a charger has taken, as far as we know."""

from decimal import ROUND_FLOOR, Decimal
from typing import Any

from eosvolt.domain.maintenance.events import ChargingProfilesCleared, ChargingProfileSet, MaintenanceEvent

Profiles = tuple[ChargingProfileSet, ...]

PROFILES_REMEMBERED = 100


def profiles_after(profiles: Profiles, event: MaintenanceEvent) -> Profiles:
    """The profiles after ``event``, the oldest first; most events leave them as they are."""
    match event:
        case ChargingProfileSet():
            others = tuple(each for each in profiles if not _replaces(event, each))
            return (*others, event)[-PROFILES_REMEMBERED:]
        case ChargingProfilesCleared():
            return tuple(each for each in profiles if not _clears(event, each))
        case _:
            return profiles


def transaction_over(profiles: Profiles, connector: int, transaction: int) -> Profiles:
    """The profiles after a transaction on a plug: what was meant for it alone is gone."""
    return tuple(
        each
        for each in profiles
        if purpose(each.profile) != "TxProfile"
        or each.connector != connector
        or each.profile.get("transactionId") not in (None, transaction)
    )


def in_tenths(profile: dict[str, Any]) -> dict[str, Any]:
    """The profile with limits of one decimal, as OCPP wants them: never above what was meant."""
    schedule = profile["chargingSchedule"]
    periods = [{**each, "limit": _tenths(each["limit"])} for each in schedule["chargingSchedulePeriod"]]
    rate = schedule.get("minChargingRate")
    more = {} if rate is None else {"minChargingRate": _tenths(rate)}
    return {**profile, "chargingSchedule": {**schedule, "chargingSchedulePeriod": periods, **more}}


def purpose(profile: dict[str, Any]) -> str:
    """What a profile is for, in OCPP's words."""
    return str(profile.get("chargingProfilePurpose", ""))


def _replaces(new: ChargingProfileSet, old: ChargingProfileSet) -> bool:
    number = new.profile.get("chargingProfileId")
    if number is not None and number == old.profile.get("chargingProfileId"):
        return True
    return (new.connector, purpose(new.profile), new.profile.get("stackLevel")) == (
        old.connector,
        purpose(old.profile),
        old.profile.get("stackLevel"),
    )


def _clears(cleared: ChargingProfilesCleared, each: ChargingProfileSet) -> bool:
    if cleared.profile_id is not None:
        # OCPP: an id says it all, whatever else is named.
        return bool(each.profile.get("chargingProfileId") == cleared.profile_id)
    return (
        cleared.connector in (None, each.connector)
        and cleared.purpose in ("", purpose(each.profile))
        and cleared.stack_level in (None, each.profile.get("stackLevel"))
    )


def _tenths(limit: float) -> float:
    return float(Decimal(str(limit)).quantize(Decimal("0.1"), ROUND_FLOOR))
