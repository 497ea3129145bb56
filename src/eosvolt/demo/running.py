"""The demo while it runs: what a newcomer is told, and the park over real connections."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from rich.console import Console

from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.demo_bootstrap import send_commands
from eosvolt.adapters.simulator.demo_homes import HOME_PLANS, home_stations
from eosvolt.adapters.simulator.demo_operator import suppress_pause
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.park import Park, stations
from eosvolt.adapters.simulator.station import Station
from eosvolt.composition.office import Office
from eosvolt.composition.system import System
from eosvolt.demo.booked_visits import come_to_bookings
from eosvolt.demo.contents import WHY
from eosvolt.demo.customers import a_driver
from eosvolt.demo.people import Colleague
from eosvolt.demo.preparation import DemoLogin, derived, owner_of
from eosvolt.demo.staff import StaffLogin


def announce(
    system: System, console: Console, login: DemoLogin, colleagues: Sequence[Colleague], staff: StaffLogin
) -> None:
    """Tell a newcomer where to go."""
    settings = system.settings
    base = settings.base_url
    scheme, _, host = base.partition("://")
    chargers = [f"{'wss' if scheme == 'https' else 'ws'}://{host}/ocpp/{DEMO.company}"]
    if settings.tls_port:
        name = urlsplit(base).hostname or "localhost"
        chargers.append(f"wss://{name}:{settings.tls_port}/ocpp/{DEMO.company}")
    driver = a_driver()
    lines = [
        ("eosvolt is running at", f"[bold]{base}[/bold]"),
        ("sign in with", f"{login.email}  /  {login.password}"),
        *(
            ("" if at else "with the same password", f"{each.email}  ({each.about})")
            for at, each in enumerate(colleagues)
        ),
        ("API key", login.api_key),
        ("platform staff", f"{base}/platform  {staff.email}  /  {staff.password}"),
        ("drivers", f"{base}/drive  {driver}  (code: eosvolt driver-code {driver})"),
        ("chargers connect to", chargers[0]),
        *(("", each) for each in chargers[1:]),
    ]
    console.print()
    for what, value in lines:
        console.print(f"  {what:<23}{value}", highlight=False, soft_wrap=True)
    if not any(each.startswith("wss:") for each in chargers):
        console.print("  for wss (TLS)          set EOSVOLT_TLS_PORT=8443 and start again", highlight=False)
    console.print("  stop with Ctrl-C\n")


async def resume(office: Office) -> None:
    """Before a start: while the demo was switched off no charger could reach it."""
    plans = [*DEMO.plans.values(), *HOME_PLANS.values()]
    await suppress_pause(office.application, plans, office.clock.now(), WHY)


async def live(system: System, past: list[Station]) -> None:
    """Run the park over real connections until cancelled.

    On from its past, or from free plugs where there is none.
    """
    url, now = f"ws://{_reachable(system)}/ocpp/{DEMO.company}/", system.clock.now()
    passwords = await _passwords(system)
    await send_commands(system.operations, list(DEMO.plans.values()), await owner_of(system.application), now)
    if not past:
        wallet = Wallet([token.uid for token in DEMO.drivers], DEMO.invalid_cards)
        seed = int(now.timestamp())
        past = [*stations(DEMO.plans.values(), wallet, now, seed=seed), *home_stations(now, seed)]
    # Also the free ones did not lose their power: it was us who were away.
    park = Park(past, url, ParkClock(), passwords=passwords, started=True)
    await park.run(beside=come_to_bookings(system.application, system.clock, park))


async def _passwords(system: System) -> dict[str, str]:
    """The passwords of all chargers that have to give one, by charge box id.

    They are set at each start, because the simulated chargers forget those that were rotated meanwhile.
    """
    found = {}
    for charge_box_id in (*DEMO.plans, *HOME_PLANS):
        admission = await system.charging.admit(DEMO.company, charge_box_id)
        if admission is not None and admission.has_password:
            found[charge_box_id] = derived(system.settings, f"charger {charge_box_id}")
            await system.accounts.charger_passwords.set(admission.charge_point, found[charge_box_id])
    return found


def _reachable(system: System) -> str:
    host = system.settings.host
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not bound to
        host = "127.0.0.1" if host == "0.0.0.0" else "[::1]"  # noqa: S104 - as above
    return f"{host}:{system.settings.port}"
