"""Nothing of one company is visible to another: every route of the API, asked with another's ids."""

import secrets
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from eosvolt.adapters.http.capabilities import ENDPOINTS
from eosvolt.adapters.http.framework.endpoint import Endpoint
from tests.e2e.api.test_resources import LOCATION
from tests.e2e.one_of_each import for_everybody, of_driver, of_staff, one_of_each
from tests.e2e.request_examples import BODIES, NOT_THERE_YET, QUERIES
from tests.e2e.running import RunningSystem
from tests.unit.operations.photo import PHOTO

MARK = f"OWN{secrets.token_hex(4).upper()}"
# What everybody may ask has tests of its own.
CLOSED = [each for each in ENDPOINTS if not for_everybody(each.path)]
WITH_PLACES = [each for each in CLOSED if each.path_parameters]
WITHOUT_PLACES = [each for each in CLOSED if not each.path_parameters and each.method == "GET"]
# It never ends; what it sends is filtered like the feed of events, which is asked here as well.
ENDLESS = {"/stream"}


@pytest.fixture(scope="module")
def victim(system: RunningSystem) -> dict[str, str]:
    """The ids of one of everything that company 242 has, by the names that the routes give them."""
    return one_of_each(system, 242, MARK)


@pytest.fixture(scope="module")
def other_company(system: RunningSystem) -> httpx2.Client:
    """Another company's access."""
    return system.api(7).client


def filled(served: Endpoint, victim: dict[str, str]) -> str:
    path = served.path
    for name in served.path_parameters:
        path = path.replace(f"{{{name}}}", quote(victim.get(name, "242"), safe=""))
    return path


@pytest.mark.parametrize("served", WITH_PLACES, ids=lambda each: f"{each.method} {each.path}")
def test_another_company_s_things_are_not_found(
    victim: dict[str, str], other_company: httpx2.Client, served: Endpoint
) -> None:
    body: dict[str, Any] = {"json": BODIES.get(served.path, {})} if served.body is not None else {}
    if served.takes:
        body = {"content": PHOTO, "headers": {"Content-Type": "image/png"}}
    query = QUERIES.get(served.path, {})
    answer = other_company.request(served.method, filled(served, victim), params=query, **body)
    expected = 403 if of_staff(served.path) else 401 if of_driver(served.path) else 404
    assert answer.status_code == expected, answer.text
    assert MARK not in answer.text.replace(filled(served, victim), "")


@pytest.mark.parametrize("served", WITHOUT_PLACES, ids=lambda each: each.path)
def test_no_list_holds_anything_of_another_company(
    victim: dict[str, str], other_company: httpx2.Client, served: Endpoint
) -> None:
    if served.path in ENDLESS:
        return
    answer = other_company.get(served.path, params=QUERIES.get(served.path, {}))
    expected = 403 if of_staff(served.path) else NOT_THERE_YET.get(served.path, 200)
    expected = 401 if of_driver(served.path) else expected
    assert answer.status_code == expected, answer.text
    assert MARK not in answer.text
    assert victim["location"] not in answer.text


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/sessions", {"charger": MARK}),
        ("/sessions", {"search": MARK}),
        ("/faults", {"charger": MARK}),
        ("/tokens", {"search": MARK}),
        ("/customers", {"search": MARK}),
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
