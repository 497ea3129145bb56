"""Deadlines and messages that fail: they delay no other, and operators see, retry or dismiss them."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import sql

from eosvolt.adapters.postgres.stored_events import originator_id
from tests.e2e.running import RunningSystem

TARIFF = {"strategy": "perKwh", "price": "0.50"}
# More than are looked at together.
MANY = 250


@pytest.fixture
def spoiled(own_system: RunningSystem) -> RunningSystem:
    """A system with many old deadlines that cannot be carried out, and one charger."""
    own_system.start()
    api = own_system.api()
    api.charger(api.location(TARIFF), "CP-1")
    table = own_system.sql("SELECT table_name FROM read_model_versions WHERE name = 'deadlines'")[0][0]
    query = sql.SQL(
        "INSERT INTO {} (stream, company, due_at, ahead_s, changed)"
        " SELECT 'reservation:242/CP-1#no-number-' || n, 242, %s, 0, 0 FROM generate_series(1, %s) n"
    ).format(sql.Identifier(table))
    own_system.sql(query.as_string(), datetime.now(UTC) - timedelta(days=1), MANY)
    return own_system


def soon(found: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return value


def test_hundreds_of_failing_deadlines_delay_none_that_comes_later(spoiled: RunningSystem) -> None:
    api = spoiled.api()
    command = api.post("/chargers/CP-1/commands?wait=true&expiresIn=1", {"type": "reset"}, expected=202)
    soon(lambda: api.get(f"/chargers/CP-1/commands/{command['id']}")["state"] == "expired")
    jobs = soon(lambda: [each for each in api.get("/failed-jobs")["items"] if each["job"] == "deadline"])
    assert {each["state"] for each in jobs} == {"retrying"}
    assert jobs[0]["error"].startswith("ValueError: ")
    assert jobs[0]["subject"].startswith("reservation:242/CP-1#no-number-")


def test_failed_jobs_survive_a_restart_and_are_dismissed_by_their_company_only(
    spoiled: RunningSystem,
) -> None:
    api, other_company = spoiled.api(), spoiled.api(7)
    soon(lambda: len(api.get("/failed-jobs")["items"]) == MANY)
    assert other_company.get("/failed-jobs")["items"] == []
    spoiled.kill()
    spoiled.start()
    job = api.get("/failed-jobs")["items"][0]["id"]
    other_company.post(f"/failed-jobs/{job}/dismiss", None, expected=404)
    other_company.post(f"/failed-jobs/{job}/retry", None, expected=404)
    api.post(f"/failed-jobs/{job}/retry", None, expected=204)
    api.post(f"/failed-jobs/{job}/dismiss", None, expected=204)
    assert job not in {each["id"] for each in api.get("/failed-jobs")["items"]}
    for nonsense in ("0", "x", "9" * 5_000, "9223372036854775808"):
        api.post(f"/failed-jobs/{nonsense}/retry", None, expected=404)


def test_a_message_that_cannot_be_made_does_not_hold_up_the_next(own_system: RunningSystem) -> None:
    own_system.start()
    api = own_system.api()
    rules = {
        name: api.post(
            "/notification-rules",
            {"name": name, "channel": "webhook", "url": "https://hooks.example/eosvolt"},
        )["id"]
        for name in ("first", "second")
    }
    table = own_system.sql("SELECT table_name FROM read_model_versions WHERE name = 'notifications'")[0][0]
    unreadable = f"unreadable-{secrets.token_hex(4)}"
    own_system.sql(
        "INSERT INTO stored_events (originator_id, originator_version, topic, state, company)"
        f" SELECT '{originator_id(f'notification:{unreadable}')}', 1, 'notification-requested', '{{}}', 242"
    )
    query = sql.SQL(
        "INSERT INTO {} (notification, company, rule, channel, occasion, fault, state, requested_at, due_at,"
        " attempts, reason, summary, changed) VALUES (%s, 242, %s, 'webhook', 'test', '', 'waiting', %s, %s,"
        " 0, '', '', 0)"
    ).format(sql.Identifier(table))
    yesterday = datetime.now(UTC) - timedelta(days=1)
    own_system.sql(query.as_string(), unreadable, rules["first"], yesterday, yesterday)
    (job,) = soon(lambda: api.get("/failed-jobs")["items"])
    assert (job["job"], job["subject"], job["ownedByCompany"]) == ("notification delivery", unreadable, True)
    for rule in rules.values():
        api.post(f"/notification-rules/{rule}/test", None, expected=202)
        place = f"/notification-rules/{rule}/notifications"

        def tried(place: str = place) -> bool:
            return any(each["attempts"] > 0 for each in api.get(place)["items"] if each["id"] != unreadable)

        soon(tried)
