"""A charger whose registration the operator keeps pending, over HTTP."""

from tests.e2e.running import RunningSystem


def test_a_charger_is_held_from_the_beginning_and_released(system: RunningSystem) -> None:
    api = system.api()
    location = api.location({"strategy": "perKwh", "price": "0.50"})
    assert api.charger(location, "HELD-1", held=True)["held"] is True
    assert api.charger(location, "HELD-2")["held"] is False
    start = api.client.post("/chargers/HELD-1/commands", json={"type": "remoteStart", "token": "TAG"})
    assert (start.status_code, start.json()["detail"]) == (409, "The charger is held: release it first.")
    strict = api.client.patch("/chargers/HELD-1", json={"conformance": "strict"}).json()
    assert (strict["held"], strict["conformance"]) == (True, "strict")
    released = api.client.patch("/chargers/HELD-1", json={"held": False}).json()
    assert (released["held"], released["conformance"]) == (False, "strict")
    assert api.get("/chargers/HELD-1/commands")["items"] == [], "nobody asks a charger that is away"
    assert api.client.patch("/chargers/HELD-1", json={"held": True}).json()["held"] is True
