"""How the installation is doing, as the API tells it."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from eosvolt import __version__
from tests.e2e.persistent_charger import FLAT
from tests.e2e.running import RunningSystem

WORKER = {"deadlines", "history chain", "load balancing", "notifications", "read models", "seal OCPP frames"}
GATEWAY = {"OCPP frames", "commands", "gateway heartbeat", "unknown chargers", "count lost OCPP frames"}


def reported(system: RunningSystem, claim: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What is told once ``claim`` holds of it."""
    api, until = system.api(), monotonic() + 30
    while not claim(found := api.get("/system")):
        assert monotonic() < until, found
        sleep(0.1)
    return dict(found)


def caught_up(found: dict[str, Any]) -> bool:
    return {(each["eventsBehind"], each["secondsBehind"]) for each in found["lags"]} == {(0, 0)}


def test_everything_of_the_installation_is_reported(own_system: RunningSystem) -> None:
    own_system.start()
    api = own_system.api()
    api.location(FLAT)
    found = reported(own_system, lambda found: bool(found["jobs"]) and caught_up(found))
    assert found["version"] == __version__
    assert {each["job"] for each in found["jobs"]} >= WORKER | GATEWAY
    assert {each["state"] for each in found["jobs"]} == {"running"}
    assert {each["kind"] for each in found["lags"]} == {"readModel", "seals", "follower"}
    assert found["seal"]["position"] == found["head"] > 0
    assert found["disk"]["databaseBytes"] > 0
    assert 0 < found["disk"]["dataDirectoryFreeBytes"] < found["disk"]["dataDirectoryBytes"]
    assert found["failedJobs"] == {"retrying": 0, "givenUp": 0}
    assert found["messageLog"]["keptDays"] == 90
    assert found["certificates"] == []
    assert "lastBackupAt" not in found


def test_a_backup_is_reported_once_it_is_recorded(own_system: RunningSystem) -> None:
    own_system.start()
    assert "lastBackupAt" not in own_system.api().get("/system")
    recorded = own_system.run("record-backup", "--at", "2026-01-31T02:00:00")
    assert recorded.stdout == "The backup of 2026-01-31 02:00:00 UTC is recorded.\n"
    assert own_system.api().get("/system")["lastBackupAt"] == "2026-01-31T02:00:00Z"


def test_a_process_that_stops_in_good_order_is_no_longer_listed(own_system: RunningSystem) -> None:
    own_system.start()
    (before,) = {each["process"] for each in reported(own_system, lambda found: bool(found["jobs"]))["jobs"]}
    assert own_system.stop() == 0
    assert own_system.sql("SELECT count(*) FROM running_jobs") == [(0,)]
    own_system.start()
    (after,) = {each["process"] for each in reported(own_system, lambda found: bool(found["jobs"]))["jobs"]}
    assert after != before


def test_a_killed_process_is_silent_beside_the_one_that_took_over(own_system: RunningSystem) -> None:
    own_system.start()
    (killed,) = {each["process"] for each in reported(own_system, lambda found: bool(found["jobs"]))["jobs"]}
    own_system.kill()
    own_system.sql("UPDATE running_jobs SET reported_at = reported_at - interval '1 minute'")
    own_system.start()
    found = reported(own_system, lambda found: len({each["process"] for each in found["jobs"]}) == 2)
    assert {each["state"] for each in found["jobs"] if each["process"] == killed} == {"silent"}
    assert {each["state"] for each in found["jobs"] if each["process"] != killed} == {"running"}
