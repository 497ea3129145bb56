"""The same request twice under one `Idempotency-Key`: done once, answered alike, no secret remembered."""

from hashlib import sha256
from typing import Any

import pytest

from tests.e2e.api.test_resources import LOCATION, TARIFF
from tests.e2e.running import Api, RunningSystem


@pytest.fixture
def api(system: RunningSystem) -> Api:
    return system.api()


def test_the_same_request_with_its_key_is_done_once(api: Api) -> None:
    headers = {"Idempotency-Key": "order 7"}
    first = api.client.post("/locations", json={**LOCATION, "name": "Once"}, headers=headers)
    again = api.client.post("/locations", json={**LOCATION, "name": "Once"}, headers=headers)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotent-replayed"] == "true"
    other = api.client.post("/locations", json={**LOCATION, "name": "Other"}, headers=headers)
    assert other.status_code == 422
    assert [each["name"] for each in api.get("/locations")["items"]].count("Once") == 1


def test_no_secret_is_remembered_for_who_asks_again(api: Api, system: RunningSystem) -> None:
    webhook = {"name": "Robot", "channel": "webhook", "url": "https://hooks.example/1"}
    rule = api.post("/notification-rules", webhook)
    charger = {"locationId": api.location(TARIFF), "chargeBoxId": "SECRET-1", "plugs": [{"number": 1}]}
    asked: list[tuple[str, dict[str, Any], str]] = [
        ("/api-keys", {"label": "Robot"}, "key"),
        ("/notification-rules", webhook, "secret"),
        (f"/notification-rules/{rule['id']}/secret", {}, "secret"),
        ("/chargers", {**charger, "password": "very secret pass"}, ""),
    ]
    for number, (path, body, secret) in enumerate(asked):
        headers = {"Idempotency-Key": f"secret {number}"}
        sent = {"headers": headers} if path.endswith("/secret") else {"headers": headers, "json": body}
        first, again = (api.client.post(path, **sent) for _ in range(2))
        assert again.status_code == first.status_code, again.text
        assert again.headers["idempotent-replayed"] == "true"
        content = first.json()
        hidden = content.pop(secret) if secret else "very secret pass"
        assert again.json() == content
        kept = system.sql("SELECT digest || headers::text || encode(body, 'escape') FROM idempotency_keys")
        assert all(hidden not in row[0] for row in kept)
        plain = sha256(b"\n".join((f"/api/v1{path}".encode(), b"", first.request.content))).hexdigest()
        assert all(plain not in row[0] for row in kept), "a digest without a key lets passwords be guessed"


def test_a_refused_request_may_be_mended_under_the_same_key(api: Api) -> None:
    headers = {"Idempotency-Key": "mended"}
    assert api.client.post("/locations", json={**LOCATION, "name": ""}, headers=headers).status_code == 422
    assert api.client.post("/locations", json=LOCATION, headers=headers).status_code == 201
