"""How messages that break their schema are treated: as the operator says, or strictly for all."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from ocpp.v16 import call

from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.site import Site, until
from tests.e2e.ocpp.station import station
from tests.e2e.running import RunningSystem


async def _answers(cp: Charger, payload: dict[str, Any]) -> AsyncIterator[Any]:
    """The answers to the same question, asked until somebody has heard enough."""
    async with asyncio.timeout(30):
        while True:
            yield await cp.exchange("Authorize", payload)


async def test_an_operator_changes_how_a_connected_charger_is_treated(site: Site) -> None:
    site.add_charger(conformance="tolerant")
    place = f"/chargers/{site.box()}"
    async with charger(site.url()) as cp:
        assert (await cp.exchange("Authorize", {"idTag": 5}))[0] == 3
        site.api().client.patch(place, json={"conformance": "strict"}).raise_for_status()
        async for answer in _answers(cp, {"idTag": 5}):
            if answer[0] == 4:
                assert answer[2] == "TypeConstraintViolation"
                break
        site.api().client.patch(place, json={"conformance": "trust"}).raise_for_status()
        async for answer in _answers(cp, {"idTag": 5, "connectorId": 1}):
            if answer[0] == 3:
                break
    await until(lambda: bool(site.events("oddities-counted")))


async def test_where_all_chargers_are_treated_strictly_none_is_repaired(
    own_system: RunningSystem,
) -> None:
    own_system.settings["EOSVOLT_OCPP_CONFORMANCE"] = "strict"
    own_system.start()
    own_system.create_company(242, "Volt Harbour")
    site = Site(own_system)
    site.add_charger(conformance="trust")
    async with charger(site.url()) as cp:
        assert (await cp.exchange("Authorize", {"idTag": 5}))[2] == "TypeConstraintViolation"
    async with station(site.url()) as package:
        boot = call.BootNotification(charge_point_vendor="ACME", charge_point_model="AC22")
        assert (await package.ask(boot)).status == "Accepted"
