"""`eosvolt load`: a large history that the system made itself, played by several processes."""

import httpx2

from tests.e2e.running import RunningSystem

PASSWORD = "a-password-for-the-load"
SIZE = ("--locations", "4", "--chargers", "8", "--days", "2", "--processes", "2")
# The second location is at offices, where hardly anybody charges at the weekend.
BUSY_ON_ANY_DAY = {"Location 001", "Location 003", "Location 004"}


def load(system: RunningSystem) -> tuple[int, str]:
    done = system.run("load", "900", "--email", "load@example.com", *SIZE, says=PASSWORD)
    return done.returncode, done.stdout + done.stderr


def test_a_loaded_history_is_sealed_and_verified_and_its_owner_can_sign_in(own_system: RunningSystem) -> None:
    code, said = load(own_system)
    assert code == 0, said
    (stored,) = own_system.sql("SELECT count(*) FROM stored_events")[0]
    assert f"{stored:,} events loaded." in said
    verdict = own_system.verify()
    assert verdict["same"]
    own_system.start()
    with httpx2.Client(base_url=own_system.base_url, headers={"Origin": own_system.base_url}) as client:
        entry = {"email": "load@example.com", "password": PASSWORD}
        assert client.post("/sign-in", data=entry).status_code == 303
        sessions = client.get("/api/v1/sessions", params={"limit": 200}).json()["items"]
        chargers = client.get("/api/v1/chargers", params={"limit": 200}).json()["items"]
        locations = client.get("/api/v1/locations").json()["items"]
    names = {each["id"]: each["name"] for each in locations}
    assert len(sessions) > 20
    assert {names[each["locationId"]] for each in sessions} >= BUSY_ON_ANY_DAY
    assert {each["chargeBoxId"] for each in chargers} == {f"LOAD-{n:05}" for n in range(1, 9)}
    assert sorted(names.values()) == [f"Location 00{n}" for n in range(1, 5)]


def test_a_load_leaves_a_history_that_is_there_alone(own_system: RunningSystem) -> None:
    own_system.create_company(1, "There already")
    before = own_system.sql("SELECT count(*), max(notification_id) FROM stored_events")
    code, said = load(own_system)
    assert code == 1
    assert "A load needs an empty history" in said
    assert own_system.sql("SELECT count(*), max(notification_id) FROM stored_events") == before
