"""Charging profiles over a real socket: told in tenths, believed only where the charger took them."""

import pytest

from tests.e2e.ocpp.site import Site, until
from tests.e2e.ocpp.strict_charger import ask, known, strict

NOW = "2026-11-21T10:00:00Z"
PROFILE = {
    "chargingProfileId": 3,
    "stackLevel": 1,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Absolute",
    "chargingSchedule": {
        "startSchedule": "2026-01-01T00:00:00Z",
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 9.24, "numberPhases": 3}],
    },
}


async def test_a_limit_is_sent_in_tenths_and_never_above_the_requested_one(site: Site) -> None:
    """TC_056: 9.24 A would fail the schema's ``multipleOf``, and 9.3 A might fail a fuse."""
    async with strict(site) as cp:
        body = {"type": "setChargingProfile", "plug": 1, "chargingProfile": PROFILE}
        request = await ask(site, cp, body, {"status": "Accepted"})
        (period,) = request["csChargingProfiles"]["chargingSchedule"]["chargingSchedulePeriod"]
        assert (request["connectorId"], period["limit"]) == (1, 9.2)
        await until(lambda: len(known(site, "profiles")["profiles"]) == 1)
        clear = {"type": "clearChargingProfile", "id": 3}
        assert await ask(site, cp, clear, {"status": "Unknown"}) == {"id": 3}
        await until(lambda: known(site, "profiles")["profiles"] == [])


@pytest.mark.parametrize("status", ["Rejected", "NotSupported"])
async def test_a_profile_that_the_charger_rejected_is_not_recorded_as_set(site: Site, status: str) -> None:
    async with strict(site) as cp:
        body = {"type": "setChargingProfile", "plug": 1, "csChargingProfiles": PROFILE}
        await ask(site, cp, body, {"status": status})
        assert known(site, "profiles")["profiles"] == []


async def test_a_remote_start_brings_its_profile_along(site: Site) -> None:
    """TC_059."""
    async with strict(site) as cp:
        own = {**PROFILE, "chargingProfilePurpose": "TxProfile", "chargingProfileKind": "Relative"}
        body = {"type": "remoteStart", "token": site.add_token(), "plug": 1, "chargingProfile": own}
        request = await ask(site, cp, body, {"status": "Accepted"})
        schedule = request["chargingProfile"]["chargingSchedule"]
        assert schedule["chargingSchedulePeriod"][0]["limit"] == 9.2
        assert "transactionId" not in request["chargingProfile"]


async def test_what_the_charger_believes_of_its_limits_is_kept(site: Site) -> None:
    """TC_066."""
    async with strict(site) as cp:
        schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6.0}]}
        request = await ask(
            site,
            cp,
            {"type": "getCompositeSchedule", "plug": 1, "duration": 600, "chargingRateUnit": "A"},
            {"status": "Accepted", "connectorId": 1, "scheduleStart": NOW, "chargingSchedule": schedule},
        )
        assert request == {"connectorId": 1, "duration": 600, "chargingRateUnit": "A"}
        await until(lambda: [one["schedule"] for one in known(site, "profiles")["schedules"]] == [schedule])
