"""Who gets in, by key or by cookie, and what a browser is held to."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.e2e.running import OWNER_PASSWORD, RunningSystem

COOKIE = "eosvolt"
OWNER = "owner@242.example"


@pytest.fixture
def browser(system: RunningSystem) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=system.base_url, headers={"Origin": system.base_url}) as client:
        yield client


@pytest.fixture
def signed_in(browser: httpx2.Client) -> httpx2.Client:
    answer = browser.post("/sign-in", data={"email": OWNER.upper(), "password": OWNER_PASSWORD})
    assert answer.status_code == 303, answer.text
    assert COOKIE in browser.cookies
    return browser


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer nonsense", "Basic b3duZXI6eA==", "Bearer eosvolt_live_x"]
)
def test_a_request_without_a_known_key_is_refused(system: RunningSystem, header: str) -> None:
    refused = httpx2.get(
        f"{system.base_url}/api/v1/company", headers={"Authorization": header} if header else {}
    )
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert refused.headers["content-type"] == "application/problem+json"


def test_a_key_works_until_it_is_revoked(system: RunningSystem) -> None:
    api = system.api()
    issued = api.post("/api-keys", {"label": "Robot"})
    robot = {"Authorization": f"Bearer {issued['key']}"}
    address = f"{system.base_url}/api/v1/company"
    assert httpx2.get(address, headers=robot).json()["id"] == 242
    assert issued["key"] not in api.client.get("/api-keys").text
    assert api.client.delete(f"/api-keys/{issued['id']}").status_code == 204
    assert httpx2.get(address, headers=robot).status_code == 401
    assert [each for each in api.get("/api-keys")["items"] if each["id"] == issued["id"]] == []


def test_only_the_digest_of_a_key_is_in_the_history(system: RunningSystem) -> None:
    api = system.api()
    key = api.post("/api-keys", {"label": "Secret"})["key"]
    assert key not in api.client.get("/events", params={"type": "api-key-issued", "limit": 200}).text
    assert (
        system.sql("SELECT 1 FROM stored_events WHERE position(%s::bytea IN state) > 0", key.encode()) == []
    )


def test_a_session_cookie_authenticates_api_requests(signed_in: httpx2.Client) -> None:
    assert signed_in.get("/api/v1/company").json()["id"] == 242
    renamed = signed_in.patch("/api/v1/company", json={"name": "Volt Harbour"})
    assert renamed.status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(
    system: RunningSystem, browser: httpx2.Client
) -> None:
    answer = browser.post("/sign-in", data={"email": OWNER, "password": OWNER_PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.casefold()
    assert "Path=/" in cookie
    stored = system.sql("SELECT octet_length(digest) FROM web_sessions")
    assert set(stored) == {(32,)}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_change_from_another_site_is_refused(
    system: RunningSystem, signed_in: httpx2.Client, headers: dict[str, str]
) -> None:
    del signed_in.headers["origin"]
    refused = signed_in.patch("/api/v1/company", json={"name": "Stolen"}, headers=headers)
    assert refused.status_code == 403
    assert system.api().get("/company")["name"] != "Stolen"


def test_signing_out_ends_the_session_at_the_server(system: RunningSystem, signed_in: httpx2.Client) -> None:
    secret = signed_in.cookies[COOKIE]
    assert signed_in.post("/sign-out").status_code == 303
    again = httpx2.get(f"{system.base_url}/api/v1/company", cookies={COOKIE: secret})
    assert again.status_code == 401


def test_guessing_passwords_is_slowed_down(browser: httpx2.Client) -> None:
    form = {"email": "guessed@242.example", "password": "wrong wrong wrong"}
    statuses = [browser.post("/sign-in", data=form).status_code for _ in range(12)]
    assert 429 in statuses
    assert 303 not in statuses


@pytest.mark.parametrize(
    "path", ["/api/v1/company", "/api/docs", "/healthz", "/sign-in", "/nothing-here", "/api/nothing"]
)
def test_every_answer_has_the_security_headers(system: RunningSystem, path: str) -> None:
    headers = httpx2.get(system.base_url + path).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert (
        "unsafe-inline" not in headers["content-security-policy"].partition("script-src")[2].partition(";")[0]
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert len(headers["x-request-id"]) == 16


def test_a_method_that_is_not_possible_is_refused_with_those_that_are(system: RunningSystem) -> None:
    api = system.api()
    refused = api.client.request("TRACE", "/locations")
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert api.client.head("/locations").status_code == 200


def test_what_is_not_json_is_refused_as_such(system: RunningSystem) -> None:
    client = system.api().client
    assert client.post("/locations", content="name=x").status_code == 415
    headers = {"Content-Type": "application/json"}
    malformed = client.post("/locations", content="{", headers=headers)
    assert malformed.status_code == 400
    assert malformed.headers["content-type"] == "application/problem+json"
    large = client.post("/locations", content=b"[" * (7 * 1024 * 1024), headers=headers)
    assert large.status_code == 413
    deep = client.post("/locations", content=b"[" * 100_000, headers=headers)
    assert deep.status_code == 400


def test_health_readiness_and_metrics_are_there_for_the_machines(system: RunningSystem) -> None:
    system.api().get("/company")
    assert httpx2.get(f"{system.base_url}/healthz").json() == {"status": "ok"}
    assert httpx2.get(f"{system.base_url}/readyz").json() == {"status": "ready"}
    figures = httpx2.get(f"{system.base_url}/metrics").text
    assert 'eosvolt_http_request_seconds_count{endpoint="/company",method="GET",status="200"}' in figures
