"""A charger that is held to the schema strictly, and what is known of it once it was asked for something."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.commanded import answer, outcome, wish
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


async def ask(site: Site, cp: Charger, body: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """Ask for a command, let the charger say this, and return what it was told."""
    command = await wish(site, body)
    _, id_, _, told = await cp.hear()
    await answer(cp, id_, said)
    await outcome(site, command)
    payload: dict[str, Any] = told
    return payload


def known(site: Site, what: str) -> Any:
    return site.api().get(f"/chargers/{quote(site.box(), safe='')}/{what}")
