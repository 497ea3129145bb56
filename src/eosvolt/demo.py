"""The demo.

Company 242 with its locations, chargers and customers, some weeks of history, and a park that goes on
charging. Everything is made by the system's own commands, as an operator and chargers would.
"""

import contextlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from eosvolt.adapters.simulator.caretaker import Operator, excuse_pause
from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.demo_park import DEMO, DemoLocation
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.first_day import ask
from eosvolt.adapters.simulator.history import HistoryClock, produce
from eosvolt.adapters.simulator.park import Park, stations
from eosvolt.adapters.simulator.station import Station
from eosvolt.application.charging import Charging
from eosvolt.application.registration import Owner, register_company
from eosvolt.composition.system import Office, System
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.companies.commands import IssueApiKey, RegisterCompany
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.locations.commands import AddLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.events import Details, LocationType
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus

WEEKS = 4
SEED = 242
WHY = Provenance(company=DEMO.company, by="system:demo", cause="set-up of the demo")


class Login(NamedTuple):
    """How to get into the demo."""

    email: str
    password: str
    api_key: str


class Demo(NamedTuple):
    """The demo as it was prepared.

    How to get in, and the chargers in the state that their past left them in.
    """

    login: Login
    past: list[Station]


async def prepare(system: System, console: Console) -> Demo:
    """See to it that the demo is there; the first time with a past of some weeks."""
    login = Login(DEMO.owner, _derived(system, "password")[:16], _api_key(system))
    state = await system.application.state(companies, str(DEMO.company))
    if not isinstance(state, Company):
        wish = RegisterCompany(company=DEMO.company, name=DEMO.name, owner="", at=system.clock.now())
        owner = Owner(login.email, "Demo Owner", login.password)
        await register_company(system.application, system.accounts, wish, owner)
    await issue_api_key(system, DEMO.company, "Demo key", login.api_key)
    if isinstance(state, Company):
        return Demo(login, [])
    await _furnish(system)
    with _history_bar(console) as show:
        past = await _live_through(system, show)
    await system.queries.settled(seconds=60)
    return Demo(login, past)


async def issue_api_key(office: Office, company: int, label: str, key: str) -> None:
    """Let a program with ``key`` speak for the company; nothing happens where it may already."""
    digest = sha256(key.encode()).hexdigest()
    issue = IssueApiKey(key_id=digest[:12], label=label, digest=digest, at=office.clock.now())
    why = Provenance(company=company, by="system:setup", cause="api key")
    await office.application.execute(companies, str(company), issue, why)


def announce(system: System, console: Console, login: Login) -> None:
    """Tell a newcomer where to go."""
    base = system.settings.base_url
    host = base.partition("://")[2]
    console.print()
    console.print(f"  eosvolt is running at  [bold]{base}[/bold]")
    console.print(f"  sign in with           {login.email}  /  {login.password}", highlight=False)
    console.print(f"  API key                {login.api_key}", highlight=False)
    console.print(
        f"  chargers connect to    wss://{host}/ocpp/{DEMO.company}  (with TLS in front)", highlight=False
    )
    console.print(f"                         ws://{host}/ocpp/{DEMO.company}", highlight=False)
    console.print("  stop with Ctrl-C\n")


async def resume(office: Office) -> None:
    """Before a start: while the demo was switched off no charger could reach it."""
    await excuse_pause(office.application, list(DEMO.plans.values()), office.clock.now(), WHY)


async def live(system: System, past: list[Station]) -> None:
    """Run the park over real connections until cancelled.

    On from its past, or from free plugs where there is none.
    """
    url, now = f"ws://{_reachable(system)}/ocpp/{DEMO.company}/", system.clock.now()
    passwords = await _passwords(system)
    await ask(system.commanding, list(DEMO.plans.values()), await _owner(system), now)
    if not past:
        wallet = Wallet([token.uid for token in DEMO.drivers], DEMO.strangers)
        past = stations(DEMO.plans.values(), wallet, now, seed=int(now.timestamp()))
    # Also the free ones did not lose their power: it was us who were away.
    await Park(past, url, ParkClock(), passwords=passwords, started=True).run()


