"""Chargers that nobody knows: refused, listed, dismissed, adopted by hand and by themselves."""

from typing import Any

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import TARIFF, Site, basic, until
from tests.e2e.ocpp.test_handshake import refusal

PLUGS = [{"number": 1, "type": "iec62196T2", "maxPowerW": 22000}]


def listed(site: Site, company: int = 242) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = site.api(company).get("/unknown-chargers", search=site.mark)["items"]
    return items


async def test_an_unknown_charger_is_refused_and_listed_with_what_it_said(site: Site) -> None:
    for _ in range(2):
        assert (await refusal(site.url())).status_code == 404
    await until(lambda: [each["attempts"] for each in listed(site)] == [2])
    (found,) = listed(site)
    assert found["chargeBoxId"] == site.box()
    assert (found["address"], found["offered"], found["secure"]) == ("127.0.0.1", ["ocpp1.6"], False)
    assert found["firstSeen"] <= found["lastSeen"]


async def test_an_unknown_charger_is_seen_by_its_own_company_alone(site: Site) -> None:
    site.api(7)
    await refusal(site.url(company=7))
    await until(lambda: len(listed(site, 7)) == 1)
    assert listed(site, 242) == []
    place = f"/unknown-chargers/{site.box()}"
    ours = site.api().client
    assert ours.post(f"{place}/adopt", json={"locationId": "any"}).status_code == 404
    assert ours.delete(place).status_code == 404
    assert len(listed(site, 7)) == 1


async def test_no_attempt_at_a_company_that_does_not_exist_is_kept(site: Site) -> None:
    assert (await refusal(site.at(f"4711/{site.box()}"))).status_code == 404
    await refusal(site.url())
    await until(lambda: len(listed(site)) == 1)
    assert site.system.sql("SELECT count(*) FROM unknown_chargers WHERE company = 4711") == [(0,)]


async def test_an_unknown_charger_writes_nothing_into_the_history(site: Site) -> None:
    before = site._head()
    await refusal(site.url())
    await until(lambda: len(listed(site)) == 1)
    written = site.system.sql("SELECT state::text FROM stored_events WHERE notification_id > %s", before)
    assert not [state for (state,) in written if site.mark.encode().hex() in state]


async def test_a_dismissed_charger_comes_back_when_it_tries_again(site: Site) -> None:
    await refusal(site.url())
    await until(lambda: len(listed(site)) == 1)
    assert site.api().client.delete(f"/unknown-chargers/{site.box()}").status_code == 204
    assert listed(site) == []
    assert site.api().client.delete(f"/unknown-chargers/{site.box()}").status_code == 404
    await refusal(site.url())
    await until(lambda: [each["attempts"] for each in listed(site)] == [1])


async def test_an_adopted_charger_is_as_one_that_was_added_by_hand(site: Site) -> None:
    await refusal(site.url())
    await until(lambda: len(listed(site)) == 1)
    location = site.api().location(TARIFF, name=f"Yard {site.mark}")
    adopted = site.api().post(
        f"/unknown-chargers/{site.box()}/adopt",
        {"locationId": location, "plugs": PLUGS, "password": "a good secret"},
    )
    assert (adopted["chargeBoxId"], adopted["locationId"]) == (site.box(), location)
    assert listed(site) == []
    assert (await refusal(site.url())).status_code == 401
    async with charger(site.url(), basic(site.box(), b"a good secret")) as cp:
        assert "currentTime" in await cp.call("Heartbeat")


async def test_adoption_needs_a_location_of_the_company(site: Site) -> None:
    await refusal(site.url())
    await until(lambda: len(listed(site)) == 1)
    elsewhere = site.api(7).location(TARIFF, name=f"Foreign {site.mark}")
    answer = site.api().client.post(f"/unknown-chargers/{site.box()}/adopt", json={"locationId": elsewhere})
    assert answer.status_code == 422
    assert len(listed(site)) == 1


async def test_while_a_site_is_commissioned_unknown_chargers_are_adopted_by_themselves(site: Site) -> None:
    company = 9001
    api = site.api(company)
    location = api.location(TARIFF)
    assert (await refusal(site.url(company=company))).status_code == 404
    view = api.client.patch("/company", json={"adoptInto": location}).json()
    assert view["adoptInto"] == location
    assert "adoptUntil" in view
    async with charger(site.url(company=company)) as cp:
        await cp.call("BootNotification", chargePointVendor="A", chargePointModel="B")
        await cp.call("StatusNotification", connectorId=2, errorCode="NoError", status="Available")
        await until(lambda: [len(each["plugs"]) for each in api.get("/chargers")["items"]] == [2])
    known = api.get(f"/chargers/{site.box()}")
    assert (known["locationId"], known["hasPassword"]) == (location, False)
    (added,) = [
        fact
        for fact in api.every("/events", type="charge-point-added")
        if fact["type"] == "charge-point-added" and fact["data"]["chargeBoxId"] == site.box()
    ]
    assert added["by"] == "system:adoption"
    assert listed(site, company) == []

    ended = api.client.patch("/company", json={"adoptInto": None}).json()
    assert "adoptInto" not in ended
    assert (await refusal(site.url("LATE", company=company))).status_code == 404


async def test_a_charger_that_was_adopted_at_its_handshake_is_there_for_who_sees_it_boot(site: Site) -> None:
    company = 9004
    api = site.api(company)
    api.client.patch("/company", json={"adoptInto": api.location(TARIFF)}).raise_for_status()
    for number in range(8):
        name = f"NEW-{number}"
        async with charger(site.url(name, company=company)) as cp:
            boot = await cp.call("BootNotification", chargePointVendor="A", chargePointModel="B")
            assert boot["status"] == "Accepted"
            place = f"/chargers/{site.box(name)}"
            asked = api.client.post(f"{place}/commands", json={"type": "clearCache"})
            assert asked.status_code == 202, asked.text
            assert api.client.get(place).status_code == 200


async def test_an_adopted_charger_keeps_the_password_that_it_came_with(site: Site) -> None:
    company = 9002
    api = site.api(company)
    api.client.patch("/company", json={"adoptInto": api.location(TARIFF)})
    own = basic(site.box(), b"\x01\x02its own key\xff")
    async with charger(site.url(company=company), own) as cp:
        assert "currentTime" in await cp.call("Heartbeat")
    assert (await refusal(site.url(company=company))).status_code == 401
    async with charger(site.url(company=company), own) as cp:
        assert "currentTime" in await cp.call("Heartbeat")


async def test_a_charger_that_an_operator_removed_is_not_adopted_by_itself(site: Site) -> None:
    company = 9003
    api = site.api(company)
    location = api.location(TARIFF)
    api.charger(location, site.box())
    assert api.client.delete(f"/chargers/{site.box()}").status_code == 204
    api.client.patch("/company", json={"adoptInto": location})
    assert (await refusal(site.url(company=company))).status_code == 404
    await until(lambda: len(listed(site, company)) == 1)
