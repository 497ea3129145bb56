"""Locations, chargers, tokens and commands over HTTP: what was written is read at once, refusals say why."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from tests.e2e.api.charger import charge_once, connected, eventually
from tests.e2e.running import Api, RunningSystem

TARIFF: dict[str, Any] = {
    "strategy": "perKwh",
    "price": "0.50",
    "windows": [{"from": "00:00", "to": "06:00", "price": "0.80"}],
    "blockingFee": {"amount": "1.00", "intervalMinutes": 15},
}
LOCATION: dict[str, Any] = {
    "name": "Quay",
    "type": "public",
    "timeZone": "Europe/Berlin",
    "currency": "EUR",
    "vatRate": "0.19",
    "tariff": TARIFF,
    "address": "Am Kai 2",
    "latitude": 53.5,
    "longitude": 9.9,
}


@pytest.fixture
def api(system: RunningSystem) -> Api:
    return system.api()


def test_a_location_is_read_as_it_was_written(api: Api) -> None:
    made = api.client.post("/locations", json=LOCATION)
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/locations/{made.json()['id']}"
    found = api.client.get(f"/locations/{made.json()['id']}")
    assert found.json() == made.json()
    assert found.headers["etag"] == made.headers["etag"]
    assert {name: found.json()[name] for name in LOCATION} == LOCATION
    assert made.json()["id"] in [each["id"] for each in api.get("/locations")["items"]]


@pytest.mark.parametrize(
    ("spoiled", "pointer"),
    [
        ({"vatRate": "19"}, "/vatRate"),
        ({"currency": "EUX"}, "/currency"),
        ({"timeZone": "Europe/Atlantis"}, "/timeZone"),
        ({"tariff": {**TARIFF, "price": "-1"}}, "/tariff/price"),
        (
            {"tariff": {**TARIFF, "blockingFee": {"amount": "1.005", "intervalMinutes": 15}}},
            "/tariff/blockingFee/amount",
        ),
        ({"tariff": {**TARIFF, "windows": TARIFF["windows"] * 2}}, "/tariff/windows/1"),
        ({"latitude": 91}, "/latitude"),
        ({"colour": "blue"}, "/colour"),
        ({"name": "a\0b"}, "/name"),
    ],
)
def test_an_invalid_value_is_named_by_its_pointer(api: Api, spoiled: dict[str, Any], pointer: str) -> None:
    refused = api.client.post("/locations", json={**LOCATION, **spoiled})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert (problem["title"], problem["status"]) == ("Unprocessable Entity", 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert all(error["detail"].endswith(".") for error in problem["errors"])
    assert problem["traceId"] == refused.headers["x-request-id"]


def test_an_edit_of_what_somebody_else_has_changed_is_refused(api: Api) -> None:
    place = f"/locations/{api.location(TARIFF)}"
    tag = api.client.get(place).headers["etag"]
    mine = api.client.patch(place, json={"name": "Mine"}, headers={"If-Match": tag})
    assert (mine.status_code, mine.json()["name"]) == (200, "Mine")
    assert mine.json()["tariff"] == TARIFF
    late = api.client.patch(place, json={"name": "Late"}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert api.get(place)["name"] == "Mine"
    again = api.client.patch(place, json={"visible": False}, headers={"If-Match": mine.headers["etag"]})
    assert (again.status_code, again.json()["visible"]) == (200, False)


def test_a_location_with_chargers_cannot_be_removed(api: Api) -> None:
    location = api.location(TARIFF)
    api.charger(location, "STAYS-1")
    refused = api.client.delete(f"/locations/{location}")
    assert refused.status_code == 409
    assert "chargers" in refused.json()["detail"]
    assert api.client.delete("/chargers/STAYS-1").status_code == 204
    assert api.client.get("/chargers/STAYS-1").status_code == 404
    assert api.client.delete(f"/locations/{location}").status_code == 204
    assert api.client.get(f"/locations/{location}").status_code == 404


def test_a_charger_shows_its_links_and_its_plugs_and_when_it_comes_online(
    api: Api, system: RunningSystem
) -> None:
    charger = api.charger(api.location(TARIFF), "SHOWN-1")
    assert charger["links"]["ws"].endswith("/ocpp/242")
    assert charger["links"]["wss"].startswith("wss://")
    assert charger["online"] is False
    assert [(plug["number"], plug["status"]) for plug in charger["plugs"]] == [(1, "Offline"), (2, "Offline")]
    api.token("SHOWN")
    session, _ = charge_once(system, "SHOWN-1", "SHOWN")
    seen = eventually(lambda: api.get("/chargers/SHOWN-1").get("model"))
    assert seen == "AC22"
    billed = eventually(lambda: _completed(api, session))
    assert billed["energyWh"] == 10_000
    assert billed["total"]["currency"] == "EUR"
    assert sum(float(line["quantity"]) for line in billed["lines"]) == 10


def _completed(api: Api, session: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/sessions/{session}")
    return found if found["status"] == "completed" else {}


def test_a_charge_box_id_may_hold_what_addresses_may_not(api: Api) -> None:
    odd = "RDAM 1/2#ä"
    made = api.charger(api.location(TARIFF), odd)
    assert made["chargeBoxId"] == odd
    assert api.get(f"/chargers/{quote(odd, safe='')}")["chargeBoxId"] == odd
    found = api.get("/chargers", search="rdam 1/2")["items"]
    assert [each["chargeBoxId"] for each in found] == [odd]
    assert api.client.get("/chargers/%FF%FE").status_code == 404


def test_a_charger_in_a_location_that_is_not_there_is_refused(api: Api) -> None:
    body = {"locationId": "nowhere", "chargeBoxId": "LOST-1", "plugs": [{"number": 1}]}
    refused = api.client.post("/chargers", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/locationId"


def test_a_charger_with_a_password_needs_it(api: Api, system: RunningSystem) -> None:
    api.charger(api.location(TARIFF), "LOCKED-1", password="secret-enough")
    assert api.get("/chargers/LOCKED-1")["hasPassword"] is True
    matches = system.sql(
        "SELECT octet_length(digest) FROM charger_passwords WHERE charge_point = '242/LOCKED-1'"
    )
    assert matches == [(32,)]
    opened = api.client.patch("/chargers/LOCKED-1", json={"password": None})
    assert opened.json()["hasPassword"] is False
    assert system.sql("SELECT 1 FROM charger_passwords WHERE charge_point = '242/LOCKED-1'") == []


async def test_a_command_is_queued_and_its_outcome_is_found_where_the_answer_says(
    system: RunningSystem,
) -> None:
    api = system.api()
    api.charger(api.location(TARIFF), "OBEYS-1")
    async with connected(system, "OBEYS-1"):

        def ask(body: dict[str, Any]) -> Any:
            queued = api.client.post("/chargers/OBEYS-1/commands", json=body)
            assert (queued.status_code, queued.json()["state"]) == (202, "queued")
            place = queued.headers["location"].removeprefix("/api/v1")

            def ended() -> Any:
                found = api.get(place)
                return found if found["state"] not in ("queued", "sent") else None

            return eventually(ended)

        cleared = await asyncio.to_thread(ask, {"type": "clearCache"})
        assert cleared["state"] == "accepted"
        assert cleared["by"].startswith("api-key:")
        reset = await asyncio.to_thread(ask, {"type": "reset", "kind": "hard"})
        assert (reset["state"], reset["request"]) == ("rejected", {"kind": "hard"})
        triggered = await asyncio.to_thread(ask, {"type": "triggerMessage", "requestedMessage": "Heartbeat"})
        assert triggered["state"] == "failed"


def test_a_command_to_a_charger_that_is_disconnected_fails_with_the_reason(api: Api) -> None:
    api.charger(api.location(TARIFF), "AWAY-1")
    queued = api.client.post("/chargers/AWAY-1/commands", json={"type": "unlock", "plug": 1})
    assert queued.status_code == 202
    found = api.get(queued.headers["location"].removeprefix("/api/v1"))
    assert (found["state"], found["reason"]) == ("failed", "The charger is not connected.")
    refused = api.client.post("/chargers/AWAY-1/commands", json={"type": "explode"})
    assert refused.status_code == 422


def test_a_token_is_issued_changed_and_blocked(api: Api) -> None:
    later = (datetime.now(UTC) + timedelta(days=30)).replace(microsecond=0)
    body = {"uid": "card7", "status": "accepted", "groupUid": "fleet", "expiresAt": later.isoformat()}
    assert api.client.post("/tokens", json=body).status_code == 201
    found = api.get("/tokens/Card7")
    assert (found["uid"], found["groupUid"]) == ("CARD7", "FLEET")
    assert datetime.fromisoformat(found["expiresAt"]) == later
    assert api.client.patch("/tokens/CARD7", json={"status": "blocked"}).json()["status"] == "blocked"
    assert api.client.post("/tokens", json={"uid": "CARD7"}).json()["status"] == "accepted"
    assert [each["uid"] for each in api.get("/tokens", search="card7")["items"]] == ["CARD7"]
    assert api.client.delete("/tokens/CARD7").status_code == 405


def test_a_session_has_its_events_and_its_log(api: Api, system: RunningSystem) -> None:
    api.charger(api.location(TARIFF), "TOLD-1")
    api.token("TOLD")
    session, _ = charge_once(system, "TOLD-1", "TOLD")
    eventually(lambda: _completed(api, session))
    events = api.get(f"/sessions/{session}/events")["items"]
    assert events[0]["type"] == "session-started"
    assert "connector-freed" in [event["type"] for event in events]
    assert events[0]["by"] == "charger:TOLD-1"
    assert len(events[0]["frame"]) == 64
    assert events[0]["data"]["meterStartWh"] == 0
    log = eventually(lambda: _whole_log(api, session))
    assert "StartTransaction" in log
    lines = api.client.get(f"/sessions/{session}/log", params={"format": "ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert "attachment" in lines.headers["content-disposition"]
    table = api.client.get(f"/sessions/{session}/log", params={"format": "csv"})
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"), newline=""))
    assert list(rows) == [msgspec.json.decode(line) for line in lines.text.splitlines()]
    everything = api.get("/events", after=events[0]["position"] - 1, limit=1)["items"]
    assert everything[0] == events[0]
    named = api.get("/events", stream=f"session:{session}")["items"]
    assert named == events


def _whole_log(api: Api, session: str) -> str:
    log = api.client.get(f"/sessions/{session}/log").text
    return log if "StopTransaction" in log else ""


def test_lists_are_cut_into_pages_that_link_to_each_other(api: Api) -> None:
    for number in range(5):
        api.token(f"LEAF{number}")
    page = api.client.get("/tokens", params={"search": "leaf", "limit": 2})
    uids = [each["uid"] for each in page.json()["items"]]
    while "link" in page.headers:
        address = page.headers["link"].removeprefix("</api/v1").partition(">")[0]
        page = api.client.get(address)
        uids += [each["uid"] for each in page.json()["items"]]
    assert uids == [f"LEAF{number}" for number in range(5)]
    assert api.client.get("/tokens", params={"limit": 201}).status_code == 422
    assert api.client.get("/tokens", params={"cursor": "zzz"}).status_code == 422
    assert api.client.get("/tokens", params={"colour": "blue"}).status_code == 422


def test_the_dashboard_of_an_earlier_instant_knows_nothing_of_later(api: Api, system: RunningSystem) -> None:
    api.charger(api.location(TARIFF), "LATER-1")
    before = datetime.now(UTC)
    api.token("LATER")
    session, _ = charge_once(system, "LATER-1", "LATER")
    eventually(lambda: _completed(api, session))
    as_of = before.isoformat()
    assert api.client.get(f"/sessions/{session}", params={"asOf": as_of}).status_code == 404
    then = api.get("/dashboard/summary", period="year", asOf=as_of)
    today = api.get("/dashboard/summary", period="year")
    assert today["sessionCount"] == then["sessionCount"] + 1
    assert today["energyWh"] == then["energyWh"] + 10_000
    plugs = api.get("/dashboard/plug-status", charger="LATER-1", asOf=as_of)
    assert plugs["counts"] == {"Offline": 2}
    assert session not in [each["id"] for each in api.get("/dashboard/recent-sessions", asOf=as_of)["items"]]


def test_a_fault_is_solved_with_a_note(api: Api, system: RunningSystem) -> None:
    api.charger(api.location(TARIFF), "BROKEN-1")
    api.token("BROKEN")
    _, fault = charge_once(system, "BROKEN-1", "BROKEN")
    place = f"/faults/{quote(fault, safe='')}"
    solved = api.post(f"{place}/solve", {"note": "Dried the socket."}, 200)
    assert (solved["state"], solved["note"]) == ("solved", "Dried the socket.")
    assert api.get(place) == solved
    assert api.get("/faults", charger="BROKEN-1", state="unsolved", search="Ground")["items"] == []
