"""A charger is moved while it is offline: what it then tells of before is of the place where it stood."""

from datetime import UTC, datetime, timedelta

from tests.e2e.ocpp.site import TARIFF, Site, until
from tests.e2e.ocpp.station import station


def ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_a_queue_of_before_the_move_is_billed_where_the_charger_stood(site: Site) -> None:
    """§5; kind C of the field cases."""
    site.add_charger()
    card = site.add_token()
    api = site.api()
    place = f"/chargers/{site.box()}"
    before = api.get(place)["locationId"]
    async with station(site.url()) as cp:
        await cp.status("Available")
    terms = {"timeZone": "Asia/Kuwait", "currency": "KWD", "vatRate": "0.05"}
    after = api.location(TARIFF | {"price": "5.00"}, name=f"Moved {site.mark}", **terms)
    plugs = [{"number": n, "type": "iec62196T2", "maxPowerW": 3700} for n in (1, 2)]
    moved = api.client.patch(place, json={"locationId": after, "plugs": plugs})
    assert moved.is_success, moved.text
    site.add_token(status="blocked")
    async with station(site.url()) as cp:
        transaction = await cp.begin(card, ago(60), meter=1_000)
        await cp.end(transaction.transaction_id, ago(30), 9_000)
    (started,), (ended,) = site.events("session-started"), site.events("charging-ended")
    assert (started["place"]["location"], started["maxPowerW"]) == (before, 22_000)
    assert started["tariff"]["currency"] == ended["bill"]["total"]["gross"]["currency"] == "EUR"
    assert (ended["energyWh"], ended.get("heldWh", 0)) == (8_000, 0)
    # The charger is told what holds now; the session has what held when it began.
    assert (transaction.id_tag_info["status"], started["authorization"]) == ("Blocked", "Accepted")
    await until(lambda: len(api.get("/sessions", charger=site.box())["items"]) == 1)
    (session,) = api.get("/sessions", charger=site.box())["items"]
    assert (session["locationId"], session["timeZone"]) == (before, "Europe/Berlin")
