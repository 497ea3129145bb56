"""Faults as a work queue over the API: acknowledged, assigned, snoozed, and by whom."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.e2e.api.charger import connected, eventually
from tests.e2e.api.test_resources import TARIFF
from tests.e2e.running import Api, RunningSystem

OTHER_COMPANY = 7007


@pytest.fixture
def api(system: RunningSystem) -> Api:
    return system.api()


def a_fault(api: Api, system: RunningSystem, box: str) -> str:
    """Where a ground fault of the charger is, which ended a session and is open."""
    api.charger(api.location(TARIFF), box)
    api.token(box.replace("-", ""))

    async def failing() -> None:
        async with connected(system, box, 242) as charger:
            await charger.status("Charging")
            transaction = await charger.starts(box.replace("-", ""))
            await charger.status("Faulted", "GroundFailure")
            await charger.stops(transaction, 10_000)

    asyncio.run(failing())
    (fault,) = eventually(lambda: api.get("/faults", charger=box, search="GroundFailure")["items"])
    return f"/faults/{quote(fault['id'], safe='')}"


def later(**ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


def types_of(api: Api, place: str) -> list[str]:
    return [event["type"] for event in api.get(f"{place}/events")["items"]]


def test_a_fault_is_looked_after_by_people_with_names(api: Api, system: RunningSystem) -> None:
    place = a_fault(api, system, "ATTENTION-1")
    before = api.get(place)
    assert (before["level"], before["state"], before["stopsCharging"]) == ("critical", "open", True)
    assert (before["needsAttention"], before["affectedSessions"]) == (True, 1)
    (owner, *_) = api.get("/faults/owners")["items"]
    assert owner["name"]

    seen = api.post(f"{place}/acknowledge", {"note": "On my way."}, 200)
    assert seen["acknowledgement"] == "On my way."
    assert seen["acknowledgedBy"].startswith("api-key:")
    assert api.post(f"{place}/acknowledge", {}, 200)["acknowledgedAt"] == seen["acknowledgedAt"]
    assert api.post(f"{place}/assign", {"owner": owner["owner"]}, 200)["owner"] == owner["owner"]
    found = api.get("/faults", charger="ATTENTION-1", owner=owner["owner"])["items"]
    assert [each["id"] for each in found] == [before["id"]]
    until = later(hours=2)
    snoozed = api.post(f"{place}/snooze", {"until": until, "note": "Part ordered"}, 200)
    assert datetime.fromisoformat(snoozed["snoozedUntil"]) == datetime.fromisoformat(until)
    assert (snoozed["needsAttention"], snoozed["snoozeNote"]) == (False, "Part ordered")
    assert api.get("/faults", charger="ATTENTION-1", state="attention")["items"] == []
    assert len(api.get("/faults", charger="ATTENTION-1", state="snoozed")["items"]) == 1

    awake = api.post(f"{place}/wake", None, 200)
    assert awake["needsAttention"]
    assert "snoozedUntil" not in awake
    assert "acknowledgedAt" not in api.post(f"{place}/unacknowledge", None, 200)
    assert "owner" not in api.post(f"{place}/assign", {"owner": None}, 200)
    assert types_of(api, place)[-6:] == [
        "fault-acknowledged",
        "fault-assigned",
        "fault-snoozed",
        "fault-woken",
        "fault-unacknowledged",
        "fault-assigned",
    ]


def test_the_numbers_of_the_queue_are_those_of_its_lists(api: Api, system: RunningSystem) -> None:
    place = a_fault(api, system, "ATTENTION-2")
    api.post(f"{place}/acknowledge", {}, 200)
    other = a_fault(api, system, "ATTENTION-3")
    api.post(f"{other}/snooze", {"until": later(hours=2)}, 200)
    counts = api.get("/faults/counts")
    states = {"needsAttention": "attention", "acknowledged": "acknowledged", "snoozed": "snoozed"}
    for name, state in states.items():
        assert counts[name] == len(api.every("/faults", state=state)) > 0, name


def test_a_change_of_what_somebody_else_changed_is_refused(api: Api, system: RunningSystem) -> None:
    place = a_fault(api, system, "ATTENTION-4")
    read = api.client.get(place).headers["etag"]
    api.post(f"{place}/acknowledge", {}, 200)
    for what, body in _wishes().items():
        answer = api.client.post(f"{place}/{what}", json=body, headers={"If-Match": read})
        assert answer.status_code == 412, what
    now = api.client.get(place).headers["etag"]
    assert api.client.post(f"{place}/wake", headers={"If-Match": now}).status_code == 200


def test_what_makes_no_sense_is_refused_and_leaves_no_trace(api: Api, system: RunningSystem) -> None:
    place = a_fault(api, system, "ATTENTION-5")
    for until in (later(hours=-1), later(days=400)):
        answer = api.client.post(f"{place}/snooze", json={"until": until})
        assert (answer.status_code, "in the future" in answer.json()["detail"]) == (409, True)
    answer = api.client.post(f"{place}/assign", json={"owner": "admin:nobody"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/owner")
    for body, pointer in (({}, "/until"), ({"until": "soon"}, "/until")):
        answer = api.client.post(f"{place}/snooze", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer
    api.post(f"{place}/solve", {}, 200)
    before = types_of(api, place)
    for what, body in _wishes().items():
        if what != "solve":
            answer = api.client.post(f"{place}/{what}", json=body)
            assert (answer.status_code, answer.json()["detail"]) == (409, "This fault is solved."), what
    assert types_of(api, place) == before


def test_another_company_and_other_methods_change_nothing(api: Api, system: RunningSystem) -> None:
    place = a_fault(api, system, "ATTENTION-6")
    before = types_of(api, place)
    other_company = system.api(OTHER_COMPANY).client
    for what, body in _wishes().items():
        assert other_company.post(f"{place}/{what}", json=body).status_code == 404, what
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            assert api.client.request(method, f"{place}/{what}").status_code == 405, (method, what)
    assert types_of(api, place) == before


def _wishes() -> dict[str, Any]:
    return {
        "acknowledge": {},
        "unacknowledge": None,
        "assign": {"owner": None},
        "snooze": {"until": later(hours=3)},
        "wake": None,
        "solve": {},
    }
