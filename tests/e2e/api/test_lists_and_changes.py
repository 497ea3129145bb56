"""Lists by pages, filters that are refused where they mean nothing, and changes that are merged."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.api.test_resources import LOCATION, TARIFF
from tests.e2e.running import Api, RunningSystem


@pytest.fixture
def api(system: RunningSystem) -> Api:
    return system.api()


@pytest.mark.parametrize("path", ["/locations", "/chargers", "/api-keys", "/events", "/tokens"])
def test_a_list_read_by_pages_is_the_whole_list(api: Api, path: str) -> None:
    for number in range(3):
        name = f"PAGED-{number}"
        api.charger(api.location(TARIFF, name=name), name + path.strip("/").upper())
        api.post("/api-keys", {"label": name})
        api.token(name)
    expected: list[Any] = []
    parameters: dict[str, Any] = {"limit": 200}
    while True:
        answer = api.client.get(path, params=parameters)
        expected += answer.json()["items"]
        if "cursor" not in answer.json():
            break
        parameters["cursor"] = answer.json()["cursor"]
    found: list[Any] = []
    following: dict[str, Any] = {"limit": 2}
    while len(found) < 60:
        answer = api.client.get(path, params=following)
        assert len(answer.json()["items"]) <= 2
        found += answer.json()["items"]
        if "link" not in answer.headers:
            assert "cursor" not in answer.json()
            break
        assert answer.headers["link"].endswith('; rel="next"')
        following = parse_qs(urlsplit(answer.headers["link"].partition(">")[0].strip("<")).query)
        assert following["cursor"] == [answer.json()["cursor"]]
    assert found == expected[: len(found)]
    assert len(found) >= min(60, len(expected))


@pytest.mark.parametrize(
    ("path", "pointers"),
    [
        ("/events?type=nonsense", ["?type"]),
        ("/events?from=bad&limit=many&cursor=x", ["?from", "?limit"]),
        ("/events?cursor=x", ["?cursor"]),
        ("/sessions?since=bad&until=bad&status=nope&sort=up", ["?since", "?until", "?status", "?sort"]),
        ("/sessions?from=2026-11-01&plug=x", ["?from", "?plug"]),
        ("/faults?state=nope&kind=nope&severity=nope", ["?state", "?kind", "?severity"]),
        ("/faults?level=nope&sort=nope", ["?level", "?sort"]),
        ("/commands?type=nope", ["?type"]),
        ("/commands?state=nope", ["?state"]),
        ("/dashboard/plug-status?status=Nope", ["?status"]),
        ("/dashboard/summary?period=decade&date=today", ["?period", "?date"]),
        ("/chargers?limit=0&cursor=%21", ["?limit"]),
        ("/chargers?cursor=%21", ["?cursor"]),
        ("/locations?colour=blue&size=1", ["?colour", "?size"]),
        ("/tokens?limit=1&limit=2", ["?limit"]),
    ],
)
def test_filters_that_mean_nothing_are_refused_by_name(api: Api, path: str, pointers: list[str]) -> None:
    answer = api.client.get(path)
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == pointers


def test_events_can_be_asked_for_by_their_types(api: Api) -> None:
    api.location(TARIFF)
    api.token("TYPED")
    one = api.get("/events", type="location-added", limit=200)["items"]
    assert {each["type"] for each in one} == {"location-added"}
    two = api.client.get("/events", params={"type": ["location-added", "token-issued"], "limit": 200})
    assert {each["type"] for each in two.json()["items"]} == {"location-added", "token-issued"}


def test_a_change_of_a_tariff_is_merged(api: Api) -> None:
    place = f"/locations/{api.post('/locations', LOCATION)['id']}"

    def patched(change: dict[str, Any]) -> dict[str, Any]:
        headers = {"content-type": "application/merge-patch+json"}
        answer = api.client.request("PATCH", place, json=change, headers=headers)
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view

    tariff = patched({"tariff": {"strategy": "perKwh", "price": "0.60"}})["tariff"]
    assert tariff == {**TARIFF, "price": "0.60"}
    tariff = patched({"tariff": {"blockingFee": {"amount": "2.00", "cap": "9.00"}}})["tariff"]
    assert tariff["blockingFee"] == {"amount": "2.00", "intervalMinutes": 15, "cap": "9.00"}
    assert "cap" not in patched({"tariff": {"blockingFee": {"cap": None}}})["tariff"]["blockingFee"]
    tariff = patched({"tariff": {"blockingFee": None, "windows": None}})["tariff"]
    assert (tariff["price"], tariff.get("blockingFee"), tariff.get("windows", [])) == ("0.60", None, [])
    view = patched({"address": None, "latitude": None, "authorizedTokens": None})
    assert (view.get("address", ""), view.get("latitude"), view["name"]) == ("", None, LOCATION["name"])
    # A fee that is not there has to be given as a whole.
    half = api.client.patch(place, json={"tariff": {"blockingFee": {"amount": "2.00"}}})
    assert (half.status_code, half.json()["errors"][0]["pointer"]) == (
        422,
        "/tariff/blockingFee/intervalMinutes",
    )


def test_null_takes_away_what_was_said_of_a_token_and_a_charger(api: Api) -> None:
    body = {"uid": "MERGED", "label": "Van", "groupUid": "G", "expiresAt": "2030-01-01T00:00:00Z"}
    api.post("/tokens", {**body, "concurrent": True})
    changed = api.client.patch("/tokens/MERGED", json={"label": None, "groupUid": None}).json()
    assert (changed.get("label", ""), changed.get("groupUid", "")) == ("", "")
    assert (changed["concurrent"], "expiresAt" in changed) == (True, True)
    api.charger(api.location(TARIFF), "MERGED-1")
    strict = {"conformance": "strict", "assumeProtocol": True}
    assert api.client.patch("/chargers/MERGED-1", json=strict).json()["conformance"] == "strict"
    back = api.client.patch("/chargers/MERGED-1", json={"conformance": None}).json()
    assert (back.get("conformance", "tolerant"), back["assumeProtocol"]) == ("tolerant", True)


def test_all_that_is_wrong_with_a_body_is_reported_at_once(api: Api) -> None:
    wrong = {**LOCATION, "name": "", "currency": "euro", "tariff": {**TARIFF, "price": "cheap"}, "colour": 1}
    answer = api.client.post("/locations", json=wrong)
    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert pointers == {"/name", "/currency", "/tariff/price", "/colour"}


def test_unknown_plug_types_are_refused(api: Api) -> None:
    plugs = [{"number": 1, "type": "iec62196T2"}, {"number": 2, "type": "garden hose"}, {"number": 3}]
    body = {"locationId": api.location(TARIFF), "chargeBoxId": "HOSE-1", "plugs": plugs}
    answer = api.client.post("/chargers", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/plugs/1/type")
    assert api.client.get("/chargers/HOSE-1").status_code == 404
