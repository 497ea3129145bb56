"""Nothing of one company is visible to another: every route of the API, asked with another's ids."""

import secrets
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from eosvolt.adapters.http.capabilities import ENDPOINTS
from eosvolt.adapters.http.framework.endpoint import Endpoint
from tests.e2e.api.charger import charge_once, eventually
from tests.e2e.api.test_resources import LOCATION
from tests.e2e.running import RunningSystem
from tests.unit.operations.photo import PHOTO

MARK = f"OWN{secrets.token_hex(4).upper()}"
WITH_PLACES = [each for each in ENDPOINTS if each.path_parameters]
WITHOUT_PLACES = [each for each in ENDPOINTS if not each.path_parameters and each.method == "GET"]
# What a request needs to be understood before it can be refused for whose it is.
BODIES: dict[str, dict[str, Any]] = {
    "/chargers/{charger}/commands": {"type": "reset"},
    "/unknown-chargers/{charger}/adopt": {"locationId": "any"},
    "/faults/{fault}/assign": {"owner": None},
    "/faults/{fault}/snooze": {"until": "2100-01-01T00:00:00Z"},
    "/sessions/{session}/end": {"reason": "Not mine"},
    "/sessions/{session}/held-energy": {"note": "Not mine"},
}
# It never ends; what it sends is filtered like the feed of events, which is asked here as well.
ENDLESS = {"/stream"}


@pytest.fixture(scope="module")
def victim(system: RunningSystem) -> dict[str, str]:
    """The ids of one of everything that company 242 has, by the names that the routes give them."""
    api = system.api()
    location = api.post("/locations", {**LOCATION, "name": MARK})["id"]
    api.charger(location, MARK, password=None)
    api.token(MARK, label=MARK)
    session, fault = charge_once(system, MARK, MARK)
    eventually(lambda: api.get("/sessions", charger=MARK)["items"])
    command = api.post(f"/chargers/{MARK}/commands", {"type": "reset"}, 202)["id"]
    api.post(f"/chargers/{MARK}/commands?wait=true", {"type": "getDiagnostics"}, 202)
    files = eventually(lambda: api.get(f"/chargers/{MARK}/files")["items"])
    batch = api.post("/bulk-commands", {"command": {"type": "reset"}, "chargers": [MARK]}, 202)["id"]
    key = api.post("/api-keys", {"label": MARK})["id"]
    rule = api.post(
        "/notification-rules", {"name": MARK, "channel": "email", "addresses": [f"{MARK}@volt.example"]}
    )["id"]
    job = system.sql(
        "INSERT INTO failed_jobs (job, subject, company, attempts, first_failed_at, last_failed_at, error)"
        " VALUES ('deadline', %s, 242, 9, now(), now(), %s) RETURNING id",
        f"session:{MARK}",
        MARK,
    )[0][0]
    return {
        "job": str(job),
        "location": location,
        "charger": MARK,
        "token": MARK,
        "session": session,
        "fault": fault,
        "command": command,
        "upload": files[0]["id"],
        "batch": batch,
        "key": key,
        "rule": rule,
        "notification": "any",
    }


@pytest.fixture(scope="module")
def other_company(system: RunningSystem) -> httpx2.Client:
    """Another company's access."""
    return system.api(7).client


def filled(served: Endpoint, victim: dict[str, str]) -> str:
    path = served.path
    for name in served.path_parameters:
        path = path.replace(f"{{{name}}}", quote(victim[name], safe=""))
    return path


@pytest.mark.parametrize("served", WITH_PLACES, ids=lambda each: f"{each.method} {each.path}")
def test_another_company_s_things_are_not_found(
    victim: dict[str, str], other_company: httpx2.Client, served: Endpoint
) -> None:
    body: dict[str, Any] = {"json": BODIES.get(served.path, {})} if served.body is not None else {}
    if served.takes:
        body = {"content": PHOTO, "headers": {"Content-Type": "image/png"}}
    answer = other_company.request(served.method, filled(served, victim), **body)
    assert answer.status_code == 404, answer.text
    assert MARK not in answer.text.replace(filled(served, victim), "")


@pytest.mark.parametrize("served", WITHOUT_PLACES, ids=lambda each: each.path)
def test_no_list_holds_anything_of_another_company(
    victim: dict[str, str], other_company: httpx2.Client, served: Endpoint
) -> None:
    if served.path in ENDLESS:
        return
    query = {"period": "day", "date": "2026-11-21"} if served.path == "/dashboard/summary" else {}
    answer = other_company.get(served.path, params=query)
    assert answer.status_code == 200, answer.text
    assert MARK not in answer.text
    assert victim["location"] not in answer.text


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/sessions", {"charger": MARK}),
        ("/sessions", {"search": MARK}),
        ("/faults", {"charger": MARK}),
        ("/tokens", {"search": MARK}),
        ("/chargers", {"search": MARK}),
        ("/commands", {"charger": MARK}),
        ("/events", {"stream": f"charge-point:242/{MARK}"}),
        ("/events", {"stream": f"maintenance:242/{MARK}"}),
        ("/dashboard/plug-status", {"charger": MARK}),
    ],
)
def test_no_filter_finds_anything_of_another_company(
    victim: dict[str, str], other_company: httpx2.Client, path: str, query: dict[str, str]
) -> None:
    answer = other_company.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert {
        name: value for name, value in answer.json().items() if name in ("items", "plugs") and value
    } == {}


def test_nothing_of_another_company_can_be_named_in_one_s_own_things(
    victim: dict[str, str], other_company: httpx2.Client
) -> None:
    plugs = [{"number": 1}]
    into = {"locationId": victim["location"], "chargeBoxId": f"{MARK}-7", "plugs": plugs}
    assert other_company.post("/chargers", json=into).status_code == 422
    assert other_company.patch("/company", json={"adoptInto": victim["location"]}).status_code == 422
    many = other_company.post("/bulk-commands", json={"command": {"type": "reset"}, "chargers": [MARK]})
    assert many.status_code == 422, many.text


def test_a_session_of_another_company_cannot_be_stopped_through_a_charger_of_the_same_name(
    victim: dict[str, str], system: RunningSystem, other_company: httpx2.Client
) -> None:
    api = system.api(7)
    api.charger(api.location(LOCATION["tariff"]), MARK)
    stop = {"type": "remoteStop", "sessionId": victim["session"]}
    assert other_company.post(f"/chargers/{MARK}/commands", json=stop).status_code == 409
    assert other_company.get("/sessions", params={"charger": MARK}).json()["items"] == []
    assert other_company.delete(f"/chargers/{MARK}").status_code == 204