async def _passwords(system: System) -> dict[str, str]:
    """The passwords of all chargers that have to give one, by charge box id.

    They are set at each start, because the simulated chargers forget those that were rotated meanwhile.
    """
    found = {}
    for charge_box_id in DEMO.plans:
        admission = await system.charging.admit(DEMO.company, charge_box_id)
        if admission is not None and admission.has_password:
            found[charge_box_id] = _derived(system, f"charger {charge_box_id}")
            await system.accounts.charger_passwords.set(admission.charge_point, found[charge_box_id])
    return found


def _reachable(system: System) -> str:
    host = system.settings.host
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not bound to
        host = "127.0.0.1" if host == "0.0.0.0" else "[::1]"  # noqa: S104 - as above
    return f"{host}:{system.settings.port}"


async def _furnish(system: System) -> None:
    """Locations, chargers and tokens, dated before the history begins."""
    at = system.clock.now() - timedelta(weeks=WEEKS, days=1)
    for place in DEMO.locations:
        await system.application.execute(locations, _location_id(place.name), _location(place, at), WHY)
    for charger in DEMO.chargers:
        plan = charger.plan
        specs = tuple(ConnectorSpec(plug.number, plug.type, plug.max_power_w) for plug in plan.plugs)
        add = AddChargePoint(
            company=DEMO.company,
            charge_box_id=plan.charge_box_id,
            location=_location_id(charger.location),
            connectors=specs,
            at=at,
            has_password=not charger.open,
        )
        await system.application.execute(charge_points, plan.key, add, WHY)
    for token in DEMO.tokens:
        put = PutToken(
            company=DEMO.company,
            uid=token.uid,
            at=at,
            status=TokenStatus(token.status),
            group=token.group,
            label=token.label,
        )
        await system.application.execute(tokens, f"{DEMO.company}/{token.uid}", put, WHY)


def _location(place: DemoLocation, at: datetime) -> AddLocation:
    return AddLocation(
        location=_location_id(place.name),
        company=DEMO.company,
        at=at,
        details=Details(
            name=place.name,
            type=LocationType(place.type),
            address=place.address,
            latitude=place.latitude,
            longitude=place.longitude,
        ),
        tariff=place.tariff,
    )


def _location_id(name: str) -> str:
    return sha256(f"{DEMO.company}/{name}".encode()).hexdigest()[:16]


class Show:
    """Shows which share of the history is there."""

    def __init__(self, bar: Progress) -> None:
        """On ``bar``."""
        self._bar = bar
        self._task = bar.add_task(f"{WEEKS} weeks of charging", total=1.0)

    def __call__(self, share: float) -> None:
        """``share`` is between 0 and 1."""
        self._bar.update(self._task, completed=share)


async def _live_through(system: System, show: Show) -> list[Station]:
    """The weeks before today, told to the application as chargers would have told them."""
    told = Charging(system.application, system.numbers, HistoryClock(), system.queries)
    return await produce(
        told,
        list(DEMO.plans.values()),
        tokens=[token.uid for token in DEMO.drivers],
        strangers=DEMO.strangers,
        until=system.clock.now(),
        weeks=WEEKS,
        seed=SEED,
        operator=Operator(system.application, await _owner(system)),
        progress=show,
    )


async def _owner(system: System) -> str:
    """The demo's operator, as events name who did something."""
    company = await system.application.state(companies, str(DEMO.company))
    return f"admin:{company.owner}" if isinstance(company, Company) else WHY.by


@contextlib.contextmanager
def _history_bar(console: Console) -> Iterator[Show]:
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    if not console.is_terminal:
        console.print(f"Living through {WEEKS} weeks of charging …")
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        yield Show(bar)


def _api_key(system: System) -> str:
    return system.settings.demo_api_key or f"eosvolt_demo_{_derived(system, 'api key')}"


def _derived(system: System, purpose: str) -> str:
    """A secret of this installation that is the same at every start."""
    return hmac.new(system.settings.secret().encode(), f"demo {purpose}".encode(), sha256).hexdigest()[:40]
