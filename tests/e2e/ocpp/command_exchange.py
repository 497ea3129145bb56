"""Commands through the API, and the frames that the charger receives for them."""

import asyncio
from typing import Any
from urllib.parse import quote

import orjson

from tests.e2e.ocpp.charger import Charger
from tests.e2e.ocpp.site import COMPANY, SETTLED, Site

RESET = {"type": "reset"}
READ = {"type": "getConfiguration", "key": ["HeartbeatInterval"]}
CLEAR = {"type": "clearCache"}
SETTINGS = {"configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}]}


async def request_command(
    site: Site, body: dict[str, Any], name: str = "CP", key: str = "", company: int = COMPANY, **query: Any
) -> str:
    """Ask for a command and return its id; ``key`` is an ``Idempotency-Key``."""
    headers = {"Idempotency-Key": key} if key else {}
    place = f"/chargers/{quote(site.box(name), safe='')}/commands"
    post = site.api(company).client.post
    answer = await asyncio.to_thread(post, place, json=body, params=query, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def view(site: Site, command: str, name: str = "CP") -> dict[str, Any]:
    """The command as it is now."""
    place = f"/chargers/{quote(site.box(name), safe='')}/commands/{command}"
    found: dict[str, Any] = await asyncio.to_thread(site.api().get, place)
    return found


async def outcome(
    site: Site, command: str, *states: str, name: str = "CP", patience: float = 30.0
) -> dict[str, Any]:
    """The command once it is in one of ``states``, or in any that ends it."""
    async with asyncio.timeout(patience):
        while (found := await view(site, command, name))["state"] not in (states or SETTLED):
            await asyncio.sleep(0.05)
    return found


async def received_call(cp: Charger, action: str) -> str:
    """The charger hears a CALL of this action next; returns its id."""
    kind, id_, heard, _ = await cp.receive()
    assert (kind, heard) == (2, action)
    return str(id_)


async def answer(cp: Charger, id_: str, payload: dict[str, Any] | None = None, **fields: Any) -> None:
    """The charger's CALLRESULT."""
    await cp.say(orjson.dumps([3, id_, fields if payload is None else payload]).decode())


async def heartbeat(cp: Charger) -> None:
    """The charger's connection has been taken note of, and nothing else was said to it."""
    await cp.call("Heartbeat")
