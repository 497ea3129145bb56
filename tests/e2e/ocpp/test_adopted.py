"""A transaction that a charger began with another system is a session, and can be stopped from here."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.e2e.ocpp.site import Site
from tests.e2e.ocpp.station import station

BEGINNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
FOREIGN = 777_777


def at(minutes: int) -> str:
    return (BEGINNING + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_a_transaction_of_another_systems_making_is_stopped_by_its_own_number(site: Site) -> None:
    # lbbrhzn #1000 and #609
    site.add_charger()
    async with station(site.url()) as cp:
        await cp.status("Charging")
        await cp.meter(at(0), {"value": "5000"}, transaction=FOREIGN)
        await cp.meter(at(10), {"value": "7000"}, transaction=FOREIGN)
        (started,) = site.events("session-started")
        assert (started["transaction"], started["flags"]) == (FOREIGN, ["adopted"])
        command = await site.tell({"type": "remoteStop", "transactionId": FOREIGN})
        assert command["state"] == "accepted"
        assert ("RemoteStopTransaction", {"transaction_id": FOREIGN}) in cp.obeyed
        await cp.end(FOREIGN, at(20), 8_000, reason="Remote")
    (ended,) = await asyncio.to_thread(site.events, "charging-ended")
    assert (ended["energyWh"], ended["reason"]) == (3_000, "Remote")
