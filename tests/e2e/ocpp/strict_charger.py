"""A charger with conformance ``strict``, and what the API shows of it after a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.command_exchange import answer, outcome, request_command
from tests.e2e.ocpp.site import Site

BOOT = {"chargePointVendor": "V", "chargePointModel": "M", "firmwareVersion": "1.0"}


@asynccontextmanager
async def strict(site: Site) -> AsyncIterator[Charger]:
    """A charger that has booted and whose messages are not repaired."""
    site.add_charger()
    place = f"/chargers/{quote(site.box(), safe='')}"
    changed = site.api().client.patch(place, json={"conformance": "strict"})
    assert changed.status_code == 200, changed.text
    async with charger(site.url()) as cp:
        await cp.call("BootNotification", **BOOT)
        yield cp


async def ask(site: Site, cp: Charger, body: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
    """Send a command, let the charger answer with ``response``, and return the payload that it received."""
    command = await request_command(site, body)
    _, id_, _, request = await cp.receive()
    await answer(cp, id_, response)
    await outcome(site, command)
    payload: dict[str, Any] = request
    return payload


def known(site: Site, what: str) -> Any:
    return site.api().get(f"/chargers/{quote(site.box(), safe='')}/{what}")
