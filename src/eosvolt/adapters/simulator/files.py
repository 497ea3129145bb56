"""The uploads of a simulated charger: diagnostics and logs."""

import asyncio
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx2
from ocpp.v16 import call

from eosvolt.adapters.simulator.localhost_guard import NotHere, require_local_address
from eosvolt.adapters.simulator.persistent_state import PersistentState

DIAGNOSTICS, LOG = "diagnostics", "log"
PATIENCE_S = 30.0
WEB = ("http", "https")


def name(state: PersistentState, kind: str) -> str:
    """The file's name."""
    return f"{state.station.plan.charge_box_id}-{kind}-{state.clock.now():%Y%m%dT%H%M%SZ}.log"


async def diagnose(state: PersistentState, location: str, called: str, since: datetime | None) -> None:
    """Upload diagnostics and report the status (OCPP 1.6 §4.4)."""

    def say(status: str) -> None:
        state.news(DIAGNOSTICS, call.DiagnosticsStatusNotification(status=status))

    say("Uploading")
    say("Uploaded" if await _handed_over(location, called, _diagnostics(state, since)) else "UploadFailed")


async def log(
    state: PersistentState, location: str, called: str, since: datetime | None, request: int
) -> None:
    """Upload a log and report the status (OCPP 1.6 security whitepaper §5.13)."""

    def say(status: str) -> None:
        state.news(LOG, call.LogStatusNotification(status=status, request_id=request))

    say("Uploading")
    say("Uploaded" if await _handed_over(location, called, _diagnostics(state, since)) else "UploadFailure")


async def _handed_over(location: str, called: str, text: str) -> bool:
    """Upload the file by HTTP PUT. Returns False for another machine's address and where it is refused."""
    try:
        await asyncio.to_thread(require_local_address, location, WEB)
        async with httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
            place = f"{location.rstrip('/')}/{quote(called, safe='')}"
            answer = await client.put(
                place, content=text.encode(), headers={"Content-Type": "text/plain; charset=utf-8"}
            )
    except (NotHere, httpx2.HTTPError, httpx2.InvalidURL, OSError):
        return False
    return bool(answer.is_success)


def _diagnostics(state: PersistentState, since: datetime | None) -> str:
    plan, now = state.station.plan, state.clock.now()
    lines = [
        f"{now:%Y-%m-%dT%H:%M:%SZ} {plan.vendor} {plan.model} {plan.charge_box_id}",
        f"firmware {state.encoder.firmware}, local list {state.local_list.version}",
        *(f"setting {one['key']}={one.get('value', '…')}" for one in state.configuration.read([])[0]),
        *(
            f"last status of {kind}: {_line(last_messages)}"
            for kind, last_messages in state.last_messages.items()
        ),
    ]
    for plug in state.station.plugs.values():
        lines.append(f"plug {plug.spec.number} {plug.status.value} register {plug.register_wh} Wh")
        lines += [
            f"{each.started_at:%Y-%m-%dT%H:%M:%SZ} plug {each.plug} card {each.token} {each.energy_wh} Wh"
            for each in plug.deliveries
            if since is None or each.started_at >= since
        ]
    return "\n".join(lines) + "\n"


def _line(message: Any) -> str:  # noqa: ANN401 - a message of the package
    return f"{type(message).__name__} {message.status}"
