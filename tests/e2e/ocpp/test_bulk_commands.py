"""The same asked of many chargers, and every one of them has its outcome."""

import asyncio
from contextlib import AsyncExitStack
from time import monotonic
from typing import Any

from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.command_exchange import RESET, answer, heartbeat, received_call
from tests.e2e.ocpp.site import Site, until

HERE = ("H1", "H2", "H3", "H4", "H5")
AWAY = ("A1", "A2")


def bulk(site: Site, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return site.api().client.post("/bulk-commands", json=body, headers=headers)


async def obey(cp: Charger) -> float:
    """Accept a reset; returns when it came."""
    id_ = await received_call(cp, "Reset")
    at = monotonic()
    await answer(cp, id_, status="Accepted")
    return at


async def test_many_chargers_are_asked_once_each_at_a_pace_and_all_outcomes_are_counted(site: Site) -> None:
    for name in (*HERE, *AWAY):
        site.add_charger(name)
    async with AsyncExitStack() as connections:
        here = [await connections.enter_async_context(charger(site.url(name))) for name in HERE]
        for cp in here:
            await heartbeat(cp)
        boxes = [site.box(name) for name in (*HERE, *AWAY, *HERE)]
        body = {"chargers": boxes, "command": RESET}
        asked = monotonic()
        accepted = await asyncio.to_thread(bulk, site, body, f"{site.mark}-bulk")
        assert accepted.status_code == 202, accepted.text
        place = accepted.headers["location"].removeprefix("/api/v1")
        assert accepted.json()["total"] == len(HERE) + len(AWAY)
        last = max(await asyncio.gather(*(obey(cp) for cp in here)))
        # At most 20 in a second: the fifth comes a fifth of a second later, however slow everything else is.
        assert last - asked >= 0.2
        expected = {"accepted": len(HERE), "failed": len(AWAY)}
        await until(lambda: site.api().get(place)["counts"] == expected)
        site.system.sql("DELETE FROM idempotency_keys")
        again = await asyncio.to_thread(bulk, site, body, f"{site.mark}-bulk")
        assert again.json() == accepted.json()
        assert site.api().get(place)["counts"] == expected
    failed = site.api().get(place, state="failed")["items"]
    assert {item["reason"] for item in failed} == {"The charger is not connected."}
    assert {item["chargeBoxId"] for item in failed} == {site.box(name) for name in AWAY}
    assert {item["batch"] for item in site.api().get("/commands", charger=site.box("H1"))["items"]} == {
        place.rpartition("/")[2]
    }


async def test_a_bulk_command_can_wait_for_those_that_are_away(site: Site) -> None:
    site.add_charger("A1")
    body = {"chargers": [site.box("A1")], "command": RESET, "wait": True, "expiresIn": 3600}
    place = bulk(site, body).headers["location"].removeprefix("/api/v1")
    assert site.api().get(place)["counts"] == {"queued": 1}
    async with charger(site.url("A1")) as cp:
        await obey(cp)
        await until(lambda: site.api().get(place)["counts"] == {"accepted": 1})


async def test_a_bulk_command_reaches_no_other_company_s_chargers_and_is_seen_by_nobody_else(
    site: Site,
) -> None:
    site.add_charger("MINE")
    site.add_charger("THEIRS", company=243)
    refused = bulk(site, {"chargers": [site.box("MINE"), site.box("THEIRS")], "command": RESET})
    assert refused.status_code == 422
    assert site.box("THEIRS") in refused.text
    assert site.api().get("/commands", charger=site.box("MINE"))["items"] == []
    accepted = bulk(site, {"chargers": [site.box("MINE")], "command": RESET})
    place = accepted.headers["location"].removeprefix("/api/v1")
    assert site.api(243).client.get(place).status_code == 404
    seen = site.api(243).get("/commands")["items"]
    assert accepted.json()["id"] not in {item.get("batch") for item in seen}


def test_a_bulk_command_names_its_chargers_or_a_filter_and_nothing_that_is_one_charger_s_own(
    site: Site,
) -> None:
    site.add_charger()
    both = {"chargers": [site.box()], "filter": {"connection": "online"}, "command": RESET}
    assert bulk(site, both).status_code == 422
    assert bulk(site, {"command": RESET}).status_code == 422
    start = {"type": "remoteStart", "token": "T"}
    assert bulk(site, {"chargers": [site.box()], "command": start}).status_code == 422


def test_bulk_commands_of_before_are_listed_the_newest_first(site: Site) -> None:
    for name in AWAY:
        site.add_charger(name)
    boxes = [site.box(name) for name in AWAY]
    asked = [bulk(site, {"chargers": boxes[:number], "command": RESET}).json()["id"] for number in (1, 2)]
    api = site.api()
    first = api.get("/bulk-commands", limit=1)
    assert [(each["id"], each["total"], each["counts"]) for each in first["items"]] == [
        (asked[1], 2, {"failed": 2})
    ]
    following = api.get("/bulk-commands", limit=1, cursor=first["cursor"])["items"]
    assert [(each["id"], each["type"], each["counts"]) for each in following] == [
        (asked[0], "reset", {"failed": 1})
    ]
    assert api.get(f"/bulk-commands/{asked[0]}")["total"] == 1
