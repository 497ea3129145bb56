"""The command ``eosvolt simulate``: a charger park."""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec
from rich.console import Console
from rich.live import Live
from rich.table import Table

from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.events import Delivery
from eosvolt.adapters.simulator.localhost_guard import require_local_address
from eosvolt.adapters.simulator.park import Park, ParkState, stations
from eosvolt.adapters.simulator.plans import ChargerPlan, Quirks, ordinary

QUIRKS = (
    Quirks(),
    Quirks(lower_case_tags=True),
    Quirks(kilowatt_hours=True),
    Quirks(phases_only=True),
    Quirks(session_relative=True),
    Quirks(without_transaction=True),
    Quirks(clock_off_s=-7_200),
)
DEFAULT_LEAD = timedelta(hours=24)
LINE_EVERY_S = 5.0
REDRAW_EVERY_S = 0.25


class SessionOutput(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One delivered session, as ``--json`` prints it."""

    charge_box_id: str
    plug: int
    token: str
    started_at: str
    energy_wh: int
    transaction: int | None = None
    ended_at: str = ""
    freed_at: str = ""
    reason: str = ""


def simulate(
    url: str,
    chargers: int | Sequence[str],
    *,
    prefix: str = "CP-",
    tokens: Sequence[str] = (),
    speed: float = 1.0,
    seed: int = 1,
    duration_s: float | None = None,
    password: str | None = None,
    busyness: float = 1.0,
    quirky: bool = False,
    as_json: bool = False,
) -> int:
    """Run a park until ``duration_s`` or Ctrl-C and print what it delivered.

    Charge box ids are appended to ``url``. ``chargers`` are those ids, or how many of them to count up after
    ``prefix``. With a ``speed`` above 1 the park's time starts in the past: so that it catches up at the end
    of ``duration_s``, or a day back where there is no end. ``quirky`` gives the chargers known protocol
    violations in turn. Returns the exit code: 0, or 1 where no charger ever got a connection. Raises
    ``NotHere`` for an address that is not this machine's and ``ValueError`` for a speed below 1.
    """
    require_local_address(url)
    ids = (
        [f"{prefix}{number}" for number in range(1, chargers + 1)] if isinstance(chargers, int) else chargers
    )
    behind = DEFAULT_LEAD if duration_s is None else timedelta(seconds=duration_s * (speed - 1))
    clock = ParkClock(speed, behind if speed > 1 else timedelta(0))
    wallet = Wallet(tokens or [token.uid for token in DEMO.drivers])
    plans = [_plan(url, charge_box_id, index, quirky=quirky) for index, charge_box_id in enumerate(ids)]
    park = Park(
        stations(plans, wallet, clock.now(), seed=seed, busyness=busyness), url, clock, password=password
    )
    console = Console(stderr=as_json)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_watch(park, console, duration_s))
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode([_line(one) for one in park.deliveries]) + b"\n")
    else:
        console.print(_table(park.deliveries))
    console.print(_sentence(park.state()), highlight=False, soft_wrap=True)
    return 0 if any(charger.connections for charger in park.chargers) else 1


def _plan(url: str, charge_box_id: str, index: int, *, quirky: bool) -> ChargerPlan:
    segment = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    company = int(segment) if segment.isascii() and segment.isdigit() else 0
    plan = DEMO.plans.get(charge_box_id) or ordinary(company, charge_box_id)
    return msgspec.structs.replace(plan, quirks=QUIRKS[index % len(QUIRKS)]) if quirky else plan


async def _watch(park: Park, console: Console, duration_s: float | None) -> None:
    """Run the park and print its state: one line that changes on a terminal, separate lines elsewhere."""
    show = asyncio.create_task(_redraw(park, console) if console.is_terminal else _report(park, console))
    try:
        await park.run(duration_s)
    finally:
        show.cancel()
        await asyncio.gather(show, return_exceptions=True)


async def _redraw(park: Park, console: Console) -> None:
    with Live(console=console, transient=True, auto_refresh=False) as live:
        while True:
            live.update(_sentence(park.state()), refresh=True)
            await asyncio.sleep(REDRAW_EVERY_S)


async def _report(park: Park, console: Console) -> None:
    while True:
        await asyncio.sleep(LINE_EVERY_S)
        console.print(_sentence(park.state()), highlight=False, soft_wrap=True)


def _sentence(state: ParkState) -> str:
    parts = [
        f"{state.at:%Y-%m-%d %H:%M:%S}Z",
        f"{state.connected}/{state.chargers} connected",
        f"{state.charging} charging at {state.power_w / 1_000:.1f} kW",
        f"{state.sessions} sessions with {state.energy_wh / 1_000:.1f} kWh",
        f"{state.waiting} messages waiting",
    ]
    if state.given_up:
        parts.append(f"{state.given_up} given up")
    return " · ".join([*parts, *state.problems])


def _line(one: Delivery) -> SessionOutput:
    return SessionOutput(
        charge_box_id=one.charge_box_id,
        plug=one.plug,
        token=one.token,
        started_at=one.started_at.isoformat(),
        energy_wh=one.energy_wh,
        transaction=one.transaction,
        ended_at=one.ended_at.isoformat() if one.ended_at else "",
        freed_at=one.freed_at.isoformat() if one.freed_at else "",
        reason=one.reason,
    )


def _table(deliveries: Sequence[Delivery]) -> Table:
    table = Table(title="Delivered sessions")
    for heading in ("session", "charger", "plug", "token", "started", "ended", "because"):
        table.add_column(heading)
    table.add_column("kWh", justify="right")
    for one in deliveries:
        table.add_row(
            "–" if one.transaction is None else str(one.transaction),
            one.charge_box_id,
            str(one.plug),
            one.token,
            f"{one.started_at:%d %b %H:%M:%S}",
            f"{one.ended_at:%d %b %H:%M:%S}" if one.ended_at else "running",
            one.reason,
            f"{one.energy_wh / 1_000:.3f}",
        )
    return table
