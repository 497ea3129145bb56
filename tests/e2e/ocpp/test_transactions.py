import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import orjson
import pytest
from ocpp.v16 import call

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site
from tests.e2e.ocpp.station import station


def at(minutes: int) -> str:
    """An instant of an hour ago and some minutes, as a charger writes it."""
    return (BEGINNING + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


BEGINNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


@pytest.mark.parametrize(
    ("tag", "answer"),
    [
        ("GOOD", "Accepted"),
        ("good", "Accepted"),
        ("UNKNOWN", "Invalid"),
        ("BLOCKED", "Blocked"),
        ("EXPIRED", "Expired"),
        ("LAPSED", "Expired"),
    ],
)
async def test_a_token_is_answered_for_whatever_its_case(site: Site, tag: str, answer: str) -> None:
    """§7.4 case 32."""
    site.add_charger()
    site.add_token("GOOD")
    site.add_token("BLOCKED", status="blocked")
    site.add_token("EXPIRED", status="expired")
    site.add_token("LAPSED", expiresAt="2020-01-01T00:00:00Z")
    async with station(site.url()) as cp:
        assert (await cp.ask(call.Authorize(id_tag=f"{site.mark.lower()}{tag}"))).id_tag_info[
            "status"
        ] == answer


async def test_plug_first_a_whole_session(site: Site) -> None:
    """§7.4 case 33."""
    site.add_charger()
    site.add_token(groupUid="FLEET1")
    async with station(site.url()) as cp:
        await cp.status("Preparing")
        authorized = await cp.ask(call.Authorize(id_tag=site.tag()))
        assert authorized.id_tag_info == {"status": "Accepted", "parent_id_tag": "FLEET1"}
        started = await cp.begin(site.tag(), at(0), meter=1_000)
        assert started.transaction_id > 0
        assert started.id_tag_info == {"status": "Accepted", "parent_id_tag": "FLEET1"}
        await cp.status("Charging")
        await cp.meter(at(10), {"value": "3000"}, transaction=started.transaction_id)
        await cp.meter(at(20), {"value": "5000"}, transaction=started.transaction_id)
        stopped = await cp.end(started.transaction_id, at(30), 7_000)
        assert stopped.id_tag_info is None
        await cp.status("Finishing")
        await cp.status("Available")
    (ended,) = site.events("charging-ended")
    assert (ended["energyWh"], ended["reason"], ended.get("provisional", False)) == (6_000, "Local", False)
    assert len(site.events("energy-metered")) == 2


async def test_card_first_a_session_starts_as_well(site: Site) -> None:
    """§7.4 case 34."""
    site.add_charger()
    site.add_token()
    async with station(site.url()) as cp:
        assert (await cp.ask(call.Authorize(id_tag=site.tag()))).id_tag_info["status"] == "Accepted"
        await cp.status("Preparing")
        assert (await cp.begin(site.tag(), at(0))).id_tag_info["status"] == "Accepted"
    assert len(site.events("session-started")) == 1


async def test_a_blocked_token_gets_the_answer_with_a_number_and_its_stop_is_taken(site: Site) -> None:
    """§7.4 case 35."""
    site.add_charger()
    site.add_token(status="blocked")
    async with station(site.url()) as cp:
        started = await cp.begin(site.tag(), at(0))
        assert started.id_tag_info["status"] == "Blocked"
        assert started.transaction_id > 0
        await cp.end(started.transaction_id, at(1), 0, reason="DeAuthorized")
    (ended,) = site.events("charging-ended")
    assert ended["reason"] == "DeAuthorized"


async def test_the_same_start_again_gets_the_same_number_and_is_one_session(site: Site) -> None:
    """§7.4 cases 36 and 40: the retry is no concurrent session."""
    site.add_charger()
    site.add_token()
    async with station(site.url()) as cp:
        first = await cp.begin(site.tag(), at(0), meter=5)
        assert await cp.begin(site.tag(), at(0), meter=5) == first
    async with station(site.url()) as cp:
        assert await cp.begin(site.tag(), at(0), meter=5) == first
        assert first.id_tag_info["status"] == "Accepted"
    assert len(site.events("session-started")) == 1


async def test_a_second_session_of_the_same_token_is_concurrent(site: Site) -> None:
    """§7.4 case 40."""
    site.add_charger()
    site.add_token()
    async with station(site.url()) as cp:
        await cp.begin(site.tag(), at(0))
        second = await cp.begin(site.tag(), at(1), connector=2)
        assert second.id_tag_info["status"] == "ConcurrentTx"


async def test_a_stop_that_comes_twice_is_one_end_and_other_figures_are_recorded_as_a_conflict(
    site: Site,
) -> None:
    """§7.4 case 37."""
    site.add_charger()
    site.add_token()
    async with station(site.url()) as cp:
        started = await cp.begin(site.tag(), at(0))
        for meter in (2_000, 2_000, 2_500):
            assert (await cp.end(started.transaction_id, at(30), meter)).id_tag_info is None
    (ended,) = site.events("charging-ended")
    assert ended["energyWh"] == 2_000
    assert len(site.events("stop-conflicted")) == 1
    assert site.events("end-reconciled") == []


@pytest.mark.parametrize("number", [-1, 0])
async def test_a_stop_without_a_number_ends_the_session_that_is_open(site: Site, number: int) -> None:
    """§7.4 case 38."""
    site.add_charger()
    site.add_token()
    async with station(site.url()) as cp:
        await cp.begin(site.tag(), at(0))
        await cp.end(number, at(20), 1_500)
    (ended,) = site.events("charging-ended")
    assert ended["energyWh"] == 1_500


@pytest.mark.parametrize("number", [-1, 0, 99, -16])
async def test_a_stop_that_belongs_to_nothing_is_kept_as_such(site: Site, number: int) -> None:
    """§7.4 case 38."""
    site.add_charger()
    async with station(site.url()) as cp:
        await cp.end(number, at(20), 1_500, reason="PowerLoss")
    assert len(site.events("stop-orphaned")) == 1


async def test_a_stop_that_overtakes_its_start_is_reconciled(site: Site) -> None:
    """§7.4 case 38."""
    site.add_charger()
    site.add_token()
    async with station(site.url()) as cp:
        await cp.end(-1, at(30), 4_000, id_tag=site.tag())
        started = await cp.begin(site.tag(), at(0), meter=1_000)
        assert started.transaction_id > 0
    (ended,) = site.events("charging-ended")
    assert ended["energyWh"] == 3_000


async def test_another_token_of_the_group_may_stop(site: Site) -> None:
    """§7.4 case 39."""
    site.add_charger()
    site.add_token("ONE", groupUid="FLEET1")
    site.add_token("TWO", groupUid="FLEET1")
    async with station(site.url()) as cp:
        started = await cp.begin(site.tag("ONE"), at(0))
        stopped = await cp.end(started.transaction_id, at(30), 2_000, id_tag=site.tag("TWO"))
        assert stopped.id_tag_info == {"status": "Accepted", "parent_id_tag": "FLEET1"}
    assert len(site.events("charging-ended")) == 1


async def test_what_a_charger_kept_while_it_was_offline_is_billed_by_its_own_time(site: Site) -> None:
    """§7.4 case 45, as 1.6 has it: the queue comes after the reconnect."""
    site.add_charger()
    site.add_token()
    async with station(site.url()) as cp:
        await cp.status("Available")
    async with station(site.url()) as cp:
        started = await cp.begin(site.tag(), at(0))
        await cp.meter(at(15), {"value": "2000"}, transaction=started.transaction_id)
        await cp.end(started.transaction_id, at(30), 4_000)
    (ended,) = site.events("charging-ended")
    assert (ended["startedAt"], ended["at"]) == (at(0), at(30))
    assert ended["receivedAt"] > ended["at"]


async def test_a_card_is_the_same_however_its_number_is_padded(site: Site) -> None:
    """Field case MicroOcpp #73: the reader writes a blank before each byte."""
    site.add_charger()
    seen = f" F6 CA {site.mark[:2]} {site.mark[2:4]} {site.mark[4:]}"
    made = site.api().post("/tokens", {"uid": seen.lower(), "status": "accepted"})
    assert made["uid"] == seen.strip()
    found = site.api().client.get(f"/tokens/{quote(seen, safe='')}").json()
    assert found["uid"] == seen.strip()
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", chargePointVendor="A", chargePointModel="B")
        for written in (seen, seen.strip(), seen + "  ", seen.lower()):
            answer = await cp.call("Authorize", idTag=written[:20])
            assert answer["idTagInfo"]["status"] == "Accepted"
        started = await cp.call(
            "StartTransaction", connectorId=1, idTag=seen, meterStart=0, timestamp="2026-11-21T10:00:00Z"
        )
        assert started["idTagInfo"]["status"] == "Accepted"
        stopped = await cp.call(
            "StopTransaction",
            transactionId=started["transactionId"],
            idTag=seen + " ",
            meterStop=10,
            timestamp="2026-11-21T10:10:00Z",
        )
        assert stopped["idTagInfo"]["status"] == "Accepted"
        start = asyncio.create_task(
            site.tell(
                {
                    "type": "sendLocalList",
                    "updateType": "Full",
                    "listVersion": 7,
                    "localAuthorizationList": [{"idTag": seen, "idTagInfo": {"status": "Accepted"}}],
                }
            )
        )
        _, id_, action, payload = await cp.receive()
        assert action == "SendLocalList"
        assert list(payload) == ["listVersion", "localAuthorizationList", "updateType"]
        assert [entry["idTag"] for entry in payload["localAuthorizationList"]] == [seen]
        await cp.say(orjson.dumps([3, id_, {"status": "Accepted"}]).decode())
        assert (await start)["state"] == "accepted"
