"""Files that a simulated charger hands over: its diagnostics and its logs."""

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx2
from ocpp.v16 import call

from eosvolt.adapters.simulator.memory import Memory
from eosvolt.adapters.simulator.this_machine import NotHere, require_this_machine

DIAGNOSTICS, LOG = "diagnostics", "log"
PATIENCE_S = 30.0
WEB = ("http", "https")


def name(memory: Memory, kind: str) -> str:
    """What the file is called."""
    return f"{memory.station.plan.charge_box_id}-{kind}-{memory.clock.now():%Y%m%dT%H%M%SZ}.log"


async def diagnose(memory: Memory, location: str, called: str, since: datetime | None) -> None:
    """Hand over diagnostics."""

    def say(status: str) -> None:
        memory.news(DIAGNOSTICS, call.DiagnosticsStatusNotification(status=status))

    say("Uploading")
    say("Uploaded" if await _handed_over(location, called, _diagnostics(memory, since)) else "UploadFailed")


async def log(memory: Memory, location: str, called: str, since: datetime | None, request: int) -> None:
    """Hand over a log."""

    def say(status: str) -> None:
        memory.news(LOG, call.LogStatusNotification(status=status, request_id=request))

    say("Uploading")
    say("Uploaded" if await _handed_over(location, called, _diagnostics(memory, since)) else "UploadFailure")


async def _handed_over(location: str, called: str, text: str) -> bool:
    """Put the file where it belongs; false where that is elsewhere or nobody takes it."""
    try:
        await asyncio.to_thread(require_this_machine, location, WEB)
        async with httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
            place = f"{location.rstrip('/')}/{quote(called, safe='')}"
            answer = await client.put(
                place, content=text.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
            )
    except (NotHere, httpx2.HTTPError, httpx2.InvalidURL, OSError):
        return False
    return bool(answer.is_success)


def _diagnostics(memory: Memory, since: datetime | None) -> str:
    plan, now = memory.station.plan, memory.clock.now()
    lines = [
        f"{now:%Y-%m-%dT%H:%M:%SZ} {plan.vendor} {plan.model} {plan.charge_box_id}",
        f"firmware {memory.wire.firmware}, local list {memory.local_list.version}",
        *(f"setting {one['key']}={one.get('value', '…')}" for one in memory.configuration.read([])[0]),
        *(f"last said of {kind}: {_line(said)}" for kind, said in memory.said.items()),
    ]
    for plug in memory.station.plugs.values():
        lines.append(f"plug {plug.spec.number} {plug.status.value} register {plug.register_wh} Wh")
        lines += [
            f"{each.started_at:%Y-%m-%dT%H:%M:%SZ} plug {each.plug} card {each.token} {each.energy_wh} Wh"
            for each in plug.deliveries
            if since is None or each.started_at >= since
        ]
    return "\n".join(lines) + "\n"


def _line(said: Any) -> str:  # noqa: ANN401 - a message of the package
    return f"{type(said).__name__} {said.status}"
